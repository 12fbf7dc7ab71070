/* Streams as a whole: opened, flushed, closed. */
#include <stdio.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/real.h"
#include "hooks/stream.h"
#include "hooks/unsafe.h"
#include "record/process.h"

static __attribute__((noinline)) int fflush_tracked(uintptr_t pc, uintptr_t sp, FILE *file)
{
	CT_STREAM_SCOPE struct ct_stream stream;
	int result;

	ct_stream_begin(&stream, file, true, pc, sp);
	ct_stream_flushes(&stream);
	result = CT_REAL(fflush)(file);
	ct_stream_has_written(&stream, 0, result);
	return result;
}

/* The tracked streams one by one, for their records, and libc the rest. */
static int fflush_all(uintptr_t pc, uintptr_t sp)
{
	int error = ct_state.session ? ct_stream_flush_all(pc, sp) : 0;
	int result = CT_REAL(fflush)(NULL);

	if (!error)
		return result;
	errno = error;
	return EOF;
}

CT_EXPORT int fflush(FILE *file)
{
	CT_UNSAFE(fflush);
	if (!file)
		return fflush_all(CT_CALLER);
	if (ct_stream_tracked(file))
		return fflush_tracked(CT_CALLER, file);
	return CT_REAL(fflush)(file);
}

CT_EXPORT int fflush_unlocked(FILE *file)
{
	CT_UNSAFE(fflush_unlocked);
	if (!file)
		return fflush_all(CT_CALLER);
	if (ct_stream_tracked(file))
		return fflush_tracked(CT_CALLER, file);
	return CT_REAL(fflush_unlocked)(file);
}

int ct_fd_closing_file(FILE *file, uintptr_t pc, uintptr_t sp)
{
	int error, fd, saved = errno;

	if (!ct_stream_tracked(file))
		return 0;
	error = ct_stream_flush(file, pc, sp);
	fd = fileno(file);
	errno = saved;
	ct_fd_closing(fd, pc, sp);
	return error;
}

CT_EXPORT int fclose(FILE *file)
{
	int error, result;

	CT_UNSAFE(fclose);
	error = ct_fd_closing_file(file, CT_CALLER);
	result = CT_REAL(fclose)(file);
	if (!error || result)
		return result;
	errno = error;
	return EOF;
}

/* Inline in the hook, for its CT_CALLER. */
#define OPENED(file) ((file) && ct_state.session ? ct_fd_opened_file(file, CT_CALLER) : (void)0)

CT_EXPORT FILE *fopen(const char *path, const char *mode)
{
	FILE *file;

	CT_UNSAFE(fopen);
	file = CT_REAL(fopen)(path, mode);
	OPENED(file);
	return file;
}

CT_EXPORT FILE *fopen64(const char *path, const char *mode)
{
	FILE *file;

	CT_UNSAFE(fopen64);
	file = CT_REAL(fopen64)(path, mode);
	OPENED(file);
	return file;
}

CT_EXPORT FILE *freopen(const char *path, const char *mode, FILE *old)
{
	FILE *file;

	CT_UNSAFE(freopen);
	ct_fd_closing_file(old, CT_CALLER);
	file = CT_REAL(freopen)(path, mode, old);
	OPENED(file);
	return file;
}

CT_EXPORT FILE *freopen64(const char *path, const char *mode, FILE *old)
{
	FILE *file;

	CT_UNSAFE(freopen64);
	ct_fd_closing_file(old, CT_CALLER);
	file = CT_REAL(freopen64)(path, mode, old);
	OPENED(file);
	return file;
}
