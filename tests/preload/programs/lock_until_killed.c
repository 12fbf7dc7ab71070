/*
 * Locks and unlocks until it is killed, and counts the pairs in a file that both it and its killer
 * map: lock_until_killed COUNTER_FILE
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR) : -1;
	volatile uint64_t *pairs =
		mmap(NULL, sizeof(*pairs), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd < 0 || pairs == MAP_FAILED)
		return 1;
	for (;;) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		++*pairs;
	}
}
