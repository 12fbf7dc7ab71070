/*
 * The ATOMIC rows of entries.def and the fences. In the stub without the library, and in a thread
 * that does not record, they are what they stand for and nothing else.
 */
#include "access/atomics.h"

#include "access/fast.h"
#include "access/native.h"

#define ATOMIC(name, SHAPE, bits, op) CT_DECLARE_##SHAPE(name, bits);
#define CT_DECLARE_LOAD(name, bits) CT_ENTRY ct_u##bits name(const volatile ct_u##bits *, int)
#define CT_DECLARE_STORE(name, bits) CT_ENTRY void name(volatile ct_u##bits *, ct_u##bits, int)
#define CT_DECLARE_FETCH(name, bits)                                                               \
	CT_ENTRY ct_u##bits name(volatile ct_u##bits *, ct_u##bits, int)
#define CT_DECLARE_COMPARE(name, bits)                                                             \
	CT_ENTRY bool name(volatile ct_u##bits *, ct_u##bits *, ct_u##bits, int, int)
#define CT_DECLARE_COMPARE_VALUE(name, bits)                                                       \
	CT_ENTRY ct_u##bits name(volatile ct_u##bits *, ct_u##bits, ct_u##bits, int, int)
#include "access/entries.def"

CT_ENTRY void __tsan_atomic_thread_fence(int order);
CT_ENTRY void __tsan_atomic_signal_fence(int order);

#define CT_PC ((uintptr_t)__builtin_return_address(0))
/* Order: hints of lock elision stand above. */
#define CT_WHAT(bits, order) ((bits) / 8u | ((unsigned)(order)&0xff) << 8)
#define CT_FOLD_128(value) ((uint64_t)(value) ^ (uint64_t)((value) >> 64) * 0x9e3779b97f4a7c15u)
#define CT_FOLD(bits, value) ((bits) > 64 ? CT_FOLD_128((ct_u128)(value)) : (uint64_t)(value))

static inline bool is_strict(int order)
{
	return (order & 0xff) == __ATOMIC_SEQ_CST;
}

#define CT_SHAPE_LOAD(name, bits, op)                                                              \
	CT_ENTRY ct_u##bits name(const volatile ct_u##bits *at, int order)                         \
	{                                                                                          \
		const struct ct_atomic_calls *calls = ct_access_library->atomics;                  \
		ct_u##bits value = ct_native_load_##bits(at);                                      \
		struct ct_atomic a;                                                                \
		if (!calls || calls->known(at, CT_FOLD(bits, value), CT_WHAT(bits, order)))        \
			return value;                                                              \
		calls->begin(&a, at, CT_PC);                                                       \
		value = ct_native_load_##bits(at);                                                 \
		calls->end(&a, CT_EV_ATOMIC_LOAD, CT_WHAT(bits, order), CT_FOLD(bits, value),      \
			   CT_FOLD(bits, value));                                                  \
		return value;                                                                      \
	}

#define CT_SHAPE_STORE(name, bits, op)                                                             \
	CT_ENTRY void name(volatile ct_u##bits *at, ct_u##bits value, int order)                   \
	{                                                                                          \
		const struct ct_atomic_calls *calls = ct_access_library->atomics;                  \
		struct ct_atomic a;                                                                \
		if (!calls) {                                                                      \
			ct_native_store_##bits(at, value, is_strict(order));                       \
			return;                                                                    \
		}                                                                                  \
		calls->begin(&a, at, CT_PC);                                                       \
		ct_native_store_##bits(at, value, is_strict(order));                               \
		calls->end(&a, CT_EV_ATOMIC_STORE, CT_WHAT(bits, order), 0, CT_FOLD(bits, value)); \
	}

#define CT_SHAPE_FETCH(name, bits, op)                                                             \
	CT_ENTRY ct_u##bits name(volatile ct_u##bits *at, ct_u##bits value, int order)             \
	{                                                                                          \
		const struct ct_atomic_calls *calls = ct_access_library->atomics;                  \
		struct ct_atomic a;                                                                \
		ct_u##bits old, now;                                                               \
		if (!calls)                                                                        \
			return ct_native_##op##_##bits(at, value);                                 \
		calls->begin(&a, at, CT_PC);                                                       \
		old = ct_native_##op##_##bits(at, value);                                          \
		now = (ct_u##bits)ct_new_##op(old, value);                                         \
		calls->end(&a, CT_EV_ATOMIC_RMW, CT_WHAT(bits, order), CT_FOLD(bits, old),         \
			   CT_FOLD(bits, now));                                                    \
		return old;                                                                        \
	}

/* One that fails is a load. While the value is another, the exchange is not tried: so a loop that
 * waits for it neither writes to the word nor to the trace. */
#define CT_COMPARE(bits)                                                                           \
	static bool compare_##bits(volatile ct_u##bits *at, ct_u##bits *expected,                  \
				   ct_u##bits desired, int order, int otherwise, uintptr_t pc)     \
	{                                                                                          \
		const struct ct_atomic_calls *calls = ct_access_library->atomics;                  \
		ct_u##bits value;                                                                  \
		struct ct_atomic a;                                                                \
		bool done;                                                                         \
		if (!calls)                                                                        \
			return ct_native_compare_##bits(at, expected, desired);                    \
		value = ct_native_load_##bits(at);                                                 \
		if (value != *expected &&                                                          \
		    calls->known(at, CT_FOLD(bits, value), CT_WHAT(bits, otherwise))) {            \
			*expected = value;                                                         \
			return false;                                                              \
		}                                                                                  \
		calls->begin(&a, at, pc);                                                          \
		value = ct_native_load_##bits(at);                                                 \
		done = value == *expected && ct_native_compare_##bits(at, &value, desired);        \
		if (done)                                                                          \
			calls->end(&a, CT_EV_ATOMIC_RMW, CT_WHAT(bits, order),                     \
				   CT_FOLD(bits, value), CT_FOLD(bits, desired));                  \
		else                                                                               \
			calls->end(&a, CT_EV_ATOMIC_LOAD, CT_WHAT(bits, otherwise),                \
				   CT_FOLD(bits, value), CT_FOLD(bits, value));                    \
		if (!done)                                                                         \
			*expected = value;                                                         \
		return done;                                                                       \
	}

CT_COMPARE(8)
CT_COMPARE(16)
CT_COMPARE(32)
CT_COMPARE(64)
CT_COMPARE(128)

#define CT_SHAPE_COMPARE(name, bits, op)                                                           \
	CT_ENTRY bool name(volatile ct_u##bits *at, ct_u##bits *expected, ct_u##bits desired,      \
			   int order, int otherwise)                                               \
	{                                                                                          \
		return compare_##bits(at, expected, desired, order, otherwise, CT_PC);             \
	}

#define CT_SHAPE_COMPARE_VALUE(name, bits, op)                                                     \
	CT_ENTRY ct_u##bits name(volatile ct_u##bits *at, ct_u##bits expected, ct_u##bits desired, \
				 int order, int otherwise)                                         \
	{                                                                                          \
		compare_##bits(at, &expected, desired, order, otherwise, CT_PC);                   \
		return expected;                                                                   \
	}

#define ATOMIC(name, SHAPE, bits, op) CT_SHAPE_##SHAPE(name, bits, op)
#include "access/entries.def"

CT_ENTRY void __tsan_atomic_thread_fence(int order)
{
	const struct ct_atomic_calls *calls = ct_access_library->atomics;

	if (is_strict(order))
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (calls && (order & 0xff) != __ATOMIC_RELAXED)
		calls->fence(order & 0xff, CT_PC);
}

/* Orders a thread with its own signal handlers, which the processor does by itself. */
CT_ENTRY void __tsan_atomic_signal_fence(int order)
{
	(void)order;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}
