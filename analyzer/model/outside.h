#ifndef CT_MODEL_OUTSIDE_H
#define CT_MODEL_OUTSIDE_H
/*
 * What the kernel says of a program that lives, at the time of a look: which of its waits may be
 * ended by processes that are not recorded. The trace tells what its own processes share and hand
 * on; who else has it, only the kernel knows.
 *
 * Filled by live/strangers.h. Nobody can ask of a dead program.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_thread;

/* A thread that waits. */
struct ct_outside_wait {
	uint32_t process, thread; /* numbers in the trace */
	uint64_t since;		  /* clock ticks: names the wait */
	bool shared;  /* what it waits for lies in memory that processes may share ... */
	bool reached; /* ... and one that is not recorded has that memory as well */
};

struct ct_outside {
	bool asked;   /* a wait that is not listed may be ended by anybody */
	bool stood;   /* who waits does so now, or did until the program was ended from outside */
	uint64_t now; /* clock ticks; 0: not known */
	struct ct_outside_wait *waits; /* by process, then thread */
	size_t wait_count, wait_cap;
	uint64_t *keys; /* of kernel objects that strangers have open: ct_kernel.h; sorted */
	size_t key_count, key_cap;
};

void ct_outside_fini(struct ct_outside *outside);

/* NULL: the thread did not wait, or not since then. */
const struct ct_outside_wait *ct_outside_wait_of(const struct ct_outside *outside,
						 const struct ct_thread *thread);
bool ct_outside_has_key(const struct ct_outside *outside, uint64_t key);

#endif
