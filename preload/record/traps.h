#ifndef CT_RECORD_TRAPS_H
#define CT_RECORD_TRAPS_H
/*
 * What recorder and hooks tell the trap engine (access/trap, which they may not include), and ask
 * it. docs/trapped-races.md.
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "format/ct_trap.h"

struct ct_trap_calls {
	/* The process is about to get a second thread, or (`memory`) has memory that other
	 * processes may write to as well: traps are planted now, if not before. Any thread; keeps
	 * errno. */
	void (*company)(bool memory);
	/* The calling thread goes on in a forked child, with its recorder. Async-signal-safe. */
	void (*forked)(void);
	/* The thread is a vfork child, or no longer: it shares memory and stands for its parent. */
	void (*borrowed)(bool begins);
	/* Takes out all traps for good; the reports say why. Async-signal-safe. */
	void (*aside)(enum ct_trap_aside why);
	/* The program changes what may be done to these pages, or (PROT_NONE) unmaps them. Before
	 * it does. */
	void (*pages_change)(const void *start, size_t size, int protection);
	/* Libraries may be unloaded; afterwards: no longer. The calls may nest. */
	void (*unloading)(bool begins);
	/* A SIGTRAP has come: false if it is none of the engine's. In the signal handler. */
	bool (*handle)(siginfo_t *info, ucontext_t *context);
	/* Where a signal interrupted the program: an address in a copy of an instruction becomes
	 * the one that it was copied from. For the program's own signal handlers. True: it stood
	 * behind a trap, for which there was no stack. */
	bool (*hide)(ucontext_t *context);
	/* Whether the descriptor is one of the engine's, which the program does not know. */
	bool (*owns)(int fd);
	/* The program is about to put others in the place of descriptors in this range, or to close
	 * all of it: the engine gives up its own. */
	void (*closing)(unsigned first, unsigned last);
	/* The process ends, or this program in it: writes CT_EV_ACCESS_TRAPS. */
	void (*ends)(void);
};

/* NULL: this process has no traps and will have none. Set before main(), never changed. */
extern const struct ct_trap_calls *ct_traps;

#endif
