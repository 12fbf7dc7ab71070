/* What sockets send and receive. A peek takes nothing, and counts 0 bytes. */
#include <sys/socket.h>

#include "hooks/fds.h"
#include "hooks/real.h"
#include "hooks/transfer.h"

/* In no header, or only where _FORTIFY_SOURCE is set. */
ssize_t __send(int fd, const void *buffer, size_t size, int flags);
ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
		       __SOCKADDR_ARG address, socklen_t *address_size);

static uint16_t event_flags(int flags)
{
	return (uint16_t)((flags & MSG_DONTWAIT ? CT_F_TRY : 0) |
			  (flags & (MSG_PEEK | MSG_ERRQUEUE) ? CT_F_PEEK : 0));
}

/* `bytes` of a call that returned `done`; `after` is done when they are known. */
#define MESSAGE(EVENT, type, name, params, args, more_flags, wanted, bytes, after)                 \
	static __attribute__((noinline))                                                           \
	type name##_tracked(uintptr_t pc, uintptr_t sp, CT_INSIDE params)                          \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		type done;                                                                         \
		ct_transfer_request(&call, CT_EV_##EVENT,                                          \
				    (uint16_t)(event_flags(flags) | (more_flags)), fd, wanted, pc, \
				    sp);                                                           \
		done = CT_REAL(name)(CT_INSIDE args);                                              \
		ct_transfer_complete(&call, bytes, NULL);                                          \
		after;                                                                             \
		return done;                                                                       \
	}                                                                                          \
	CT_EXPORT type name params                                                                 \
	{                                                                                          \
		if (ct_fd_tracked(fd))                                                             \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

#define BLOCK(EVENT, name, params, args)                                                           \
	MESSAGE(EVENT, ssize_t, name, params, args, 0, size, done, (void)0)

BLOCK(SEND, send, (int fd, const void *buffer, size_t size, int flags), (fd, buffer, size, flags))
BLOCK(SEND, __send, (int fd, const void *buffer, size_t size, int flags), (fd, buffer, size, flags))
BLOCK(SEND, sendto,
      (int fd, const void *buffer, size_t size, int flags, __CONST_SOCKADDR_ARG address,
       socklen_t address_size),
      (fd, buffer, size, flags, address, address_size))
BLOCK(RECV, recv, (int fd, void *buffer, size_t size, int flags), (fd, buffer, size, flags))
BLOCK(RECV, __recv_chk, (int fd, void *buffer, size_t size, size_t room, int flags),
      (fd, buffer, size, room, flags))
BLOCK(RECV, recvfrom,
      (int fd, void *buffer, size_t size, int flags, __SOCKADDR_ARG address,
       socklen_t *address_size),
      (fd, buffer, size, flags, address, address_size))
BLOCK(RECV, __recvfrom_chk,
      (int fd, void *buffer, size_t size, size_t room, int flags, __SOCKADDR_ARG address,
       socklen_t *address_size),
      (fd, buffer, size, room, flags, address, address_size))
#undef BLOCK

/* Descriptors that came with a message. */
static void received(struct msghdr *message, uintptr_t pc, uintptr_t sp)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = CMSG_LEN(0); at + sizeof(int) <= part->cmsg_len;
		     at += sizeof(int)) {
			int fd;

			__builtin_memcpy(&fd, (const char *)part + at, sizeof(fd));
			ct_fd_opened(fd, pc, sp);
		}
	}
}

/* Descriptors that went with a message. */
static void sent(int through, const struct msghdr *message, uintptr_t pc, uintptr_t sp)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR((struct msghdr *)message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = CMSG_LEN(0); at + sizeof(int) <= part->cmsg_len;
		     at += sizeof(int)) {
			int fd;

			__builtin_memcpy(&fd, (const char *)part + at, sizeof(fd));
			if (ct_fd_tracked(fd))
				ct_call_event(CT_EV_FD_SEND, 0, ct_fd_get(fd).object,
					      ct_fd_get(through).object, pc, sp);
		}
	}
}

static void sent_all(int through, const struct mmsghdr *messages, int count, uintptr_t pc,
		     uintptr_t sp)
{
	for (int i = 0; i < count; i++)
		sent(through, &messages[i].msg_hdr, pc, sp);
}

static void received_all(struct mmsghdr *messages, int count, uintptr_t pc, uintptr_t sp)
{
	for (int i = 0; i < count; i++)
		received(&messages[i].msg_hdr, pc, sp);
}

/* The bytes of the `count` first messages, or -1. */
static ssize_t sum_of(const struct mmsghdr *messages, int count)
{
	ssize_t bytes = count < 0 ? -1 : 0;

	for (int i = 0; i < count; i++)
		bytes += messages[i].msg_len;
	return bytes;
}

MESSAGE(SEND, ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags),
	(fd, message, flags), 0, 0, done, done < 0 ? (void)0 : sent(fd, message, pc, sp))
MESSAGE(RECV, ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags),
	0, 0, done, done < 0 ? (void)0 : received(message, pc, sp))
MESSAGE(SEND, int, sendmmsg, (int fd, struct mmsghdr *messages, unsigned count, int flags),
	(fd, messages, count, flags), 0, 0, sum_of(messages, done),
	sent_all(fd, messages, done, pc, sp))
MESSAGE(RECV, int, recvmmsg,
	(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *limit),
	(fd, messages, count, flags, limit), limit ? CT_F_TIMED : 0, 0, sum_of(messages, done),
	received_all(messages, done, pc, sp))
#undef MESSAGE
