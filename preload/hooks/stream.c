#include "hooks/stream.h"

#include <stdio_ext.h>

#include "hooks/real.h"
#include "hooks/sockets.h"

/* Of libio's ABI, in no header. The stream has a descriptor; it reads what ungetc gave back, and
 * what it read before is put aside in the save area. */
#define IS_FILEBUF 0x2000
#define IN_BACKUP 0x0100
#define OFFSET_UNKNOWN (-1)
#define DEFAULT_BUFFER 4096u /* of a pipe's or socket's stream before it has one */

/* libc's list of all streams. */
extern FILE *_IO_list_all __attribute__((weak));
void _IO_list_lock(void) __attribute__((weak));
void _IO_list_unlock(void) __attribute__((weak));

void ct_stream_begin(struct ct_stream *stream, FILE *file, bool lock, uintptr_t pc, uintptr_t sp)
{
	stream->call.pending = false;
	stream->file = file;
	stream->pc = pc;
	stream->sp = sp;
	stream->locked = !ct_stream_alone(lock);
	if (stream->locked)
		CT_REAL(flockfile)(file);
	stream->inode = file->_flags & IS_FILEBUF ? ct_fd_get(file->_fileno).object : 0;
	if (CT_KERNEL_CLASS(stream->inode) != CT_KERNEL_INODE)
		stream->inode = 0; /* nobody reads an eventfd by the line */
}

size_t ct_stream_unread(const FILE *file)
{
	size_t unread = (size_t)(file->_IO_read_end - file->_IO_read_ptr);

	if (file->_flags & IN_BACKUP)
		unread += (size_t)(file->_IO_save_end - file->_IO_save_base);
	return unread;
}

/* Of a request. */
static uint16_t flags_of(const struct ct_stream *stream, bool writes)
{
	return CT_F_STDIO | ct_socket_timed(fileno_unlocked(stream->file), writes);
}

void ct_stream_reads(struct ct_stream *stream, bool more)
{
	stream->before = ct_stream_unread(stream->file);
	if (stream->inode && more && !feof_unlocked(stream->file))
		ct_call_request(&stream->call, CT_EV_READ, flags_of(stream, false), stream->inode,
				0, stream->pc, stream->sp);
}

/* No bytes and no error: the end of file, which only who asked for more can have met. */
static void finish(struct ct_stream *stream, uint16_t event, uint64_t bytes, int error)
{
	if (!stream->inode)
		return;
	if (stream->call.pending)
		ct_call_complete_with(&stream->call, error, stream->inode, bytes);
	else if (error)
		ct_call_failed(event, CT_F_STDIO, stream->inode, error, stream->pc, stream->sp);
	else if (bytes)
		ct_call_event(event, CT_F_STDIO, stream->inode, bytes, stream->pc, stream->sp);
}

static void has_taken(struct ct_stream *stream, uint64_t bytes)
{
	bool nothing = stream->call.pending && bytes == 0 && !feof_unlocked(stream->file);

	finish(stream, CT_EV_READ, bytes, nothing ? errno : 0);
}

void ct_stream_has_read(struct ct_stream *stream, size_t size)
{
	size_t had = size + ct_stream_unread(stream->file);

	has_taken(stream, had > stream->before ? had - stream->before : 0);
}

/* libc keeps the offset of a stream that it knows it for, and does not for what cannot seek: so it
 * counts for us, for the length of the call. */
void ct_stream_scans(struct ct_stream *stream, bool more)
{
	ct_stream_reads(stream, more);
	stream->offset = stream->file->_offset;
	if (stream->inode && stream->offset == OFFSET_UNKNOWN)
		stream->file->_offset = 0;
}

void ct_stream_has_scanned(struct ct_stream *stream, bool something)
{
	int64_t now = stream->file->_offset, begin = stream->offset;

	if (!stream->inode)
		return;
	if (begin == OFFSET_UNKNOWN) {
		stream->file->_offset = OFFSET_UNKNOWN;
		begin = 0;
	}
	/* The end of file makes libc forget the offset: then all that is sure is whether anything
	 * came, if it can have come from nowhere else. */
	if (now < begin)
		has_taken(stream, something && stream->call.pending);
	else
		has_taken(stream, (uint64_t)(now - begin));
}

static size_t pending(const FILE *file)
{
	return (size_t)(file->_IO_write_ptr - file->_IO_write_base);
}

/* How much can be added before the buffer is written out. */
static size_t room_of(FILE *file)
{
	size_t size = __fbufsize(file), used = pending(file);

	if (size == 0 && file != stderr)
		size = DEFAULT_BUFFER;
	if (size <= 1) /* unbuffered */
		return 0;
	return size > used ? size - used : 0;
}

static void request_write(struct ct_stream *stream, size_t size)
{
	ct_call_request(&stream->call, CT_EV_WRITE, flags_of(stream, true), stream->inode,
			stream->before + size, stream->pc, stream->sp);
}

void ct_stream_writes(struct ct_stream *stream, size_t size, bool newline)
{
	FILE *file = stream->file;

	stream->before = pending(file);
	if (stream->inode && size && (size > room_of(file) || (newline && __flbf(file))))
		request_write(stream, size);
}

void ct_stream_flushes(struct ct_stream *stream)
{
	stream->before = pending(stream->file);
	if (stream->inode && stream->before)
		request_write(stream, 0);
}

void ct_stream_has_written(struct ct_stream *stream, size_t size, bool failed)
{
	size_t had = stream->before + size, has = pending(stream->file);

	finish(stream, CT_EV_WRITE, !failed && had > has ? had - has : 0, failed ? errno : 0);
}

static int flush(struct ct_stream *stream)
{
	int error;

	if (!pending(stream->file))
		return 0;
	ct_stream_flushes(stream);
	error = CT_REAL(fflush)(stream->file) ? errno : 0;
	ct_stream_has_written(stream, 0, error);
	return error;
}

int ct_stream_flush(FILE *file, uintptr_t pc, uintptr_t sp)
{
	CT_STREAM_SCOPE struct ct_stream stream;
	int error, saved = errno;

	ct_stream_begin(&stream, file, true, pc, sp);
	error = stream.inode ? flush(&stream) : 0;
	errno = saved;
	return error;
}

static void unlock_list(const int *unused)
{
	(void)unused;
	_IO_list_unlock();
}

/* A stream that another thread has locked is left alone: exit does not wait for it either. */
static int flush_if_free(FILE *file, uintptr_t pc, uintptr_t sp)
{
	int error;

	if (!ct_stream_tracked(file) || CT_REAL(ftrylockfile)(file))
		return 0;
	error = ct_stream_flush(file, pc, sp);
	CT_REAL(funlockfile)(file);
	return error;
}

/* As libc does it: the list stays locked, but for a cancellation. */
static int flush_list(uintptr_t pc, uintptr_t sp)
{
	__attribute__((cleanup(unlock_list))) int error = 0;

	for (FILE *file = _IO_list_all; file; file = file->_chain) {
		int failed = flush_if_free(file, pc, sp);

		error = failed ? failed : error;
	}
	return error;
}

int ct_stream_flush_all(uintptr_t pc, uintptr_t sp)
{
	if (!&_IO_list_all || !_IO_list_lock || !_IO_list_unlock)
		return 0;
	_IO_list_lock();
	return flush_list(pc, sp);
}
