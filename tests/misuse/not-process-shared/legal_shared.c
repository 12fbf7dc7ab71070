/* Legal: mutex, condition and semaphore lie in shared memory and are initialised for it. */
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t lock;
	pthread_cond_t full;
	sem_t taken;
	int value;
};

static void init(struct shared *shared)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->lock, &mutex);
	pthread_mutexattr_destroy(&mutex);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&shared->full, &cond);
	pthread_condattr_destroy(&cond);
	sem_init(&shared->taken, 1, 0);
}

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	init(shared);
	child = fork();
	if (child == 0) {
		pthread_mutex_lock(&shared->lock);
		shared->value = 1;
		pthread_cond_signal(&shared->full);
		pthread_mutex_unlock(&shared->lock);
		sem_wait(&shared->taken);
		_exit(0);
	}
	pthread_mutex_lock(&shared->lock);
	while (!shared->value)
		pthread_cond_wait(&shared->full, &shared->lock);
	pthread_mutex_unlock(&shared->lock);
	sem_post(&shared->taken);
	waitpid(child, NULL, 0);
	sem_destroy(&shared->taken);
	pthread_cond_destroy(&shared->full);
	pthread_mutex_destroy(&shared->lock);
	return 0;
}
