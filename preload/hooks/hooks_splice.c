/*
 * What moves data from one descriptor to another inside the kernel: a read of the one and a write
 * of the other, as far as they are tracked. What may wait for either has a request of either.
 */
#include <poll.h>
#include <sys/sendfile.h>

#include "hooks/fds.h"
#include "hooks/real.h"
#include "hooks/transfer.h"
#include "sys/kernel.h"

static bool is_readable(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};
	struct timespec now = {0, 0};

	return CT_SYS(SYS_ppoll, &one, 1, &now, NULL, 0, 0) == 1;
}

struct move {
	struct ct_call read, write;
};

/* The live page shows the last request: what the call will wait for as things are now. */
static void begin(struct move *move, int in, int out, uint16_t read_flags, size_t size,
		  uintptr_t pc, uintptr_t sp)
{
	bool both = ct_fd_tracked(in) && ct_fd_tracked(out);

	move->read.pending = move->write.pending = false;
	if (both && is_readable(in)) {
		ct_transfer_request(&move->read, CT_EV_READ, read_flags, in, size, pc, sp);
		ct_transfer_request(&move->write, CT_EV_WRITE, 0, out, size, pc, sp);
	} else {
		ct_transfer_request(&move->write, CT_EV_WRITE, 0, out, size, pc, sp);
		ct_transfer_request(&move->read, CT_EV_READ, read_flags, in, size, pc, sp);
	}
}

static void finish(struct move *move, ssize_t done)
{
	ct_transfer_complete(&move->read, done, NULL);
	ct_transfer_complete(&move->write, done, NULL);
}

static void abandon(struct move *move)
{
	ct_call_abandon(&move->read);
	ct_call_abandon(&move->write);
}

#define MOVE(name, params, args, in, out, read_flags)                                              \
	static __attribute__((noinline))                                                           \
	ssize_t name##_tracked(uintptr_t pc, uintptr_t sp, CT_INSIDE params)                       \
	{                                                                                          \
		__attribute__((cleanup(abandon))) struct move move;                                \
		ssize_t done;                                                                      \
		begin(&move, in, out, read_flags, size, pc, sp);                                   \
		done = CT_REAL(name)(CT_INSIDE args);                                              \
		finish(&move, done);                                                               \
		return done;                                                                       \
	}                                                                                          \
	CT_EXPORT ssize_t name params                                                              \
	{                                                                                          \
		if (ct_fd_tracked(in) || ct_fd_tracked(out))                                       \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

MOVE(splice,
     (int in, off64_t *in_offset, int out, off64_t *out_offset, size_t size, unsigned flags),
     (in, in_offset, out, out_offset, size, flags), in, out, 0)
MOVE(tee, (int in, int out, size_t size, unsigned flags), (in, out, size, flags), in, out,
     CT_F_PEEK)
MOVE(sendfile, (int out, int in, off_t *offset, size_t size), (out, in, offset, size), in, out, 0)
MOVE(sendfile64, (int out, int in, off64_t *offset, size_t size), (out, in, offset, size), in, out,
     0)
#undef MOVE

static __attribute__((noinline)) ssize_t vmsplice_tracked(uintptr_t pc, uintptr_t sp, int fd,
							  const struct iovec *parts, size_t count,
							  unsigned flags)
{
	CT_CALL_SCOPE struct ct_call call;
	ssize_t done;

	ct_transfer_request(&call, ct_fd_get(fd).access == 1 ? CT_EV_READ : CT_EV_WRITE, 0, fd, 0,
			    pc, sp);
	done = CT_REAL(vmsplice)(fd, parts, count, flags);
	ct_transfer_complete(&call, done, parts);
	return done;
}

/* To the writing end of a pipe, or from the reading one. */
CT_EXPORT ssize_t vmsplice(int fd, const struct iovec *parts, size_t count, unsigned flags)
{
	if (ct_fd_tracked(fd))
		return vmsplice_tracked(CT_CALLER, fd, parts, count, flags);
	return CT_REAL(vmsplice)(fd, parts, count, flags);
}
