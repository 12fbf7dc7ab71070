/* A buffer is copied while another thread fills it. */
#include <string.h>

#include "race.h"

char buffer[64];
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fill(void)
{
	pthread_mutex_lock(&lock);
	buffer[40] = 'x';
	pthread_mutex_unlock(&lock);
}

static void copy(void)
{
	char own[64];

#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	memcpy(own, buffer, sizeof(own));
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
	race_use(own[40]);
}

int main(void)
{
	race_run(fill, copy);
	return race_end();
}
