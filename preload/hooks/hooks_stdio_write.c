/* Characters, strings and blocks to streams, and formatted output. */
#define __NO_INLINE__ 1 /* <stdio.h> has some of these as inline functions and macros */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/stream.h"
#include "hooks/unsafe.h"

/* In no header, or only where _FORTIFY_SOURCE is set. */
int __overflow(FILE *file, int c);
int __printf_chk(int flag, const char *format, ...);
int __fprintf_chk(FILE *file, int flag, const char *format, ...);
int __vprintf_chk(int flag, const char *format, va_list list);
int __vfprintf_chk(FILE *file, int flag, const char *format, va_list list);
int __dprintf_chk(int fd, int flag, const char *format, ...);
int __vdprintf_chk(int fd, int flag, const char *format, va_list list);

#define NUMBER_GUESS 24 /* characters that a conversion makes */

/* The call will add about `size` bytes, and if `exact`, just so many; with this result it has added
 * `done`. */
#define WRITE(type, name, params, args, lock, size, exact, newline, done, failed)                  \
	static __attribute__((noinline))                                                           \
	type name##_tracked(uintptr_t pc, uintptr_t sp, CT_INSIDE params)                          \
	{                                                                                          \
		CT_STREAM_SCOPE struct ct_stream stream;                                           \
		type result;                                                                       \
		ct_stream_begin(&stream, file, lock, pc, sp);                                      \
		ct_stream_writes(&stream, size, newline);                                          \
		result = CT_REAL(name)(CT_INSIDE args);                                            \
		ct_stream_has_written(&stream, done, failed);                                      \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT type name params                                                                 \
	{                                                                                          \
		CT_UNSAFE(name);                                                                   \
		if (ct_stream_tracked(file) &&                                                     \
		    !((exact) && ct_stream_alone(lock) && ct_stream_has_room(file, size)))         \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

#define CHARACTER(name, params, args, lock)                                                        \
	WRITE(int, name, params, args, lock, 1, true, c == '\n', result != EOF, result == EOF)

CHARACTER(putc, (int c, FILE *file), (c, file), true)
CHARACTER(fputc, (int c, FILE *file), (c, file), true)
CHARACTER(putc_unlocked, (int c, FILE *file), (c, file), false)
CHARACTER(fputc_unlocked, (int c, FILE *file), (c, file), false)
/* What the inline forms of the unlocked ones call when the buffer is full. */
CHARACTER(__overflow, (FILE * file, int c), (file, c), false)
#undef CHARACTER

CT_EXPORT int putchar(int c)
{
	CT_UNSAFE(putchar);
	if (ct_stream_tracked(stdout) && !(ct_stream_alone(true) && ct_stream_has_room(stdout, 1)))
		return putc_tracked(CT_CALLER, c, stdout);
	return CT_REAL(putchar)(c);
}

CT_EXPORT int putchar_unlocked(int c)
{
	CT_UNSAFE(putchar_unlocked);
	if (ct_stream_tracked(stdout) && !ct_stream_has_room(stdout, 1))
		return putc_unlocked_tracked(CT_CALLER, c, stdout);
	return CT_REAL(putchar_unlocked)(c);
}

#define STRING(name, lock)                                                                         \
	WRITE(int, name, (const char *text, FILE *file), (text, file), lock, strlen(text), true,   \
	      strchr(text, '\n') != NULL, result == EOF ? 0 : strlen(text), result == EOF)

STRING(fputs, true)
STRING(fputs_unlocked, false)
#undef STRING

static __attribute__((noinline)) int puts_tracked(uintptr_t pc, uintptr_t sp, const char *text)
{
	CT_STREAM_SCOPE struct ct_stream stream;
	size_t size = strlen(text) + 1;
	int result;

	ct_stream_begin(&stream, stdout, true, pc, sp);
	ct_stream_writes(&stream, size, true);
	result = CT_REAL(puts)(text);
	ct_stream_has_written(&stream, size, result == EOF);
	return result;
}

CT_EXPORT int puts(const char *text)
{
	CT_UNSAFE(puts);
	if (ct_stream_tracked(stdout))
		return puts_tracked(CT_CALLER, text);
	return CT_REAL(puts)(text);
}

static size_t product(size_t size, size_t count)
{
	size_t bytes;

	return __builtin_mul_overflow(size, count, &bytes) ? 0 : bytes;
}

#define BLOCK(name, lock)                                                                          \
	WRITE(size_t, name, (const void *block, size_t size, size_t count, FILE *file),            \
	      (block, size, count, file), lock, product(size, count), true,                        \
	      memchr(block, '\n', product(size, count)) != NULL, result * size,                    \
	      result < count && size != 0)

BLOCK(fwrite, true)
BLOCK(fwrite_unlocked, false)
#undef BLOCK

/* A long string makes it too small: then the record has no request before it. */
static size_t guess(const char *format)
{
	size_t size = 0;

	for (; *format; format++)
		size += *format == '%' ? NUMBER_GUESS : 1;
	return size;
}

#define FORMAT(name, params, args)                                                                 \
	WRITE(int, name, params, args, true, guess(format), false, true,                           \
	      result < 0 ? 0 : (size_t)result, result < 0)

FORMAT(vfprintf, (FILE * file, const char *format, va_list list), (file, format, list))
FORMAT(__vfprintf_chk, (FILE * file, int flag, const char *format, va_list list),
       (file, flag, format, list))
#undef FORMAT
#undef WRITE

/* With the arguments as a list; in the hook itself, for its CT_CALLER. */
#define VARIADIC(name, function, file, ...)                                                        \
	va_list list;                                                                              \
	int result;                                                                                \
	CT_UNSAFE(name);                                                                           \
	va_start(list, format);                                                                    \
	if (ct_stream_tracked(file))                                                               \
		result = function##_tracked(CT_CALLER, file, __VA_ARGS__, list);                   \
	else                                                                                       \
		result = CT_REAL(function)(file, __VA_ARGS__, list);                               \
	va_end(list);                                                                              \
	return result

CT_EXPORT int fprintf(FILE *file, const char *format, ...)
{
	VARIADIC(fprintf, vfprintf, file, format);
}

CT_EXPORT int printf(const char *format, ...)
{
	VARIADIC(printf, vfprintf, stdout, format);
}

CT_EXPORT int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
	VARIADIC(__fprintf_chk, __vfprintf_chk, file, flag, format);
}

CT_EXPORT int __printf_chk(int flag, const char *format, ...)
{
	VARIADIC(__printf_chk, __vfprintf_chk, stdout, flag, format);
}
#undef VARIADIC

CT_EXPORT int vprintf(const char *format, va_list list)
{
	CT_UNSAFE(vprintf);
	if (ct_stream_tracked(stdout))
		return vfprintf_tracked(CT_CALLER, stdout, format, list);
	return CT_REAL(vprintf)(format, list);
}

CT_EXPORT int __vprintf_chk(int flag, const char *format, va_list list)
{
	CT_UNSAFE(__vprintf_chk);
	if (ct_stream_tracked(stdout))
		return __vfprintf_chk_tracked(CT_CALLER, stdout, flag, format, list);
	return CT_REAL(__vprintf_chk)(flag, format, list);
}
