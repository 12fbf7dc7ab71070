#ifndef CT_FORMAT_CT_STEER_H
#define CT_FORMAT_CT_STEER_H
/*
 * `.live/steer`: one struct ct_steer, made by the first process of a run with `perturb=` or
 * `steer=`, mapped by all of them, and read by whoever wants to know what came of it: it stays
 * until `.live/` is removed.
 */
#include "format/ct_live.h"
#include "format/ct_plan.h"

#define CT_STEER_FILE "/" CT_LIVE_DIR "/steer"
#define CT_STEER_MAGIC 0x52545343u /* "CSTR"; written last */
#define CT_STEER_THRASHES 3u	   /* these end the steering */

enum ct_steer_outcome {
	CT_STEER_OFF = 0,     /* no plan, or one that could not be read */
	CT_STEER_WAITING = 1, /* not all have come to their stops yet */
	CT_STEER_MET = 2,     /* all stood at their stops and were let go together; goes on */
	/* The steering is over, maybe after all had met (`turn`): */
	CT_STEER_TIMED_OUT = 3, /* a thread stood for timeout_ms */
	CT_STEER_THRASHED = 4,	/* those who stood kept all others back, again and again */
};

enum ct_steer_stand {
	CT_STAND_AWAY = 0,
	CT_STAND_GATE = 1,   /* is held at its gate */
	CT_STAND_PASSED = 2, /* was let through, is on the way to its stop */
	CT_STAND_STOP = 3,   /* is held at its stop */
};

/* An entry of the plan. */
struct ct_steer_thread {
	uint64_t owner;	  /* process number << 32 | tid of who stands for it, 0: nobody */
	uint32_t stand;	  /* enum ct_steer_stand | turn << CT_STAND_BITS of who is held */
	uint32_t arrived; /* how often somebody was held at the stop */
};

#define CT_STAND_BITS 8

/* Nothing here is ever locked: its user may be killed. */
struct ct_steer {
	uint32_t magic, version; /* CT_STEER_MAGIC, CT_PLAN_VERSION */
	uint32_t perturb;	 /* 1: random delays, with `seed` */
	uint32_t outcome;	 /* enum ct_steer_outcome */
	uint64_t seed;
	struct ct_plan plan;
	uint32_t turn;	   /* counts how often all stood at their stops and were let go */
	uint32_t thrashes; /* how often one of them was let go for the sake of the others */
	uint64_t progress; /* sync points passed by all threads */
	struct ct_steer_thread thread[CT_PLAN_THREADS_MAX];
	uint64_t main_path[CT_PROCESS_SLOTS]; /* of main threads, by process number modulo */
};

#endif
