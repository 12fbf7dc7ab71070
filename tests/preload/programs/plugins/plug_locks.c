/*
 * Built several times, with another FUNCTION and BOTH each: libraries whose code has the same
 * addresses if they are loaded at the same place, and differs by its names alone.
 */
#include <pthread.h>

#ifndef FUNCTION
#define FUNCTION plug_locks
#define BOTH plug_both
#endif

static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;

/* Takes the mutex that is given and the library's own, in the one order or the other. */
void FUNCTION(pthread_mutex_t *given, int own_first);

void FUNCTION(pthread_mutex_t *given, int own_first)
{
	pthread_mutex_lock(own_first ? &own : given);
	pthread_mutex_lock(own_first ? given : &own);
	pthread_mutex_unlock(own_first ? given : &own);
	pthread_mutex_unlock(own_first ? &own : given);
}

/* Takes two that are given. */
void BOTH(pthread_mutex_t *first, pthread_mutex_t *second, void (*inside)(void));

void BOTH(pthread_mutex_t *first, pthread_mutex_t *second, void (*inside)(void))
{
	pthread_mutex_lock(first);
	inside();
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}
