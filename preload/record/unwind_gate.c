#include "record/unwind_gate.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "sys/kernel.h"

/* Most waits are for one walk, 3 to 100 us. A holder that lost its processor needs the yields. */
#define SPINS 200
#define YIELDS 1000
#define SIGNAL(number) (UINT64_C(1) << ((number)-1))

/* What a fault in the recorder, the trap engine or a seccomp filter raises: if these are blocked,
 * the kernel kills the process instead. */
static const uint64_t held_back = ~(SIGNAL(SIGSEGV) | SIGNAL(SIGBUS) | SIGNAL(SIGILL) |
				    SIGNAL(SIGFPE) | SIGNAL(SIGTRAP) | SIGNAL(SIGSYS));

static uintptr_t owner; /* pthread_self() of the thread inside */

bool ct_unwind_gate_inside(void)
{
	return __atomic_load_n(&owner, __ATOMIC_RELAXED) == (uintptr_t)pthread_self();
}

static bool try_enter(uintptr_t self)
{
	uintptr_t nobody = 0;

	return __atomic_load_n(&owner, __ATOMIC_RELAXED) == 0 &&
	       __atomic_compare_exchange_n(&owner, &nobody, self, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static bool enter(void)
{
	uintptr_t self = (uintptr_t)pthread_self();

	if (ct_unwind_gate_inside())
		return false;
	for (int i = 0; i < SPINS; i++) {
		if (try_enter(self))
			return true;
		__builtin_ia32_pause();
	}
	for (int i = 0; i < YIELDS; i++) {
		if (try_enter(self))
			return true;
		ct_sys_yield();
	}
	return false;
}

static void set_signals(uint64_t signals)
{
	CT_SYS(SYS_rt_sigprocmask, SIG_SETMASK, &signals, NULL, sizeof(signals), 0, 0);
}

bool ct_unwind_gate_enter(uint64_t *out_signals)
{
	CT_SYS(SYS_rt_sigprocmask, SIG_BLOCK, &held_back, out_signals, sizeof(held_back), 0, 0);
	if (enter())
		return true;
	set_signals(*out_signals);
	return false;
}

void ct_unwind_gate_leave(uint64_t signals)
{
	__atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
	set_signals(signals);
}

void ct_unwind_gate_hold(void)
{
	enter();
}

bool ct_unwind_gate_free(void)
{
	uintptr_t inside = __atomic_load_n(&owner, __ATOMIC_RELAXED);

	/* left alone when nobody is inside: another thread may be entering */
	if (inside != (uintptr_t)pthread_self())
		return inside == 0;
	__atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
	return true;
}
