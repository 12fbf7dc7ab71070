/*
 * Static initialisers of everything that has one; none is destroyed, as none has to be.
 */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t writers_first = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int begun, done;

static void begin(void)
{
	pthread_mutex_lock(&checking);
	begun = 1;
	pthread_mutex_unlock(&checking);
}

static void *use_all(void *unused)
{
	pthread_once(&once, begin);
	pthread_mutex_lock(&recursive);
	pthread_mutex_lock(&recursive);
	pthread_mutex_unlock(&recursive);
	pthread_mutex_unlock(&recursive);
	pthread_mutex_lock(&adaptive);
	pthread_mutex_unlock(&adaptive);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_wrlock(&writers_first);
	pthread_rwlock_unlock(&writers_first);
	pthread_mutex_lock(&mutex);
	done = 2;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&mutex);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, use_all, NULL);
	pthread_mutex_lock(&mutex);
	while (done < 2)
		pthread_cond_wait(&ready, &mutex);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
	use_all(NULL);
	return 0;
}
