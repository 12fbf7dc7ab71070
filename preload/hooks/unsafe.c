#include "hooks/unsafe.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <signal.h>

#include "record/thread.h"
#include "sys/kernel.h"

/* Why ct_unsafe_watch is not 0. */
enum { ARMED = 1, IN_HANDLER = 2 };

/* Calls outside of handlers that are looked at, since the last handler was set: a program may block
 * its signals around the first few, and each costs a system call. */
#define LOOKS 8u

__thread uint8_t ct_unsafe_watch __attribute__((tls_model("initial-exec")));

/* Of the thread. `open`: signals that were not blocked in such a call. */
static __thread struct {
	struct ct_unsafe_run run; /* the innermost handler; only while it is watched */
	uint64_t open;
	uint32_t looks;
} self __attribute__((tls_model("initial-exec")));

void ct_unsafe_arm(void)
{
	if (ct_unsafe_watch & IN_HANDLER)
		return;
	self.open = 0;
	self.looks = 0;
	ct_unsafe_watch = ARMED;
}

static bool is_in(const struct link_map *map, uintptr_t code)
{
	struct dl_find_object found;

	return _dl_find_object((void *)code, &found) == 0 && found.dlfo_link_map == map;
}

/* libc and the loader call such functions for their own purposes, within others. */
static bool is_of_libc(uintptr_t pc)
{
	struct dl_find_object caller;

	return _dl_find_object((void *)pc, &caller) == 0 &&
	       (is_in(caller.dlfo_link_map, (uintptr_t)gnu_get_libc_version) ||
		is_in(caller.dlfo_link_map, (uintptr_t)_dl_find_object));
}

/* A handler that jumped away was not seen to return: the stack is above it now. */
static bool was_left(uintptr_t sp)
{
	return sp > self.run.frame || sp < self.run.low;
}

static void look(void)
{
	uint64_t blocked = 0;

	if (ct_self == &ct_recorder_off) /* it may not call the kernel */
		return;
	CT_SYS(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, sizeof(blocked), 0, 0);
	self.open |= ~blocked;
	if (++self.looks == LOOKS)
		ct_unsafe_watch = 0;
}

static void note(enum ct_unsafe_call which, uintptr_t pc, uintptr_t sp)
{
	uint64_t bit = UINT64_C(1) << which % 64, *noted = &self.run.noted[which / 64];

	if (*noted & bit || is_of_libc(pc))
		return;
	*noted |= bit;
	ct_call_event(CT_EV_UNSAFE_CALL, 0, which,
		      (self.open & self.run.signal ? CT_UNSAFE_OPEN : 0u) |
			      (self.run.low ? CT_UNSAFE_ON_ALTERNATE : 0u),
		      pc, sp);
	/* what it has the program's functions do is in the handler because of it */
	if (which == CT_UNSAFE_exit)
		ct_unsafe_watch = 0;
}

void ct_unsafe_called(enum ct_unsafe_call which, uintptr_t pc, uintptr_t sp)
{
	if (ct_unsafe_watch & IN_HANDLER && was_left(sp))
		ct_unsafe_watch = ARMED;
	if (ct_unsafe_watch & IN_HANDLER)
		note(which, pc, sp);
	else
		look();
}

void ct_unsafe_enter(struct ct_unsafe_run *out_before, int signal, const ucontext_t *context,
		     uintptr_t frame)
{
	uintptr_t low = 0;

	*out_before = self.run;
	out_before->watch = ct_unsafe_watch;
	ct_unsafe_watch = 0;
	if (!context)
		return;
	if (context->uc_stack.ss_size &&
	    frame - (uintptr_t)context->uc_stack.ss_sp < context->uc_stack.ss_size)
		low = (uintptr_t)context->uc_stack.ss_sp;
	self.run = (struct ct_unsafe_run){
		.frame = frame, .low = low, .signal = UINT64_C(1) << (signal - 1) % 64};
	ct_unsafe_watch = IN_HANDLER;
}

void ct_unsafe_leave(struct ct_unsafe_run *before)
{
	self.run = *before;
	ct_unsafe_watch = before->watch;
	if (!ct_unsafe_watch && self.looks < LOOKS)
		ct_unsafe_watch = ARMED;
}
