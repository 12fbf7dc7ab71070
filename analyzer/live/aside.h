#ifndef CT_LIVE_ASIDE_H
#define CT_LIVE_ASIDE_H
/*
 * Work that takes long, in a thread of its own, so that whoever wants it stays ready for signals.
 *
 * One at a time, and its owner keeps away from what it works on until ct_aside_ended() says so.
 * When it ends, the process gets a SIGCHLD, which the owner waits for anyway: as if a child had
 * ended. Signals that the owner has blocked stay blocked in the thread.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct ct_aside {
	pthread_t thread;
	/* `unwanted` becomes true when nobody waits for it any more. */
	void (*work)(void *data, const atomic_bool *unwanted);
	void *data;
	atomic_bool unwanted, ended;
	bool begun; /* and not ended, as far as its owner knows */
};

/* Zeroed before; where no thread can be had the work is done at once. */
void ct_aside_begin(struct ct_aside *aside, void (*work)(void *data, const atomic_bool *unwanted),
		    void *data);

/* Whether it has ended since it was begun; true once. */
bool ct_aside_ended(struct ct_aside *aside);

/* Waits for its end, if it was begun: soon, as it is told that nobody wants it. */
void ct_aside_drop(struct ct_aside *aside);

#endif
