/*
 * A forked child makes the locks anew that it has copies of, held or not; a place in a pool holds
 * one mutex after the other, with and without an initialiser. Each is unlocked as often as locked.
 */
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t place;

static void use(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
}

static int use_after_fork(void)
{
	pid_t child;

	pthread_mutex_lock(&table);
	child = fork();
	if (child == 0) {
		table = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
		use(&table);
		_exit(0);
	}
	pthread_mutex_unlock(&table);
	return waitpid(child, NULL, 0) != child;
}

static void use_again(void)
{
	pthread_mutex_init(&place, NULL);
	use(&place);
	pthread_mutex_destroy(&place);
	place = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	use(&place);
	memset(&place, 0, sizeof(place));
	use(&place);
}

int main(void)
{
	use_again();
	use_again();
	return use_after_fork();
}
