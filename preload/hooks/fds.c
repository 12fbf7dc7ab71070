#include "hooks/fds.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "hooks/call.h"
#include "hooks/environment.h"
#include "hooks/stream.h"
#include "record/defs.h"
#include "record/fork.h"
#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define FDS_WITHOUT_PROC 1024

uint8_t ct_fd_access[CT_FDS_MAX];
static uint64_t objects[CT_FDS_MAX];
static unsigned tracked_end; /* no tracked descriptor is as high */

struct ct_fd ct_fd_get(int fd)
{
	struct ct_fd entry = {0, 0};

	if (!ct_fd_tracked(fd))
		return entry;
	entry.access = __atomic_load_n(&ct_fd_access[fd], __ATOMIC_ACQUIRE);
	entry.object = __atomic_load_n(&objects[fd], __ATOMIC_RELAXED);
	return entry;
}

/* Whether the table is about the descriptors of the process that runs here. */
static bool table_is_ours(void)
{
	const struct ct_process *process = ct_state.process;

	return process && (process->pid == ct_sys_pid() || ct_fork_unnoticed());
}

static void set(int fd, struct ct_fd entry)
{
	unsigned above = (unsigned)fd + 1, known = __atomic_load_n(&tracked_end, __ATOMIC_RELAXED);

	if (!table_is_ours())
		return;
	while (known < above && !__atomic_compare_exchange_n(&tracked_end, &known, above, false,
							     __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	__atomic_store_n(&objects[fd], entry.object, __ATOMIC_RELAXED);
	__atomic_store_n(&ct_fd_access[fd], entry.access, __ATOMIC_RELEASE);
}

static void forget(int fd)
{
	if (ct_fd_tracked(fd) && table_is_ours())
		__atomic_store_n(&ct_fd_access[fd], 0, __ATOMIC_RELEASE);
}

/* Access to a pipe or FIFO, by how it was opened. */
static uint8_t access_of(int fd)
{
	long flags = CT_SYS(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);

	return flags < 0 || flags & O_PATH ? 0 : (uint8_t)(((flags & O_ACCMODE) + 1) & 3);
}

void ct_fd_made(int fd, struct ct_fd entry, uintptr_t pc, uintptr_t sp)
{
	if ((unsigned)fd >= CT_FDS_MAX)
		return;
	ct_call_event(CT_EV_FD_OPEN, 0, entry.object, CT_FD_ARG(fd, entry.access), pc, sp);
	set(fd, entry);
}

void ct_fd_opened(int fd, uintptr_t pc, uintptr_t sp)
{
	struct stat info;
	struct ct_fd entry;

	if ((unsigned)fd >= CT_FDS_MAX || !ct_state.session)
		return;
	if (ct_sys_fstat(fd, &info) < 0 || !S_ISFIFO(info.st_mode)) {
		forget(fd); /* closed by a way that no hook saw */
		return;
	}
	entry = (struct ct_fd){info.st_ino, access_of(fd)};
	if (entry.access)
		ct_fd_made(fd, entry, pc, sp);
}

void ct_fd_opened_file(FILE *file, uintptr_t pc, uintptr_t sp)
{
	int saved = errno;

	ct_fd_opened(fileno(file), pc, sp);
	errno = saved;
}

void ct_fd_copied(int from, int to, uintptr_t pc, uintptr_t sp)
{
	struct ct_fd entry = ct_fd_get(from);

	if (!entry.access) {
		forget(to);
		return;
	}
	if ((unsigned)to >= CT_FDS_MAX)
		return;
	ct_call_event(CT_EV_FD_DUP, 0, entry.object, CT_FD_ARG(to, entry.access), pc, sp);
	set(to, entry);
}

struct ct_fd ct_fd_closing(int fd, uintptr_t pc, uintptr_t sp)
{
	struct ct_fd entry = ct_fd_get(fd);

	if (!entry.access)
		return entry;
	ct_call_event(CT_EV_FD_CLOSE, 0, entry.object, CT_FD_ARG(fd, entry.access), pc, sp);
	forget(fd); /* before the real close: afterwards the number may be another thread's */
	return entry;
}

void ct_fd_closing_range(unsigned first, unsigned last, uintptr_t pc, uintptr_t sp)
{
	unsigned limit = __atomic_load_n(&tracked_end, __ATOMIC_RELAXED);

	for (unsigned fd = first; fd < limit && fd <= last; fd++)
		if (ct_fd_tracked((int)fd))
			ct_fd_closing((int)fd, pc, sp);
}

void ct_fd_not_closed(int fd, struct ct_fd before, uintptr_t pc, uintptr_t sp)
{
	if (!before.access)
		return;
	ct_call_failed(CT_EV_FD_CLOSE, 0, before.object, errno, pc, sp);
	set(fd, before);
}

/* Sockets without names on both sides are a socketpair's. */
static bool is_unnamed(long name_call, int fd)
{
	struct sockaddr_un name = {.sun_family = AF_UNSPEC};
	socklen_t size = sizeof(name);

	return CT_SYS(name_call, fd, &name, &size, 0, 0, 0) == 0 && name.sun_family == AF_UNIX &&
	       size == sizeof(name.sun_family);
}

static void find(int fd)
{
	struct stat info;
	struct ct_fd entry = {0, 0};

	if ((unsigned)fd >= CT_FDS_MAX || ct_sys_fstat(fd, &info) < 0)
		return;
	entry.object = info.st_ino;
	if (S_ISFIFO(info.st_mode))
		entry.access = access_of(fd);
	else if (S_ISSOCK(info.st_mode) && is_unnamed(SYS_getsockname, fd) &&
		 is_unnamed(SYS_getpeername, fd))
		entry.access = 3;
	if (!entry.access)
		return;
	set(fd, entry);
	ct_defs_fd(ct_state.process, fd, entry.access, entry.object);
}

struct linux_dirent {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

static void find_listed(int folder)
{
	_Alignas(struct linux_dirent) char bytes[2048];
	long size;

	while ((size = CT_SYS(SYS_getdents64, folder, bytes, sizeof(bytes), 0, 0, 0)) > 0) {
		const struct linux_dirent *entry;

		for (long at = 0; at < size; at += entry->size) {
			const char *name;
			uint64_t fd;

			entry = (const struct linux_dirent *)(bytes + at);
			name = entry->name;
			if (ct_str_u64(&name, &fd) && fd < CT_FDS_MAX)
				find((int)fd);
		}
	}
}

/* The last moment: libc would write it out right after all exit handlers, unseen. This one is
 * registered after the one that closes the trace, and so runs before it, after all others. */
static void flush_at_exit(int status, void *unused)
{
	(void)status;
	(void)unused;
	ct_stream_flush_all(CT_CALLER);
}

void ct_hooks_image_started(void)
{
	int folder = ct_sys_open("/proc/self/fd", O_RDONLY | O_DIRECTORY, 0);

	on_exit(flush_at_exit, NULL);
	if (folder >= 0) {
		find_listed(folder);
		ct_sys_close(folder);
		return;
	}
	for (int fd = 0; fd < FDS_WITHOUT_PROC; fd++)
		find(fd);
}
