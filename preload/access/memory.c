/*
 * What the compilers emit, or programs call, besides loads, stores and atomics: in the stub and in
 * libconctrace.so alike.
 */
#include <string.h>

#include "access/fast.h"
#include "conctrace.h"

#define ENTRY(result, name, params) CT_ENTRY result name params;
#include "access/entries.def"

#define PC ((uintptr_t)__builtin_return_address(0))

/* In the stub, the linker's --wrap would lead these to wrap_memory.c, and record them twice. */
#ifdef CT_STUB
#define LIBC(name) __real_##name
void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memset(void *to, int byte, size_t size);
#else
#define LIBC(name) name
#endif

static void log_copy(void *to, const void *from, size_t size, uintptr_t pc)
{
	ct_access_log((uintptr_t)from, size, CT_ACCESS_READ | CT_ACCESS_LIBC, pc);
	ct_access_log((uintptr_t)to, size, CT_ACCESS_WRITE | CT_ACCESS_LIBC, pc);
}

void *__tsan_memcpy(void *to, const void *from, size_t size)
{
	log_copy(to, from, size, PC);
	return LIBC(memcpy)(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size)
{
	log_copy(to, from, size, PC);
	return LIBC(memmove)(to, from, size);
}

void *__tsan_memset(void *to, int byte, size_t size)
{
	ct_access_log((uintptr_t)to, size, CT_ACCESS_WRITE | CT_ACCESS_LIBC, PC);
	return LIBC(memset)(to, byte, size);
}

void __tsan_ignore_thread_begin(void)
{
	CONCTRACE_IGNORE_BEGIN();
}

void __tsan_ignore_thread_end(void)
{
	CONCTRACE_IGNORE_END();
}
