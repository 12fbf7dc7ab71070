/*
 * Of wraps.def: what fills or sends a buffer. libc's function is the last thing that a sending one
 * calls, so that the recorder's hook sees the program as its caller.
 */
#include <errno.h>

#include "access/wrap.h"

/* errno is the call's. */
static void fills(const void *buffer, ssize_t size, uintptr_t pc)
{
	if (size > 0)
		ct_wrap_writes(buffer, (size_t)size, pc);
}

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	ssize_t moved = __real_read(fd, buffer, size);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset)
{
	ssize_t moved = __real_pread(fd, buffer, size, offset);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset)
{
	ssize_t moved = __real_pread64(fd, buffer, size, offset);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_recv(int fd, void *buffer, size_t size, int flags)
{
	ssize_t moved = __real_recv(fd, buffer, size, flags);

	/* MSG_TRUNC: of what came, it fits only as much */
	fills(buffer, moved > (ssize_t)size ? (ssize_t)size : moved, CT_WRAP_PC);
	return moved;
}

size_t __wrap_fread(void *buffer, size_t size, size_t count, FILE *file)
{
	size_t moved = __real_fread(buffer, size, count, file);

	ct_wrap_writes(buffer, moved * size, CT_WRAP_PC);
	return moved;
}

char *__wrap_fgets(char *buffer, int size, FILE *file)
{
	char *line = __real_fgets(buffer, size, file);

	if (line)
		ct_wrap_writes(line, __real_strlen(line) + 1, CT_WRAP_PC);
	return line;
}

ssize_t __wrap_write(int fd, const void *buffer, size_t size)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_write(fd, buffer, size);
}

ssize_t __wrap_pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_pwrite(fd, buffer, size, offset);
}

ssize_t __wrap_pwrite64(int fd, const void *buffer, size_t size, off_t offset)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_pwrite64(fd, buffer, size, offset);
}

ssize_t __wrap_send(int fd, const void *buffer, size_t size, int flags)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_send(fd, buffer, size, flags);
}

size_t __wrap_fwrite(const void *buffer, size_t size, size_t count, FILE *file)
{
	ct_wrap_reads(buffer, size * count, CT_WRAP_PC);
	return __real_fwrite(buffer, size, count, file);
}

/* Of printing: what was put into the buffer, with its end. Not what the arguments point to. */
static int prints(const char *buffer, size_t size, int length, uintptr_t pc)
{
	if (length >= 0 && size)
		ct_wrap_writes(buffer, (size_t)length < size ? (size_t)length + 1 : size, pc);
	return length;
}

int __wrap_snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = __real_vsnprintf(buffer, size, format, list);
	va_end(list);
	return prints(buffer, size, length, CT_WRAP_PC);
}

int __wrap_vsnprintf(char *buffer, size_t size, const char *format, va_list list)
{
	return prints(buffer, size, __real_vsnprintf(buffer, size, format, list), CT_WRAP_PC);
}

int __wrap_sprintf(char *buffer, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = __real_vsprintf(buffer, format, list);
	va_end(list);
	return prints(buffer, SIZE_MAX, length, CT_WRAP_PC);
}

int __wrap_vsprintf(char *buffer, const char *format, va_list list)
{
	return prints(buffer, SIZE_MAX, __real_vsprintf(buffer, format, list), CT_WRAP_PC);
}
