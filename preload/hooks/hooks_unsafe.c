/* Functions that are of interest for one thing only: that no handler calls them. And which signals
 * a thread blocks, which tells where handlers may come. */
#include <stdarg.h>
#include <syslog.h>

#include "hooks/real.h"
#include "hooks/unsafe.h"

/* In no header, or only where _FORTIFY_SOURCE is set. */
void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list list);

typedef int change_mask(int, const sigset_t *, sigset_t *);

/* Stamped before the real call, as a handler may run before it returns. libc reads the set, too. */
static inline int change(change_mask *real, int how, const sigset_t *set, sigset_t *old,
			 uintptr_t pc, uintptr_t sp)
{
	uint64_t mask;

	if (set) {
		__builtin_memcpy(&mask, set, sizeof(mask));
		ct_call_event(CT_EV_SIGNAL_MASK, 0, (uint64_t)how, mask, pc, sp);
	}
	return real(how, set, old);
}

CT_EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return change(CT_REAL(pthread_sigmask), how, set, old, CT_CALLER);
}

CT_EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return change(CT_REAL(sigprocmask), how, set, old, CT_CALLER);
}

CT_EXPORT void exit(int status)
{
	CT_UNSAFE(exit);
	CT_REAL(exit)(status);
	__builtin_unreachable();
}

CT_EXPORT void perror(const char *text)
{
	CT_UNSAFE(perror);
	CT_REAL(perror)(text);
}

CT_EXPORT void vsyslog(int priority, const char *format, va_list list)
{
	CT_UNSAFE(vsyslog);
	CT_REAL(vsyslog)(priority, format, list);
}

CT_EXPORT void __vsyslog_chk(int priority, int flag, const char *format, va_list list)
{
	CT_UNSAFE(__vsyslog_chk);
	CT_REAL(__vsyslog_chk)(priority, flag, format, list);
}

CT_EXPORT void syslog(int priority, const char *format, ...)
{
	va_list list;

	CT_UNSAFE(syslog);
	va_start(list, format);
	CT_REAL(vsyslog)(priority, format, list);
	va_end(list);
}

CT_EXPORT void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list list;

	CT_UNSAFE(__syslog_chk);
	va_start(list, format);
	CT_REAL(__vsyslog_chk)(priority, flag, format, list);
	va_end(list);
}
