#ifndef CT_HOOKS_UNSAFE_H
#define CT_HOOKS_UNSAFE_H
/*
 * Calls that a signal handler must not make, as what it interrupted may be in the middle of one:
 * of the heap, of stdio, exit, syslog.
 *
 * Their hooks look at one thread-local byte. It is 0 in a thread that has not set a handler and
 * runs none. A handler that may have interrupted anything makes it not 0: each function it calls is
 * noted once. So does whoever sets a handler, until the thread has called such a function outside
 * of handlers: that tells whether the handler can come in the middle of one.
 */
#include <stdint.h>
#include <ucontext.h>

#include "format/ct_unsafe.h"
#include "hooks/call.h"

/* What was so before a handler began. */
struct ct_unsafe_run {
	uint64_t noted[2];    /* functions; bit 0 of the first: none */
	uintptr_t frame, low; /* of the entry; of the alternate stack that it is on, or 0 */
	uint64_t signal;      /* a bit */
	uint8_t watch;
};

extern __thread uint8_t ct_unsafe_watch __attribute__((tls_model("initial-exec")));

void ct_unsafe_called(enum ct_unsafe_call which, uintptr_t pc, uintptr_t sp);

/* In the hook itself, for its CT_CALLER, before the real call. */
#define CT_UNSAFE(name)                                                                            \
	(CT_UNLIKELY(ct_unsafe_watch) ? ct_unsafe_called(CT_UNSAFE_##name, CT_CALLER) : (void)0)

/* The thread sets a handler. */
void ct_unsafe_arm(void);
/* A handler begins, whose frame is `frame`; ct_unsafe_leave() is to get `out_before` when that
 * frame ends. `context` NULL: what it calls is not noted. */
void ct_unsafe_enter(struct ct_unsafe_run *out_before, int signal, const ucontext_t *context,
		     uintptr_t frame);
void ct_unsafe_leave(struct ct_unsafe_run *before);

#endif
