#ifndef CT_ACCESS_NATIVE_H
#define CT_ACCESS_NATIVE_H
/*
 * Atomic operations as the processor has them, by width: ct_native_<op>_<bits>().
 *
 * Of the orders only that of a store makes a difference on x86-64: loads are acquires, stores
 * releases, and what has a lock prefix is sequentially consistent. 128 bits are done by cmpxchg16b,
 * written out so that no libatomic is needed; libatomic does the same, so both may meet on one
 * word.
 *
 * ct_new_<op>() is the value that an operation leaves.
 */
#include <stdbool.h>
#include <stdint.h>

typedef uint8_t ct_u8;
typedef uint16_t ct_u16;
typedef uint32_t ct_u32;
typedef uint64_t ct_u64;
__extension__ typedef unsigned __int128 ct_u128;

#define ct_new_exchange(old, value) (value)
#define ct_new_add(old, value) ((old) + (value))
#define ct_new_sub(old, value) ((old) - (value))
#define ct_new_and(old, value) ((old) & (value))
#define ct_new_or(old, value) ((old) | (value))
#define ct_new_xor(old, value) ((old) ^ (value))
#define ct_new_nand(old, value) (~((old) & (value)))

#define CT_NATIVE_FETCH(op, builtin, bits)                                                         \
	static inline ct_u##bits ct_native_##op##_##bits(volatile ct_u##bits *at,                  \
							 ct_u##bits value)                         \
	{                                                                                          \
		return builtin(at, value, __ATOMIC_SEQ_CST);                                       \
	}

#define CT_NATIVE(bits)                                                                            \
	static inline ct_u##bits ct_native_load_##bits(const volatile ct_u##bits *at)              \
	{                                                                                          \
		return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                      \
	}                                                                                          \
	static inline void ct_native_store_##bits(volatile ct_u##bits *at, ct_u##bits value,       \
						  bool strict)                                     \
	{                                                                                          \
		if (strict)                                                                        \
			__atomic_store_n(at, value, __ATOMIC_SEQ_CST);                             \
		else                                                                               \
			__atomic_store_n(at, value, __ATOMIC_RELEASE);                             \
	}                                                                                          \
	static inline bool ct_native_compare_##bits(volatile ct_u##bits *at, ct_u##bits *expected, \
						    ct_u##bits desired)                            \
	{                                                                                          \
		return __atomic_compare_exchange_n(at, expected, desired, false, __ATOMIC_SEQ_CST, \
						   __ATOMIC_SEQ_CST);                              \
	}                                                                                          \
	CT_NATIVE_FETCH(exchange, __atomic_exchange_n, bits)                                       \
	CT_NATIVE_FETCH(add, __atomic_fetch_add, bits)                                             \
	CT_NATIVE_FETCH(sub, __atomic_fetch_sub, bits)                                             \
	CT_NATIVE_FETCH(and, __atomic_fetch_and, bits)                                             \
	CT_NATIVE_FETCH(or, __atomic_fetch_or, bits)                                               \
	CT_NATIVE_FETCH(xor, __atomic_fetch_xor, bits)                                             \
	CT_NATIVE_FETCH(nand, __atomic_fetch_nand, bits)

CT_NATIVE(8)
CT_NATIVE(16)
CT_NATIVE(32)
CT_NATIVE(64)
#undef CT_NATIVE
#undef CT_NATIVE_FETCH

static inline bool ct_native_compare_128(volatile ct_u128 *at, ct_u128 *expected, ct_u128 desired)
{
	uint64_t low = (uint64_t)*expected, high = (uint64_t)(*expected >> 64);
	bool done;

	__asm__ volatile("lock cmpxchg16b %1"
			 : "=@ccz"(done), "+m"(*at), "+a"(low), "+d"(high)
			 : "b"((uint64_t)desired), "c"((uint64_t)(desired >> 64))
			 : "memory");
	*expected = (ct_u128)high << 64 | low;
	return done;
}

/* Writes what it finds: the memory must be writable, as libatomic demands too. */
static inline ct_u128 ct_native_load_128(const volatile ct_u128 *at)
{
	ct_u128 value = 0;

	ct_native_compare_128((volatile ct_u128 *)(uintptr_t)at, &value, 0);
	return value;
}

#define CT_NATIVE_FETCH_128(op)                                                                    \
	static inline ct_u128 ct_native_##op##_128(volatile ct_u128 *at, ct_u128 value)            \
	{                                                                                          \
		ct_u128 old = ct_native_load_128(at);                                              \
		while (!ct_native_compare_128(at, &old, ct_new_##op(old, value)))                  \
			;                                                                          \
		return old;                                                                        \
	}

CT_NATIVE_FETCH_128(exchange)
CT_NATIVE_FETCH_128(add)
CT_NATIVE_FETCH_128(sub)
CT_NATIVE_FETCH_128(and)
CT_NATIVE_FETCH_128(or)
CT_NATIVE_FETCH_128(xor)
CT_NATIVE_FETCH_128(nand)
#undef CT_NATIVE_FETCH_128

static inline void ct_native_store_128(volatile ct_u128 *at, ct_u128 value, bool strict)
{
	(void)strict;
	ct_native_exchange_128(at, value);
}

#endif
