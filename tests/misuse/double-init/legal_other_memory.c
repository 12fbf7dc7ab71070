/*
 * The same address, but another object: on the stack of a function that is called again, in a block
 * that was freed, in a mapping that was made anew, on the stack of another thread.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

static void init(pthread_mutex_t *mutex)
{
	pthread_mutex_init(mutex, NULL);
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
}

static void *on_stack(void *unused)
{
	pthread_mutex_t mutex;

	init(&mutex);
	return unused;
}

static void on_heap(void)
{
	pthread_mutex_t *mutex = malloc(sizeof *mutex);

	init(mutex);
	free(mutex);
}

static void in_mapping(void)
{
	pthread_mutex_t *mutex =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	init(mutex);
	munmap(mutex, 4096);
}

int main(void)
{
	for (int i = 0; i < 4; i++) {
		pthread_t thread;

		on_stack(NULL);
		on_heap();
		in_mapping();
		pthread_create(&thread, NULL, on_stack, NULL);
		pthread_join(thread, NULL);
	}
	return 0;
}
