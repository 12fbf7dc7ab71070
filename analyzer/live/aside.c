#include "live/aside.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static void *work(void *data)
{
	struct ct_aside *aside = data;

	aside->work(aside->data, &aside->unwanted);
	atomic_store(&aside->ended, true);
	kill(getpid(), SIGCHLD); /* then: whoever takes it finds the work ended */
	return NULL;
}

void ct_aside_begin(struct ct_aside *aside,
		    void (*function)(void *data, const atomic_bool *unwanted), void *data)
{
	aside->work = function;
	aside->data = data;
	atomic_store(&aside->unwanted, false);
	atomic_store(&aside->ended, false);
	aside->begun = pthread_create(&aside->thread, NULL, work, aside) == 0;
	if (!aside->begun)
		work(aside);
}

bool ct_aside_ended(struct ct_aside *aside)
{
	if (!atomic_load(&aside->ended))
		return false;
	ct_aside_drop(aside);
	atomic_store(&aside->ended, false);
	return true;
}

void ct_aside_drop(struct ct_aside *aside)
{
	atomic_store(&aside->unwanted, true);
	if (aside->begun)
		pthread_join(aside->thread, NULL);
	aside->begun = false;
}
