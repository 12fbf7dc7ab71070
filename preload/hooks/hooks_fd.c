/*
 * Where descriptors come from and go to: pipes and FIFOs are opened here, descriptors of all kinds
 * copied and closed. Opened and copied is stamped after the real call, closed before it.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/file_lock.h"
#include "hooks/real.h"
#include "record/process.h"
#include "record/traps.h"
#include "sys/kernel.h"

/* Declared where _FORTIFY_SOURCE is set only. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

/* Exported by libc, in no header. */
int __open(const char *path, int flags, ...);
int __open64(const char *path, int flags, ...);
int __pipe(int fds[2]);
int __dup2(int fd, int target);
int __fcntl(int fd, int command, ...);
int __close(int fd);

static void made_pipe(const int fds[2], uintptr_t pc, uintptr_t sp)
{
	uint64_t inode;

	if (!ct_state.session)
		return;
	inode = ct_fd_inode(fds[0]);
	ct_fd_made_nameless(fds[0], (struct ct_fd){inode, 1}, pc, sp);
	ct_fd_made_nameless(fds[1], (struct ct_fd){inode, 2}, pc, sp);
}

#define PIPE(name)                                                                                 \
	CT_EXPORT int name(int fds[2])                                                             \
	{                                                                                          \
		int result = CT_REAL(name)(fds);                                                   \
		if (result == 0)                                                                   \
			made_pipe(fds, CT_CALLER);                                                 \
		return result;                                                                     \
	}

PIPE(pipe)
PIPE(__pipe)
#undef PIPE

CT_EXPORT int pipe2(int fds[2], int flags)
{
	int result = CT_REAL(pipe2)(fds, flags);

	if (result == 0)
		made_pipe(fds, CT_CALLER);
	return result;
}

/* A descriptor of another process, which came here. */
CT_EXPORT int pidfd_getfd(int pidfd, int fd, unsigned flags)
{
	int copy = CT_REAL(pidfd_getfd)(pidfd, fd, flags);

	if (copy >= 0)
		ct_fd_opened(copy, CT_CALLER);
	return copy;
}

/* What an open returned. Inline in the hook, for its CT_CALLER. */
#define OPENED(fd) ((fd) < 0 ? (void)0 : ct_fd_opened(fd, CT_CALLER))

#define OPEN(name, params, args, last)                                                             \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		mode_t mode = 0;                                                                   \
		int fd;                                                                            \
		if (__OPEN_NEEDS_MODE(flags)) {                                                    \
			va_list list;                                                              \
			va_start(list, last);                                                      \
			mode = va_arg(list, mode_t);                                               \
			va_end(list);                                                              \
		}                                                                                  \
		fd = CT_REAL(name)(CT_INSIDE args);                                                \
		OPENED(fd);                                                                        \
		return fd;                                                                         \
	}

OPEN(open, (const char *path, int flags, ...), (path, flags, mode), flags)
OPEN(open64, (const char *path, int flags, ...), (path, flags, mode), flags)
OPEN(__open, (const char *path, int flags, ...), (path, flags, mode), flags)
OPEN(__open64, (const char *path, int flags, ...), (path, flags, mode), flags)
OPEN(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), flags)
OPEN(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), flags)
#undef OPEN

#define OPEN(name, params, args)                                                                   \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int fd = CT_REAL(name)(CT_INSIDE args);                                            \
		OPENED(fd);                                                                        \
		return fd;                                                                         \
	}

OPEN(creat, (const char *path, mode_t mode), (path, mode))
OPEN(creat64, (const char *path, mode_t mode), (path, mode))
OPEN(__open_2, (const char *path, int flags), (path, flags))
OPEN(__open64_2, (const char *path, int flags), (path, flags))
OPEN(__openat_2, (int folder, const char *path, int flags), (folder, path, flags))
OPEN(__openat64_2, (int folder, const char *path, int flags), (folder, path, flags))
#undef OPEN

CT_EXPORT int dup(int fd)
{
	int copy = CT_REAL(dup)(fd);

	if (copy >= 0)
		ct_fd_copied(fd, copy, CT_CALLER);
	return copy;
}

