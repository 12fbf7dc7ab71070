#ifndef CT_STEER_SELF_H
#define CT_STEER_SELF_H
/*
 * Who a thread is, in terms that are the same in another run: how it was created (ct_plan.h), and
 * how many sync points it has passed.
 */
#include <stdbool.h>
#include <stdint.h>

#include "format/ct_steer.h"

struct ct_steer_self {
	uint64_t path;
	uint64_t index;		 /* sync points passed; those of signal handlers do not count */
	uint64_t id;		 /* process number << 32 | tid */
	uint32_t process;	 /* its number, 0: nothing here is known yet */
	uint32_t threads, forks; /* made so far */
	uint32_t taken;		 /* semaphores taken and not posted */
	uint32_t position;	 /* n of its last step, as that thread or process of its maker */
	uintptr_t handler;	 /* frame of the outermost signal handler that runs, 0: none */

	/* delay.c */
	uint32_t changes; /* of its priority */
	uint32_t delayed_us;

	/* stand.c */
	uint64_t stood_ns;
	uint32_t entry; /* of the plan, from 1: the one it stands for; 0: none */
	uint32_t came[CT_PLAN_THREADS_MAX][2]; /* how often to the stop, the gate of each entry */
};

/* A sync point. */
struct ct_steer_point {
	uint16_t event;
	uint16_t effect; /* enum ct_effect */
	uint32_t held;	 /* locks */
	uint64_t object;
	uintptr_t pc, sp;
};

/* The path of the image's main thread. */
void ct_steer_begin_image(struct ct_steer *steer);
/* The calling thread, which is at this point; fills `held`. NULL: it must not be kept here, being
 * in a signal handler, a vfork child or at its end. */
struct ct_steer_self *ct_steer_self_at(struct ct_steer *steer, struct ct_steer_point *point);

#endif
