/*
 * Of wraps.def: the guards of C++ static objects. What the compiler puts before the call is an
 * atomic load of the guard's first byte, an acquire; the store that it pairs with is in the C++
 * library, and is said here. A wait for another thread's initialisation is an acquire of the same
 * store.
 *
 * In a file of its own: only modules that call these are linked to the C++ library.
 */
#include "access/atomics.h"

#include "access/wrap.h"

static void says(const void *guard, unsigned event, int order, uintptr_t pc)
{
	const struct ct_atomic_calls *calls = ct_access_library->atomics;
	struct ct_atomic a;

	if (!calls)
		return;
	calls->begin(&a, guard, pc);
	calls->end(&a, event, 1u | (unsigned)order << 8, 0, event == CT_EV_ATOMIC_STORE);
}

int __wrap___cxa_guard_acquire(void *guard)
{
	int is_ours = __real___cxa_guard_acquire(guard);

	says(guard, CT_EV_ATOMIC_LOAD, __ATOMIC_ACQUIRE, CT_WRAP_PC);
	return is_ours;
}

/* Before the guard is open. */
void __wrap___cxa_guard_release(void *guard)
{
	says(guard, CT_EV_ATOMIC_STORE, __ATOMIC_RELEASE, CT_WRAP_PC);
	__real___cxa_guard_release(guard);
}

void __wrap___cxa_guard_abort(void *guard)
{
	says(guard, CT_EV_ATOMIC_STORE, __ATOMIC_RELEASE, CT_WRAP_PC);
	__real___cxa_guard_abort(guard);
}
