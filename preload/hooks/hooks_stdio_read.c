/* Characters, lines and blocks from streams. */
#define __NO_INLINE__ 1 /* <stdio.h> has some of these as inline functions and macros */
#include <stdio.h>
#include <string.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/stream.h"
#include "hooks/unsafe.h"

/* In no header, or only where _FORTIFY_SOURCE is set. */
int __uflow(FILE *file);
ssize_t __getdelim(char **line, size_t *size, int delimiter, FILE *file);
char *__fgets_chk(char *buffer, size_t room, int size, FILE *file);
char *__fgets_unlocked_chk(char *buffer, size_t room, int size, FILE *file);
size_t __fread_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file);
size_t __fread_unlocked_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file);

/* `more` is whether the call will ask the kernel, `size` what a call with this result handed over.
 */
#define READ(type, name, params, args, lock, more, size)                                           \
	static __attribute__((noinline))                                                           \
	type name##_tracked(uintptr_t pc, uintptr_t sp, CT_INSIDE params)                          \
	{                                                                                          \
		CT_STREAM_SCOPE struct ct_stream stream;                                           \
		type result;                                                                       \
		ct_stream_begin(&stream, file, lock, pc, sp);                                      \
		ct_stream_reads(&stream, more);                                                    \
		result = CT_REAL(name)(CT_INSIDE args);                                            \
		ct_stream_has_read(&stream, size);                                                 \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT type name params                                                                 \
	{                                                                                          \
		CT_UNSAFE(name);                                                                   \
		if (ct_stream_tracked(file) && (!ct_stream_alone(lock) || (more)))                 \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

static bool lacks(const FILE *file, int delimiter)
{
	size_t unread = ct_stream_unread(file);
	size_t here = (size_t)(file->_IO_read_end - file->_IO_read_ptr);

	return unread == 0 || !memchr(file->_IO_read_ptr, delimiter, here);
}

static bool lacks_line(const FILE *file, int size)
{
	return size > 1 && lacks(file, '\n') && ct_stream_unread(file) < (size_t)size - 1;
}

static bool lacks_block(const FILE *file, size_t size, size_t count)
{
	size_t wanted;

	return !__builtin_mul_overflow(size, count, &wanted) && ct_stream_unread(file) < wanted;
}

#define NONE_LEFT (ct_stream_unread(file) == 0)
#define CHARACTER (result != EOF)
READ(int, getc, (FILE * file), (file), true, NONE_LEFT, CHARACTER)
READ(int, fgetc, (FILE * file), (file), true, NONE_LEFT, CHARACTER)
READ(int, getc_unlocked, (FILE * file), (file), false, NONE_LEFT, CHARACTER)
READ(int, fgetc_unlocked, (FILE * file), (file), false, NONE_LEFT, CHARACTER)
/* What the inline forms of the unlocked ones call when the buffer is empty. */
READ(int, __uflow, (FILE * file), (file), false, NONE_LEFT, CHARACTER)
#undef NONE_LEFT
#undef CHARACTER

CT_EXPORT int getchar(void)
{
	CT_UNSAFE(getchar);
	if (ct_stream_tracked(stdin) && !(ct_stream_alone(true) && ct_stream_unread(stdin)))
		return getc_tracked(CT_CALLER, stdin);
	return CT_REAL(getchar)();
}

CT_EXPORT int getchar_unlocked(void)
{
	CT_UNSAFE(getchar_unlocked);
	if (ct_stream_tracked(stdin) && !ct_stream_unread(stdin))
		return getc_unlocked_tracked(CT_CALLER, stdin);
	return CT_REAL(getchar_unlocked)();
}

#define LINE (result ? strlen(result) : 0)
READ(char *, fgets, (char *buffer, int size, FILE *file), (buffer, size, file), true,
     lacks_line(file, size), LINE)
READ(char *, fgets_unlocked, (char *buffer, int size, FILE *file), (buffer, size, file), false,
     lacks_line(file, size), LINE)
READ(char *, __fgets_chk, (char *buffer, size_t room, int size, FILE *file),
     (buffer, room, size, file), true, lacks_line(file, size), LINE)
READ(char *, __fgets_unlocked_chk, (char *buffer, size_t room, int size, FILE *file),
     (buffer, room, size, file), false, lacks_line(file, size), LINE)
#undef LINE

#define RETURNED (result < 0 ? 0 : (size_t)result)
READ(ssize_t, getline, (char **line, size_t *size, FILE *file), (line, size, file), true,
     lacks(file, '\n'), RETURNED)
READ(ssize_t, getdelim, (char **line, size_t *size, int delimiter, FILE *file),
     (line, size, delimiter, file), true, lacks(file, delimiter), RETURNED)
READ(ssize_t, __getdelim, (char **line, size_t *size, int delimiter, FILE *file),
     (line, size, delimiter, file), true, lacks(file, delimiter), RETURNED)
#undef RETURNED

READ(size_t, fread, (void *buffer, size_t size, size_t count, FILE *file),
     (buffer, size, count, file), true, lacks_block(file, size, count), result *size)
READ(size_t, fread_unlocked, (void *buffer, size_t size, size_t count, FILE *file),
     (buffer, size, count, file), false, lacks_block(file, size, count), result *size)
READ(size_t, __fread_chk, (void *buffer, size_t room, size_t size, size_t count, FILE *file),
     (buffer, room, size, count, file), true, lacks_block(file, size, count), result *size)
READ(size_t, __fread_unlocked_chk,
     (void *buffer, size_t room, size_t size, size_t count, FILE *file),
     (buffer, room, size, count, file), false, lacks_block(file, size, count), result *size)
#undef READ
