#ifndef CT_HOOKS_READABLE_H
#define CT_HOOKS_READABLE_H
/*
 * What a hook may know of its arguments before the kernel has looked at them: a pointer that the
 * kernel would answer with EFAULT must not kill the program in here.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

#include "record/recorder.h"

/* In the frames of those who called: can be read, and costs nothing to know. */
static inline bool ct_on_stack(const void *memory, size_t size)
{
	uintptr_t at = (uintptr_t)memory, high = ct_self->stack_high;

	return at >= (uintptr_t)__builtin_frame_address(0) && at < high && size <= high - at &&
	       (uintptr_t)__builtin_frame_address(0) >= ct_self->stack_low;
}

/* Can be read now. Elsewhere than on the stack, the kernel is asked once a page (150 ns). */
bool ct_readable(const void *memory, size_t size);

#define CT_NO_LIMIT UINT64_MAX

/* A duration; 0 of a negative one, and never CT_NO_LIMIT. */
uint64_t ct_ns(int64_t seconds, int64_t ns);
uint64_t ct_ns_timeval(const struct timeval *time);
/* 0 if it cannot be read. */
uint64_t ct_ns_readable(const struct timespec *time);

#endif
