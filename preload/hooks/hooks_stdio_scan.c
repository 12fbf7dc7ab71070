/* Formatted input. The forms are many, and <stdio.h> gives the plain names the symbols of the
 * __isoc99 ones: hence functions of names of our own. */
#include <stdarg.h>
#include <stdio.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/stream.h"
#include "hooks/unsafe.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_in(char c, const char *set)
{
	while (*set && *set != c)
		set++;
	return *set;
}

/* Whether this format, met with nothing but white space, will ask for more: not if a conversion
 * that takes white space as it is comes first. Nothing is said of what comes later. */
static bool skips_space(const char *format)
{
	if (is_space(*format))
		return true;
	if (*format != '%')
		return false;
	for (format++; is_in(*format, "*'I0123456789mhlLqjzt"); format++)
		;
	return !is_in(*format, "cC[n");
}

static bool asks(const FILE *file, const char *format)
{
	if (ct_stream_unread(file) == 0)
		return *format && !(format[0] == '%' && format[1] == 'n');
	for (const char *at = file->_IO_read_ptr; at < file->_IO_read_end; at++)
		if (!is_space(*at))
			return false;
	return skips_space(format);
}

/* One vfscanf, and the three that are the same with other arguments. */
#define SCAN(VFSCANF, VSCANF, FSCANF, SCANF)                                                       \
	CT_EXPORT int ct_##VFSCANF(FILE *file, const char *format,                                 \
				   va_list list) __asm__(#VFSCANF);                                \
	CT_EXPORT int ct_##VSCANF(const char *format, va_list list) __asm__(#VSCANF);              \
	CT_EXPORT int ct_##FSCANF(FILE *file, const char *format, ...) __asm__(#FSCANF);           \
	CT_EXPORT int ct_##SCANF(const char *format, ...) __asm__(#SCANF);                         \
	static __attribute__((noinline)) int VFSCANF##_tracked(                                    \
		uintptr_t pc, uintptr_t sp, FILE *file, const char *format, va_list list)          \
	{                                                                                          \
		CT_STREAM_SCOPE struct ct_stream stream;                                           \
		int result;                                                                        \
		ct_stream_begin(&stream, file, true, pc, sp);                                      \
		ct_stream_scans(&stream, asks(file, format));                                      \
		result = CT_REAL(VFSCANF)(file, format, list);                                     \
		ct_stream_has_scanned(&stream, result > 0);                                        \
		return result;                                                                     \
	}                                                                                          \
	static inline int VFSCANF##_any(uintptr_t pc, uintptr_t sp, FILE *file,                    \
					const char *format, va_list list)                          \
	{                                                                                          \
		if (ct_stream_tracked(file))                                                       \
			return VFSCANF##_tracked(pc, sp, file, format, list);                      \
		return CT_REAL(VFSCANF)(file, format, list);                                       \
	}                                                                                          \
	int ct_##VFSCANF(FILE *file, const char *format, va_list list)                             \
	{                                                                                          \
		CT_UNSAFE(vfscanf);                                                                \
		return VFSCANF##_any(CT_CALLER, file, format, list);                               \
	}                                                                                          \
	int ct_##VSCANF(const char *format, va_list list)                                          \
	{                                                                                          \
		CT_UNSAFE(vscanf);                                                                 \
		return VFSCANF##_any(CT_CALLER, stdin, format, list);                              \
	}                                                                                          \
	int ct_##FSCANF(FILE *file, const char *format, ...)                                       \
	{                                                                                          \
		va_list list;                                                                      \
		int result;                                                                        \
		CT_UNSAFE(fscanf);                                                                 \
		va_start(list, format);                                                            \
		result = VFSCANF##_any(CT_CALLER, file, format, list);                             \
		va_end(list);                                                                      \
		return result;                                                                     \
	}                                                                                          \
	int ct_##SCANF(const char *format, ...)                                                    \
	{                                                                                          \
		va_list list;                                                                      \
		int result;                                                                        \
		CT_UNSAFE(scanf);                                                                  \
		va_start(list, format);                                                            \
		result = VFSCANF##_any(CT_CALLER, stdin, format, list);                            \
		va_end(list);                                                                      \
		return result;                                                                     \
	}

SCAN(vfscanf, vscanf, fscanf, scanf)
SCAN(__isoc99_vfscanf, __isoc99_vscanf, __isoc99_fscanf, __isoc99_scanf)
#undef SCAN
