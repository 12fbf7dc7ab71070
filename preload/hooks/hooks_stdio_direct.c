/* Formatted output to descriptors: stdio inside, but without a stream that anyone could have. */
#include <stdarg.h>
#include <stdio.h>

#include "hooks/fds.h"
#include "hooks/real.h"
#include "hooks/transfer.h"
#include "hooks/unsafe.h"

int __dprintf_chk(int fd, int flag, const char *format, ...);
int __vdprintf_chk(int fd, int flag, const char *format, va_list list);

#define FORMAT(name, params, args)                                                                 \
	static __attribute__((noinline)) int name##_tracked(uintptr_t pc, uintptr_t sp,            \
							    CT_INSIDE params)                      \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		int result;                                                                        \
		ct_transfer_request(&call, CT_EV_WRITE, CT_F_STDIO, fd, 0, pc, sp);                \
		result = CT_REAL(name)(CT_INSIDE args);                                            \
		ct_transfer_complete(&call, result < 0 ? -1 : result, NULL);                       \
		return result;                                                                     \
	}                                                                                          \
	static inline int name##_any(uintptr_t pc, uintptr_t sp, CT_INSIDE params)                 \
	{                                                                                          \
		if (CT_UNLIKELY(ct_fd_tracked(fd)))                                                \
			return name##_tracked(pc, sp, CT_INSIDE args);                             \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}                                                                                          \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		CT_UNSAFE(name);                                                                   \
		return name##_any(CT_CALLER, CT_INSIDE args);                                      \
	}

FORMAT(vdprintf, (int fd, const char *format, va_list list), (fd, format, list))
FORMAT(__vdprintf_chk, (int fd, int flag, const char *format, va_list list),
       (fd, flag, format, list))
#undef FORMAT

CT_EXPORT int dprintf(int fd, const char *format, ...)
{
	va_list list;
	int result;

	CT_UNSAFE(dprintf);
	va_start(list, format);
	result = vdprintf_any(CT_CALLER, fd, format, list);
	va_end(list);
	return result;
}

CT_EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...)
{
	va_list list;
	int result;

	CT_UNSAFE(__dprintf_chk);
	va_start(list, format);
	result = __vdprintf_chk_any(CT_CALLER, fd, flag, format, list);
	va_end(list);
	return result;
}
