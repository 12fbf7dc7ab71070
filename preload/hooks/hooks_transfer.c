/* read and write, in all their forms but those at an offset, which pipes and sockets do not have.
 */
#include <sys/uio.h>
#include <unistd.h>

#include "hooks/fds.h"
#include "hooks/real.h"
#include "hooks/transfer.h"

/* In no header, or only where _FORTIFY_SOURCE is set. */
ssize_t __read(int fd, void *buffer, size_t size);
ssize_t __write(int fd, const void *buffer, size_t size);
ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);

#define TRANSFER(EVENT, name, params, args, flags, wanted, parts)                                  \
	static __attribute__((noinline))                                                           \
	ssize_t name##_tracked(uintptr_t pc, uintptr_t sp, CT_INSIDE params)                       \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		ssize_t done;                                                                      \
		ct_transfer_request(&call, CT_EV_##EVENT, flags, fd, wanted, pc, sp);              \
		done = CT_REAL(name)(CT_INSIDE args);                                              \
		ct_transfer_complete(&call, done, parts);                                          \
		return done;                                                                       \
	}                                                                                          \
	CT_EXPORT ssize_t name params                                                              \
	{                                                                                          \
		if (CT_UNLIKELY(ct_fd_tracked(fd)))                                                \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

#define BLOCK(EVENT, name, params, args)                                                           \
	TRANSFER(EVENT, name, params, args, 0, size,                                               \
		 (&(struct iovec){(void *)(uintptr_t)buffer, size}))

BLOCK(READ, read, (int fd, void *buffer, size_t size), (fd, buffer, size))
BLOCK(READ, __read, (int fd, void *buffer, size_t size), (fd, buffer, size))
BLOCK(READ, __read_chk, (int fd, void *buffer, size_t size, size_t room), (fd, buffer, size, room))
BLOCK(WRITE, write, (int fd, const void *buffer, size_t size), (fd, buffer, size))
BLOCK(WRITE, __write, (int fd, const void *buffer, size_t size), (fd, buffer, size))
#undef BLOCK

#define PARTS(EVENT, name)                                                                         \
	TRANSFER(EVENT, name, (int fd, const struct iovec *parts, int count), (fd, parts, count),  \
		 0, 0, parts)

PARTS(READ, readv)
PARTS(WRITE, writev)
#undef PARTS

/* At offset -1 they are readv and writev with flags. */
#define PARTS(EVENT, name, off)                                                                    \
	TRANSFER(EVENT, name,                                                                      \
		 (int fd, const struct iovec *parts, int count, off offset, int flags),            \
		 (fd, parts, count, offset, flags), flags &RWF_NOWAIT ? CT_F_TRY : 0, 0, parts)

PARTS(READ, preadv2, off_t)
PARTS(READ, preadv64v2, off64_t)
PARTS(WRITE, pwritev2, off_t)
PARTS(WRITE, pwritev64v2, off64_t)
#undef PARTS
#undef TRANSFER
