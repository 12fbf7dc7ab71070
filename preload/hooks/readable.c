#include "hooks/readable.h"

#include "record/recorder.h"
#include "sys/kernel.h"

#define PAGE 4096u

bool ct_readable(const void *memory, size_t size)
{
	uintptr_t at = (uintptr_t)memory, last;

	if (ct_on_stack(memory, size))
		return true;
	if (!memory || __builtin_add_overflow(at, size - 1, &last))
		return false;
	while (ct_sys_readable(at)) {
		if (at / PAGE == last / PAGE)
			return true;
		at = (at / PAGE + 1) * PAGE;
	}
	return false;
}

uint64_t ct_ns(int64_t seconds, int64_t ns)
{
	uint64_t sum;

	if (seconds < 0 || ns < 0)
		return 0;
	if (__builtin_mul_overflow((uint64_t)seconds, UINT64_C(1000000000), &sum) ||
	    __builtin_add_overflow(sum, (uint64_t)ns, &sum) || sum == CT_NO_LIMIT)
		return CT_NO_LIMIT - 1;
	return sum;
}

uint64_t ct_ns_timeval(const struct timeval *time)
{
	int64_t ns;

	if (time->tv_sec < 0 || time->tv_usec < 0)
		return 0;
	if (__builtin_mul_overflow(time->tv_usec, 1000, &ns))
		return CT_NO_LIMIT - 1;
	return ct_ns(time->tv_sec, ns);
}

uint64_t ct_ns_readable(const struct timespec *time)
{
	return ct_readable(time, sizeof(*time)) ? ct_ns(time->tv_sec, time->tv_nsec) : 0;
}
