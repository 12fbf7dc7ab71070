#ifndef CT_HOOKS_STREAM_H
#define CT_HOOKS_STREAM_H
/*
 * One stdio call on a tracked descriptor. libc's stdio reads and writes behind the back of the
 * hooks of read and write; what it did is seen from the stream's buffer before and after. A call
 * that the buffer answers leaves no record.
 *
 *   {
 *           CT_STREAM_SCOPE struct ct_stream stream;
 *
 *           ct_stream_begin(&stream, file, true, pc, sp);
 *           ct_stream_reads(&stream, ...);           or ct_stream_writes(&stream, ...)
 *           result = CT_REAL(...)(...);
 *           ct_stream_has_read(&stream, ...);        or ct_stream_has_written(&stream, ...)
 *   }
 *
 * The stream stays locked in between, as the real call has it: else other threads' data is counted.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/single_threaded.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/real.h"

struct ct_stream {
	struct ct_call call;
	FILE *file;
	uint64_t inode; /* 0: not a stream of a tracked descriptor after all */
	size_t before;	/* bytes in the buffer */
	int64_t offset;
	uintptr_t pc, sp;
	bool locked;
};

/* Completes and unlocks, also when the call is unwound by a cancellation. */
#define CT_STREAM_SCOPE __attribute__((cleanup(ct_stream_end)))

/* Nearly always right, and cheap; a stream without a descriptor may have any number in there. */
static inline bool ct_stream_tracked(const FILE *file)
{
	return CT_UNLIKELY(ct_fd_tracked(file->_fileno));
}

/* Whether no other thread can change the buffer now. */
static inline bool ct_stream_alone(bool lock)
{
	return !lock || __libc_single_threaded;
}

/* Whether `size` bytes fit in the buffer for sure. A line-buffered stream's ends before it begins.
 */
static inline bool ct_stream_has_room(const FILE *file, size_t size)
{
	return file->_IO_write_end > file->_IO_write_ptr &&
	       (size_t)(file->_IO_write_end - file->_IO_write_ptr) >= size;
}

/* `lock`: the real call locks the stream, too. */
void ct_stream_begin(struct ct_stream *stream, FILE *file, bool lock, uintptr_t pc, uintptr_t sp);
static inline void ct_stream_end(struct ct_stream *stream)
{
	if (CT_UNLIKELY(stream->call.pending))
		ct_call_abandon(&stream->call);
	if (stream->locked)
		CT_REAL(funlockfile)(stream->file);
}

/* Bytes that can be read without asking the kernel. */
size_t ct_stream_unread(const FILE *file);
/* `more`: the buffer will not do. */
void ct_stream_reads(struct ct_stream *stream, bool more);
/* The call handed over `size` bytes. */
void ct_stream_has_read(struct ct_stream *stream, size_t size);
/* For calls that do not tell how much they took: in place of the two above. `something`: it was
 * not nothing. */
void ct_stream_scans(struct ct_stream *stream, bool more);
void ct_stream_has_scanned(struct ct_stream *stream, bool something);

/* About `size` bytes will be added, with or without a newline among them. */
void ct_stream_writes(struct ct_stream *stream, size_t size, bool newline);
/* All of what is buffered will be written. */
void ct_stream_flushes(struct ct_stream *stream);
/* The call added `size` bytes; `failed`: it returned an error. */
void ct_stream_has_written(struct ct_stream *stream, size_t size, bool failed);

/* Writes out what a tracked stream has buffered: 0 or an errno value. Keeps errno. */
int ct_stream_flush(FILE *file, uintptr_t pc, uintptr_t sp);
/* The same of all tracked streams that no thread has locked. */
int ct_stream_flush_all(uintptr_t pc, uintptr_t sp);

#endif
