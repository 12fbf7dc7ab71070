/* What a descriptor is, where only the kernel knows: one that was open when the image began, was
 * received from another process, or was opened by a path. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/vfs.h>

#include "format/ct_format.h"
#include "hooks/call.h"
#include "hooks/environment.h"
#include "hooks/fds.h"
#include "hooks/sockets.h"
#include "hooks/stream.h"
#include "record/defs.h"
#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define FDS_WITHOUT_PROC 1024
#define MESSAGE_QUEUES 0x19800202 /* statfs(2): the file system of mq_open */
#define NUMBER_OF_OURS (UINT64_C(1) << 55)

uint64_t ct_fd_number(void)
{
	if (!ct_state.session)
		return 0;
	return __atomic_add_fetch(&ct_state.session->numbers, 1, __ATOMIC_RELAXED);
}

uint64_t ct_fd_inode(int fd)
{
	struct stat info;

	return ct_sys_fstat(fd, &info) < 0 ? 0 : info.st_ino;
}

/* By how it was opened. */
static uint8_t access_of(int fd)
{
	long flags = CT_SYS(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);

	return flags < 0 || flags & O_PATH ? 0 : (uint8_t)(((flags & O_ACCMODE) + 1) & 3);
}

static void proc_path(char *buffer, size_t size, const char *folder, int fd)
{
	struct ct_line line;

	ct_line_init(&line, buffer, size);
	ct_line_add(&line, folder);
	ct_line_add_u64(&line, (unsigned)fd);
}

/* The kernel's number of an eventfd (Linux 5.2). */
static bool eventfd_id(int fd, uint64_t *out_id)
{
	char text[512];
	const char *at;
	long size;
	int info;

	proc_path(text, sizeof(text), "/proc/self/fdinfo/", fd);
	info = ct_sys_open(text, O_RDONLY, 0);
	if (info < 0)
		return false;
	size = ct_sys_read(info, text, sizeof(text) - 1);
	ct_sys_close(info);
	text[size > 0 ? size : 0] = '\0';
	at = strstr(text, "eventfd-id:");
	if (!at)
		return false;
	at += strlen("eventfd-id:");
	at += strspn(at, " \t");
	return ct_str_u64(&at, out_id);
}

uint64_t ct_fd_eventfd(int fd)
{
	uint64_t id;

	if (!eventfd_id(fd, &id))
		id = ct_fd_number() | NUMBER_OF_OURS;
	return CT_KERNEL_KEY(CT_KERNEL_EVENTFD, id);
}

/* Eventfds and their like have one inode for all; only the name of the link tells them apart. */
static struct ct_fd identify_anonymous(int fd)
{
	static const struct {
		const char *link;
		enum ct_kernel_class class;
	} kinds[] = {
		{"anon_inode:[eventpoll]", CT_KERNEL_EPOLL},
		{"anon_inode:[timerfd]", CT_KERNEL_TIMERFD},
		{"anon_inode:[signalfd]", CT_KERNEL_SIGNALFD},
	};
	char path[64], link[64];
	long size;

	proc_path(path, sizeof(path), "/proc/self/fd/", fd);
	size = CT_SYS(SYS_readlinkat, AT_FDCWD, path, link, sizeof(link) - 1, 0, 0);
	link[size > 0 ? size : 0] = '\0';
	if (ct_str_equal(link, "anon_inode:[eventfd]"))
		return (struct ct_fd){ct_fd_eventfd(fd), 3};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (ct_str_equal(link, kinds[i].link))
			return (struct ct_fd){CT_KERNEL_KEY(kinds[i].class, ct_fd_number()), 3};
	return (struct ct_fd){0, 0};
}

static int socket_option(int fd, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	if (CT_SYS(SYS_getsockopt, fd, SOL_SOCKET, option, &value, &size, 0) < 0)
		return -1;
	return value;
}

struct ct_fd ct_fd_identify(int fd, const struct stat *info)
{
	switch (info->st_mode & S_IFMT) {
	case S_IFIFO:
		return (struct ct_fd){info->st_ino, access_of(fd)};
	case S_IFSOCK:
		if (ct_socket_is_tracked(socket_option(fd, SO_DOMAIN), socket_option(fd, SO_TYPE)))
			return (struct ct_fd){info->st_ino, 3};
		break;
	case 0:
		return identify_anonymous(fd);
	}
	return (struct ct_fd){0, 0};
}

/* Asked for what was open at the begin only: each file that a program opens would pay for it. */
static struct ct_fd identify_queue(int fd, const struct stat *info)
{
	struct statfs system = {0};

	if (CT_SYS(SYS_fstatfs, fd, &system, 0, 0, 0, 0) < 0 || system.f_type != MESSAGE_QUEUES)
		return (struct ct_fd){0, 0};
	return (struct ct_fd){CT_KERNEL_KEY(CT_KERNEL_MQ, info->st_ino), access_of(fd)};
}

static void find(int fd)
{
	struct stat info;
	struct ct_fd entry;

	if ((unsigned)fd >= CT_FDS_MAX || ct_sys_fstat(fd, &info) < 0)
		return;
	entry = S_ISREG(info.st_mode) ? identify_queue(fd, &info) : ct_fd_identify(fd, &info);
	if (!entry.access)
		return;
	ct_fd_found(fd, entry);
	ct_defs_fd(ct_state.process, fd, entry.access, entry.object);
	if (S_ISSOCK(info.st_mode)) {
		ct_socket_may_be_timed();
		ct_socket_define(ct_state.process, fd, entry.object);
	}
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
