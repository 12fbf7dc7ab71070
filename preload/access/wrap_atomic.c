/*
 * Of wraps.def: libatomic, which compilers call for atomics that they have no instructions for.
 * What the processor can do is done here, and recorded, as the entry points do it; so is it in
 * libatomic, and both may meet on one word. Functions that are told the size: wrap_atomic_sized.c.
 */
#include <string.h>

#include "access/atomics.h"
#include "access/native.h"
#include "access/wrap.h"

#define ATOMIC(name, SHAPE, bits, op) CT_DECLARE_##SHAPE(name, bits)
#define CT_DECLARE_LOAD(name, bits) CT_ENTRY ct_u##bits name(const volatile ct_u##bits *, int);
#define CT_DECLARE_STORE(name, bits) CT_ENTRY void name(volatile ct_u##bits *, ct_u##bits, int);
#define CT_DECLARE_FETCH(name, bits)                                                               \
	CT_ENTRY ct_u##bits name(volatile ct_u##bits *, ct_u##bits, int);
#define CT_DECLARE_COMPARE(name, bits)                                                             \
	CT_ENTRY bool name(volatile ct_u##bits *, ct_u##bits *, ct_u##bits, int, int);
#define CT_DECLARE_COMPARE_VALUE(name, bits)
#include "access/entries.def"

ct_u128 __wrap___atomic_load_16(const volatile void *at, int order)
{
	return __tsan_atomic128_load(at, order);
}

void __wrap___atomic_store_16(volatile void *at, ct_u128 value, int order)
{
	__tsan_atomic128_store(at, value, order);
}

ct_u128 __wrap___atomic_exchange_16(volatile void *at, ct_u128 value, int order)
{
	return __tsan_atomic128_exchange(at, value, order);
}

bool __wrap___atomic_compare_exchange_16(volatile void *at, void *expected, ct_u128 desired,
					 int order, int otherwise)
{
	return __tsan_atomic128_compare_exchange_strong(at, expected, desired, order, otherwise);
}

#define CT_WRAP_FETCH(op)                                                                          \
	ct_u128 __wrap___atomic_fetch_##op##_16(volatile void *at, ct_u128 value, int order)       \
	{                                                                                          \
		return __tsan_atomic128_fetch_##op(at, value, order);                              \
	}

CT_WRAP_FETCH(add)
CT_WRAP_FETCH(sub)
CT_WRAP_FETCH(and)
CT_WRAP_FETCH(or)
CT_WRAP_FETCH(xor)
CT_WRAP_FETCH(nand)
#undef CT_WRAP_FETCH
