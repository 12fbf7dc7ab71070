/*
 * Of wraps.def: the functions of libatomic that are told the size, for what fits no register. They
 * have a lock of libatomic's. The linker may have dropped that library, since these calls do not
 * lead there any more: then no other module of the program uses it either, and a lock of ours does.
 */
#include <string.h>

#include "access/atomics.h"
#include "access/wrap.h"

#pragma weak __real___atomic_load
#pragma weak __real___atomic_store
#pragma weak __real___atomic_exchange
#pragma weak __real___atomic_compare_exchange

static bool own_lock;

static void lock(void)
{
	while (__atomic_test_and_set(&own_lock, __ATOMIC_ACQUIRE))
		__builtin_ia32_pause();
}

static void unlock(void)
{
	__atomic_clear(&own_lock, __ATOMIC_RELEASE);
}

/* What stands for a value of any size (FNV-1a). */
static uint64_t fold(const void *value, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const unsigned char *)value)[i]) * 0x100000001b3u;
	return hash;
}

static unsigned what_of(size_t size, int order)
{
	return (size < UINT8_MAX ? (unsigned)size : UINT8_MAX) | ((unsigned)order & 0xff) << 8;
}

static void begin(struct ct_atomic *a, const volatile void *at, uintptr_t pc)
{
	a->r = NULL;
	if (ct_access_library->atomics)
		ct_access_library->atomics->begin(a, at, pc);
}

static void end(struct ct_atomic *a, unsigned event, unsigned what, uint64_t old, uint64_t now)
{
	if (a->r)
		ct_access_library->atomics->end(a, event, what, old, now);
}

static void load(size_t size, const volatile void *at, void *to, int order)
{
	if (__real___atomic_load) {
		__real___atomic_load(size, at, to, order);
		return;
	}
	lock();
	__real_memcpy(to, (const void *)(uintptr_t)at, size);
	unlock();
}

void __wrap___atomic_load(size_t size, const volatile void *at, void *to, int order)
{
	const struct ct_atomic_calls *calls = ct_access_library->atomics;
	struct ct_atomic a;
	uint64_t value;

	load(size, at, to, order);
	if (!calls || calls->known(at, fold(to, size), what_of(size, order)))
		return;
	begin(&a, at, CT_WRAP_PC);
	load(size, at, to, order);
	value = fold(to, size);
	end(&a, CT_EV_ATOMIC_LOAD, what_of(size, order), value, value);
}

void __wrap___atomic_store(size_t size, volatile void *at, void *from, int order)
{
	struct ct_atomic a;

	begin(&a, at, CT_WRAP_PC);
	if (__real___atomic_store) {
		__real___atomic_store(size, at, from, order);
	} else {
		lock();
		__real_memcpy((void *)(uintptr_t)at, from, size);
		unlock();
	}
	end(&a, CT_EV_ATOMIC_STORE, what_of(size, order), 0, fold(from, size));
}

void __wrap___atomic_exchange(size_t size, volatile void *at, void *from, void *to, int order)
{
	uint64_t now = fold(from, size);
	struct ct_atomic a;

	begin(&a, at, CT_WRAP_PC);
	if (__real___atomic_exchange) {
		__real___atomic_exchange(size, at, from, to, order);
	} else {
		lock();
		__real_memcpy(to, (void *)(uintptr_t)at, size);
		__real_memcpy((void *)(uintptr_t)at, from, size);
		unlock();
	}
	end(&a, CT_EV_ATOMIC_RMW, what_of(size, order), fold(to, size), now);
}

static bool compare(size_t size, volatile void *at, void *expected, void *desired, int order,
		    int otherwise)
{
	bool done;

	if (__real___atomic_compare_exchange)
		return __real___atomic_compare_exchange(size, at, expected, desired, order,
							otherwise);
	lock();
	done = __real_memcmp((void *)(uintptr_t)at, expected, size) == 0;
	if (done)
		__real_memcpy((void *)(uintptr_t)at, desired, size);
	else
		__real_memcpy(expected, (void *)(uintptr_t)at, size);
	unlock();
	return done;
}

bool __wrap___atomic_compare_exchange(size_t size, volatile void *at, void *expected, void *desired,
				      int order, int otherwise)
{
	struct ct_atomic a;
	bool done;

	begin(&a, at, CT_WRAP_PC);
	done = compare(size, at, expected, desired, order, otherwise);
	if (done)
		end(&a, CT_EV_ATOMIC_RMW, what_of(size, order), fold(expected, size),
		    fold(desired, size));
	else
		end(&a, CT_EV_ATOMIC_LOAD, what_of(size, otherwise), fold(expected, size),
		    fold(expected, size));
	return done;
}
