#include "hooks/fds.h"

#include <errno.h>

#include "hooks/call.h"
#include "hooks/sockets.h"
#include "record/fork.h"
#include "record/process.h"
#include "sys/kernel.h"

uint8_t ct_fd_access[CT_FDS_MAX];
static uint64_t objects[CT_FDS_MAX];
static unsigned tracked_end;

struct ct_fd ct_fd_get(int fd)
{
	struct ct_fd entry = {0, 0};

	if (!ct_fd_tracked(fd))
		return entry;
	entry.access = __atomic_load_n(&ct_fd_access[fd], __ATOMIC_ACQUIRE);
	entry.object = __atomic_load_n(&objects[fd], __ATOMIC_RELAXED);
	return entry;
}

unsigned ct_fd_end(void)
{
	return __atomic_load_n(&tracked_end, __ATOMIC_RELAXED);
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

void ct_fd_forget(int fd)
{
	if (ct_fd_tracked(fd) && table_is_ours())
		__atomic_store_n(&ct_fd_access[fd], 0, __ATOMIC_RELEASE);
}

static void made(int fd, struct ct_fd entry, uint16_t flags, uintptr_t pc, uintptr_t sp)
{
	if ((unsigned)fd >= CT_FDS_MAX)
		return;
	ct_call_event(CT_EV_FD_OPEN, flags, entry.object, CT_FD_ARG(fd, entry.access), pc, sp);
	set(fd, entry);
}

void ct_fd_made(int fd, struct ct_fd entry, uintptr_t pc, uintptr_t sp)
{
	made(fd, entry, 0, pc, sp);
}

void ct_fd_made_nameless(int fd, struct ct_fd entry, uintptr_t pc, uintptr_t sp)
{
	made(fd, entry, CT_F_PRIVATE, pc, sp);
}

void ct_fd_found(int fd, struct ct_fd entry)
{
	set(fd, entry);
}

void ct_fd_opened(int fd, uintptr_t pc, uintptr_t sp)
{
	struct stat info;
	struct ct_fd entry = {0, 0};

	if ((unsigned)fd >= CT_FDS_MAX || !ct_state.session)
		return;
	if (ct_sys_fstat(fd, &info) == 0)
		entry = ct_fd_identify(fd, &info);
	if (!entry.access) {
		ct_fd_forget(fd); /* what it was, was closed by a way that no hook saw */
		return;
	}
	ct_fd_made(fd, entry, pc, sp);
	if (S_ISSOCK(info.st_mode)) {
		ct_socket_may_be_timed();
		ct_socket_define(ct_recorder_process(), fd, entry.object);
	}
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
		ct_fd_forget(to);
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
	ct_fd_forget(fd); /* before the real close: afterwards the number may be another thread's */
	return entry;
}

void ct_fd_closing_range(unsigned first, unsigned last, uintptr_t pc, uintptr_t sp)
{
	unsigned limit = ct_fd_end();

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
