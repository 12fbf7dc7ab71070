#ifndef CT_ACCESS_WRAP_H
#define CT_ACCESS_WRAP_H
/*
 * The functions of wraps.def, which the linker puts before libc's in an instrumented module: only
 * in the stub. Each says what libc's function reads and writes, and calls it. What is known only
 * afterwards is said afterwards; what may wait must be, since the memory is touched after the wait.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "access/fast.h"

__extension__ typedef unsigned __int128 ct_u128;

#define WRAP(name, result, params)                                                                 \
	CT_ENTRY result __wrap_##name params;                                                      \
	result __real_##name params;
#include "access/wraps.def"

#define CT_WRAP_PC ((uintptr_t)__builtin_return_address(0))

static inline void ct_wrap_reads(const volatile void *at, size_t size, uintptr_t pc)
{
	ct_access_log((uintptr_t)at, size, CT_ACCESS_READ | CT_ACCESS_LIBC, pc);
}

static inline void ct_wrap_writes(const volatile void *at, size_t size, uintptr_t pc)
{
	ct_access_log((uintptr_t)at, size, CT_ACCESS_WRITE | CT_ACCESS_LIBC, pc);
}

static inline void ct_wrap_copies(const volatile void *to, const volatile void *from, size_t size,
				  uintptr_t pc)
{
	ct_wrap_reads(from, size, pc);
	ct_wrap_writes(to, size, pc);
}

#endif
