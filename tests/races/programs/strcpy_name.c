/* A string is copied by libc into what another thread reads. */
#include <string.h>

#include "race.h"

char name[32] = "nobody";
const char *volatile new_name = "somebody else";
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void rename_it(void)
{
	const char *source = new_name;

	pthread_mutex_lock(&lock);
	strcpy(name, source);
	pthread_mutex_unlock(&lock);
}

static void greet(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	race_use(name[2]);
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

int main(void)
{
	race_run(rename_it, greet);
	return race_end();
}