/* Descriptors of the trap engine's are unknown to the program: what it thinks to be free, is. */
static inline void makes_room(int target)
{
	if (CT_UNLIKELY(ct_traps != NULL) && target >= 0)
		ct_traps->closing((unsigned)target, (unsigned)target);
}

static void copied_onto(int fd, int target, int result, struct ct_fd before, uintptr_t pc,
			uintptr_t sp)
{
	if (result < 0)
		ct_fd_not_closed(target, before, pc, sp);
	else
		ct_fd_copied(fd, target, pc, sp);
}

#define DUP2(name)                                                                                 \
	CT_EXPORT int name(int fd, int target)                                                     \
	{                                                                                          \
		struct ct_fd before;                                                               \
		int result;                                                                        \
		makes_room(target);                                                                \
		if (fd == target || (!ct_fd_tracked(fd) && !ct_fd_tracked(target)))                \
			return CT_REAL(name)(fd, target);                                          \
		before = ct_fd_closing(target, CT_CALLER);                                         \
		result = CT_REAL(name)(fd, target);                                                \
		copied_onto(fd, target, result, before, CT_CALLER);                                \
		return result;                                                                     \
	}

DUP2(dup2)
DUP2(__dup2)
#undef DUP2

CT_EXPORT int dup3(int fd, int target, int flags)
{
	struct ct_fd before;
	int result;

	makes_room(target);
	if (fd == target || (!ct_fd_tracked(fd) && !ct_fd_tracked(target)))
		return CT_REAL(dup3)(fd, target, flags);
	before = ct_fd_closing(target, CT_CALLER);
	result = CT_REAL(dup3)(fd, target, flags);
	copied_onto(fd, target, result, before, CT_CALLER);
	return result;
}

/* Every command's argument passes through as a pointer, as in libc itself. */
#define FCNTL(name)                                                                                \
	CT_EXPORT int name(int fd, int command, ...)                                               \
	{                                                                                          \
		va_list list;                                                                      \
		void *arg;                                                                         \
		int result;                                                                        \
		va_start(list, command);                                                           \
		arg = va_arg(list, void *);                                                        \
		va_end(list);                                                                      \
		if (CT_UNLIKELY(ct_file_lock_command(command)))                                    \
			return ct_file_lock_fcntl(&CT_REAL(name), fd, command, arg, CT_CALLER);    \
		result = CT_REAL(name)(fd, command, arg);                                          \
		if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && result >= 0)             \
			ct_fd_copied(fd, result, CT_CALLER);                                       \
		return result;                                                                     \
	}

FCNTL(fcntl)
FCNTL(fcntl64)
FCNTL(__fcntl)
#undef FCNTL

static __attribute__((noinline)) int close_tracked(uintptr_t pc, uintptr_t sp, int fd)
{
	struct ct_fd before = ct_fd_closing(fd, pc, sp);
	int result = CT_REAL(close)(fd);

	if (result && errno == EBADF) /* it was gone; after any other error it is now */
		ct_call_failed(CT_EV_FD_CLOSE, 0, before.object, EBADF, pc, sp);
	return result;
}

#define CLOSE(name)                                                                                \
	CT_EXPORT int name(int fd)                                                                 \
	{                                                                                          \
		if (ct_fd_tracked(fd))                                                             \
			return close_tracked(CT_CALLER, fd);                                       \
		if (CT_UNLIKELY(ct_traps != NULL) && ct_traps->owns(fd)) {                         \
			errno = EBADF;                                                             \
			return -1;                                                                 \
		}                                                                                  \
		return CT_REAL(name)(fd);                                                          \
	}

CLOSE(close)
CLOSE(__close)
#undef CLOSE

CT_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
	if (!((unsigned)flags & ~CLOSE_RANGE_UNSHARE))
		ct_fd_closing_range(first, last, CT_CALLER);
	if (ct_traps && !((unsigned)flags & CLOSE_RANGE_CLOEXEC))
		ct_traps->closing(first, last);
	return CT_REAL(close_range)(first, last, flags);
}

CT_EXPORT void closefrom(int first)
{
	ct_fd_closing_range(first < 0 ? 0 : (unsigned)first, UINT_MAX, CT_CALLER);
	if (ct_traps)
		ct_traps->closing(first < 0 ? 0 : (unsigned)first, UINT_MAX);
	CT_REAL(closefrom)(first);
}
