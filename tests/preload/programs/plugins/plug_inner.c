#include <pthread.h>

int inner(void);

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

int inner(void)
{
	pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
	return 42;
}
