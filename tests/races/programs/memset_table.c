/* A table is cleared while another thread reads it. The length is not known when it is compiled. */
#include <string.h>

#include "race.h"

int table[128];
volatile size_t length = sizeof(table);
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void clear(void)
{
	size_t bytes = length;

	pthread_mutex_lock(&lock);
	memset(table, 0, bytes);
	pthread_mutex_unlock(&lock);
}

static void look(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	race_use(table[100]);
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

int main(void)
{
	race_run(clear, look);
	return race_end();
}
