/* Functions that are of interest for one thing only: that no handler calls them. */
#include <stdarg.h>
#include <syslog.h>

#include "hooks/real.h"
#include "hooks/unsafe.h"

/* In no header, or only where _FORTIFY_SOURCE is set. */
void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list list);

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
