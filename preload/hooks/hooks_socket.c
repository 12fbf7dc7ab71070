/* Sockets from their birth to their connection. What they send and receive: hooks_message.c. */
#include <errno.h>
#include <sys/socket.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/real.h"
#include "hooks/sockets.h"
#include "record/process.h"

int __connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size); /* in no header */

static void made(int domain, int type, int fd, uintptr_t pc, uintptr_t sp)
{
	if (!ct_state.session)
		return;
	if (ct_socket_is_tracked(domain, type))
		ct_fd_made(fd, (struct ct_fd){ct_fd_inode(fd), 3}, pc, sp);
	else
		ct_fd_forget(fd);
}

CT_EXPORT int socket(int domain, int type, int protocol)
{
	int fd = CT_REAL(socket)(domain, type, protocol);

	if (fd >= 0)
		made(domain, type, fd, CT_CALLER);
	return fd;
}

CT_EXPORT int socketpair(int domain, int type, int protocol, int fds[2])
{
	int result = CT_REAL(socketpair)(domain, type, protocol, fds);

	if (result == 0) {
		made(domain, type, fds[0], CT_CALLER);
		made(domain, type, fds[1], CT_CALLER);
		if (ct_fd_tracked(fds[0]) && ct_fd_tracked(fds[1]))
			ct_call_event(CT_EV_SOCKETPAIR, 0, ct_fd_get(fds[0]).object,
				      ct_fd_get(fds[1]).object, CT_CALLER);
	}
	return result;
}

/* A time limit is no event of its own: who waits says so in the request. */
CT_EXPORT int setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
	if (level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO ||
				    option == SO_RCVTIMEO_NEW || option == SO_SNDTIMEO_NEW))
		ct_socket_may_be_timed();
	return CT_REAL(setsockopt)(fd, level, option, value, size);
}

/* What makes something possible for others is stamped before: they may be quicker. */
#define BEFORE(EVENT, name, params, args, arg, define)                                             \
	static __attribute__((noinline)) int name##_tracked(uintptr_t pc, uintptr_t sp,            \
							    CT_INSIDE params)                      \
	{                                                                                          \
		uint64_t object = ct_fd_get(fd).object;                                            \
		int result;                                                                        \
		ct_call_event(CT_EV_##EVENT, 0, object, (unsigned)(arg), pc, sp);                  \
		result = CT_REAL(name)(CT_INSIDE args);                                            \
		if (result)                                                                        \
			ct_call_failed(CT_EV_##EVENT, 0, object, errno, pc, sp);                   \
		else if (define)                                                                   \
			ct_socket_define(ct_recorder_process(), fd, object);                       \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		if (ct_fd_tracked(fd))                                                             \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

BEFORE(BIND, bind, (int fd, __CONST_SOCKADDR_ARG address, socklen_t size), (fd, address, size), fd,
       true)
BEFORE(LISTEN, listen, (int fd, int backlog), (fd, backlog), backlog, true)
BEFORE(SHUTDOWN, shutdown, (int fd, int how), (fd, how), how, false)
#undef BEFORE

/* The addresses of a connection, also of one that goes on being made in the background. */
static void define_connected(int fd, uint64_t object, int error, const struct sockaddr *address,
			     socklen_t size)
{
	if (error == 0)
		ct_socket_define(ct_recorder_process(), fd, object);
	else if (error == EINPROGRESS || (error == EINTR && address->sa_family != AF_UNIX))
		ct_socket_define_connecting(ct_recorder_process(), fd, object, address, size);
}

#define CONNECT(name)                                                                              \
	static __attribute__((noinline)) int name##_tracked(                                       \
		uintptr_t pc, uintptr_t sp, int fd, __CONST_SOCKADDR_ARG address, socklen_t size)  \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		uint64_t object = ct_fd_get(fd).object;                                            \
		int result, error;                                                                 \
		ct_call_request(&call, CT_EV_CONNECT, 0, object, (unsigned)fd, pc, sp);            \
		result = CT_REAL(name)(fd, address, size);                                         \
		error = ct_errno_of(result);                                                       \
		ct_call_complete(&call, error);                                                    \
		define_connected(fd, object, error, address.__sockaddr__, size);                   \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT int name(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)                   \
	{                                                                                          \
		if (ct_fd_tracked(fd))                                                             \
			return name##_tracked(CT_CALLER, fd, address, size);                       \
		return CT_REAL(name)(fd, address, size);                                           \
	}

CONNECT(connect)
CONNECT(__connect)
#undef CONNECT

static void accepted(struct ct_call *call, int fd, uintptr_t pc, uintptr_t sp)
{
	uint64_t inode, peer;

	if (fd < 0) {
		ct_call_complete(call, errno);
		return;
	}
	inode = ct_fd_inode(fd);
	ct_call_complete_with(call, 0, call->object, inode);
	ct_fd_made(fd, (struct ct_fd){inode, 3}, pc, sp);
	if (!ct_recorder_process())
		return;
	ct_socket_define(ct_recorder_process(), fd, inode);
	peer = ct_socket_is_unix(fd) ? ct_socket_peer(inode) : 0;
	if (peer)
		ct_call_event(CT_EV_SOCKETPAIR, 0, inode, peer, pc, sp);
}

#define ACCEPT(name, params, args)                                                                 \
	static __attribute__((noinline)) int name##_tracked(uintptr_t pc, uintptr_t sp,            \
							    CT_INSIDE params)                      \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		int result;                                                                        \
		ct_call_request(&call, CT_EV_ACCEPT, 0, ct_fd_get(fd).object, (unsigned)fd, pc,    \
				sp);                                                               \
		result = CT_REAL(name)(CT_INSIDE args);                                            \
		accepted(&call, result, pc, sp);                                                   \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		if (ct_fd_tracked(fd))                                                             \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

ACCEPT(accept, (int fd, __SOCKADDR_ARG address, socklen_t *size), (fd, address, size))
ACCEPT(accept4, (int fd, __SOCKADDR_ARG address, socklen_t *size, int flags),
       (fd, address, size, flags))
#undef ACCEPT
