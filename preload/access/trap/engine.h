#ifndef CT_ACCESS_TRAP_ENGINE_H
#define CT_ACCESS_TRAP_ENGINE_H
/* What the engine's life (trap.c) and what happens at a trap (take.c) know of each other. */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "access/trap/site.h"

enum ct_engine_phase {
	CT_ENGINE_ASLEEP,  /* nobody can race yet */
	CT_ENGINE_LOOKING, /* a thread finds sites */
	CT_ENGINE_RUNS,
	CT_ENGINE_ASIDE, /* no traps, or no more */
};

struct ct_engine {
	uint32_t phase; /* enum ct_engine_phase */
	uint32_t why;	/* enum ct_trap_aside */
	bool alone;	/* a forked child with one thread, and no memory that others may write to */
	uint64_t traps; /* taken */
	struct ct_sites sites;
};

extern struct ct_engine ct_engine;

/* Not 0: the calling thread is a vfork child. It stands in its parent's memory and thread-local
 * storage, and may change nothing there. */
extern __thread int ct_engine_borrowed __attribute__((tls_model("initial-exec")));

/* As in struct ct_trap_calls. */
bool ct_take_signal(siginfo_t *info, ucontext_t *context);
bool ct_take_hide(ucontext_t *context);
void ct_engine_aside(enum ct_trap_aside why);
/* Of the clock: a millisecond or so of processor time has gone by. */
void ct_take_tick(void);

#endif
