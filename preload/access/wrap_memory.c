/* Of wraps.def: blocks of memory. */
#include "access/wrap.h"

void *__wrap_memcpy(void *to, const void *from, size_t size)
{
	ct_wrap_copies(to, from, size, CT_WRAP_PC);
	return __real_memcpy(to, from, size);
}

void *__wrap_memmove(void *to, const void *from, size_t size)
{
	ct_wrap_copies(to, from, size, CT_WRAP_PC);
	return __real_memmove(to, from, size);
}

void *__wrap_mempcpy(void *to, const void *from, size_t size)
{
	ct_wrap_copies(to, from, size, CT_WRAP_PC);
	return __real_mempcpy(to, from, size);
}

void *__wrap_memset(void *to, int byte, size_t size)
{
	ct_wrap_writes(to, size, CT_WRAP_PC);
	return __real_memset(to, byte, size);
}

int __wrap_memcmp(const void *a, const void *b, size_t size)
{
	ct_wrap_reads(a, size, CT_WRAP_PC);
	ct_wrap_reads(b, size, CT_WRAP_PC);
	return __real_memcmp(a, b, size);
}

int __wrap_bcmp(const void *a, const void *b, size_t size)
{
	ct_wrap_reads(a, size, CT_WRAP_PC);
	ct_wrap_reads(b, size, CT_WRAP_PC);
	return __real_bcmp(a, b, size);
}

/* It stops at the byte that it finds: what is behind need not be there. */
void *__wrap_memchr(const void *at, int byte, size_t size)
{
	const char *found = __real_memchr(at, byte, size);

	ct_wrap_reads(at, found ? (size_t)(found + 1 - (const char *)at) : size, CT_WRAP_PC);
	return (void *)(uintptr_t)found;
}

/* It looks from the end. */
void *__wrap_memrchr(const void *at, int byte, size_t size)
{
	const char *end = (const char *)at + size, *found = __real_memrchr(at, byte, size);

	ct_wrap_reads(found ? found : at, found ? (size_t)(end - found) : size, CT_WRAP_PC);
	return (void *)(uintptr_t)found;
}

/* What it compares is the program's affair, which the callback says. One element is not touched. */
void __wrap_qsort(void *array, size_t count, size_t size,
		  int (*compare)(const void *, const void *))
{
	size_t all = count > 1 ? count * size : 0;

	ct_wrap_reads(array, all, CT_WRAP_PC);
	__real_qsort(array, count, size, compare);
	ct_wrap_writes(array, all, CT_WRAP_PC);
}

void __wrap_bcopy(const void *from, void *to, size_t size)
{
	ct_wrap_copies(to, from, size, CT_WRAP_PC);
	__real_memmove(to, from, size);
}

void __wrap_bzero(void *to, size_t size)
{
	ct_wrap_writes(to, size, CT_WRAP_PC);
	__real_memset(to, 0, size);
}

void *__wrap___memcpy_chk(void *to, const void *from, size_t size, size_t room)
{
	ct_wrap_copies(to, from, size, CT_WRAP_PC);
	return __real___memcpy_chk(to, from, size, room);
}

void *__wrap___memmove_chk(void *to, const void *from, size_t size, size_t room)
{
	ct_wrap_copies(to, from, size, CT_WRAP_PC);
	return __real___memmove_chk(to, from, size, room);
}

void *__wrap___mempcpy_chk(void *to, const void *from, size_t size, size_t room)
{
	ct_wrap_copies(to, from, size, CT_WRAP_PC);
	return __real___mempcpy_chk(to, from, size, room);
}

void *__wrap___memset_chk(void *to, int byte, size_t size, size_t room)
{
	ct_wrap_writes(to, size, CT_WRAP_PC);
	return __real___memset_chk(to, byte, size, room);
}
