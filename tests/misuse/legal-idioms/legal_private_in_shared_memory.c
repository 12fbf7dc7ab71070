/*
 * Locks without the process-shared attribute that lie in memory which two processes share, but each
 * is used by one of them only; and locks in private memory that both inherited: those are copies.
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct own {
	pthread_mutex_t mutex;
	pthread_rwlock_t rwlock;
	pthread_cond_t cond;
	sem_t semaphore;
};

static pthread_mutex_t inherited = PTHREAD_MUTEX_INITIALIZER;

static void use(struct own *own)
{
	pthread_mutex_lock(&inherited);
	pthread_mutex_init(&own->mutex, NULL);
	pthread_rwlock_init(&own->rwlock, NULL);
	pthread_cond_init(&own->cond, NULL);
	sem_init(&own->semaphore, 0, 1);
	pthread_mutex_lock(&own->mutex);
	pthread_cond_signal(&own->cond);
	pthread_mutex_unlock(&own->mutex);
	pthread_rwlock_rdlock(&own->rwlock);
	pthread_rwlock_unlock(&own->rwlock);
	sem_wait(&own->semaphore);
	sem_post(&own->semaphore);
	pthread_mutex_unlock(&inherited);
}

int main(void)
{
	struct own *owns = mmap(NULL, 2 * sizeof *owns, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 1;

	pid_t child = fork();
	if (child == 0) {
		use(&owns[1]);
		_exit(0);
	}
	use(&owns[0]);
	waitpid(child, &status, 0);
	return status;
}
