#include "record/process.h"

#include <errno.h>
#include <fcntl.h>

#include "record/defs.h"
#include "record/session.h"
#include "record/stack.h"
#include "record/thread.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define MARK_SIZE 4096u

struct ct_state ct_state;

/* Memory that tells a forked child, which finds a 0 in it. */
static bool make_mark(struct ct_process *process)
{
	process->mark = ct_sys_map(-1, MARK_SIZE);
	if (!process->mark || ct_sys_wipe_on_fork(process->mark, MARK_SIZE) < 0)
		return false;
	*process->mark = 1;
	return true;
}

static uint64_t pid_space(void)
{
	struct stat info;

	return ct_sys_stat("/proc/self/ns/pid", &info) == 0 ? info.st_ino : 0;
}

void ct_process_free(struct ct_process *process)
{
	if (process->mark)
		ct_sys_unmap(process->mark, MARK_SIZE);
	ct_sys_unmap(process, process->bytes);
}

struct ct_process *ct_process_new(uint32_t parent, uint32_t lane_cap)
{
	size_t bytes = sizeof(struct ct_process) + lane_cap * sizeof(struct ct_lane);
	struct ct_process *process = ct_sys_map(-1, bytes);

	if (!process)
		return NULL;
	process->bytes = bytes;
	process->lane = (struct ct_lane *)(process + 1);
	process->lane_cap = lane_cap;
	process->pid = ct_sys_pid();
	process->begin = ct_clock_now();
	process->pid_space = pid_space();
	if (make_mark(process))
		process->slot = ct_session_enter(ct_state.session, process->pid, parent);
	if (!process->slot) { /* more processes at once than the session has entries */
		ct_process_free(process);
		return NULL;
	}
	process->number = process->slot->process;
	process->parent = process->slot->parent;
	process->image = process->slot->image;
	return process;
}

/* After exec: appends what the former image left in its lanes, and goes on with their numbering. */
static void adopt_lanes(struct ct_process *process)
{
	for (uint32_t i = 0; i < process->lane_cap; i++) {
		struct ct_lane *lane = &process->lane[i];
		char path[CT_PATH_SIZE];
		struct stat info;
		int fd;

		ct_process_lane_path(path, process, i, CT_LIVE_DIR "/");
		fd = ct_sys_open(path, O_RDWR | O_NOFOLLOW, 0);
		if (fd < 0)
			break;
		if (ct_sys_fstat(fd, &info) == 0 &&
		    info.st_size >= (off_t)(CT_LIVE_SIZE + CT_PACKET_SIZE))
			lane->live = ct_sys_map(fd, CT_LIVE_SIZE + CT_PACKET_SIZE);
		ct_sys_close(fd);
		lane->index = i;
		process->lanes = i + 1;
		if (!lane->live)
			continue;
		ct_lane_adopt(process, lane);
	}
}

bool ct_process_start(void)
{
	uint32_t parent = ct_session_find(ct_state.session, ct_sys_parent_pid());
	struct ct_process *process = ct_process_new(parent, CT_LANES_MAX);

	if (!process)
		return false;
	if (process->image > 0)
		adopt_lanes(process);
	ct_state.process = process;
	ct_defs_process(process, 0);
	ct_defs_all_modules(process);
	return ct_thread_begin_main(process, 0, 0);
}

bool ct_process_is_own(void)
{
	const struct ct_recorder *r = ct_self;
	const struct ct_process *process = r->live ? r->process : ct_state.process;

	return process && process->pid == ct_sys_pid();
}

void ct_process_give_up(void)
{
	struct ct_session *session = ct_state.session;

	if (session)
		__atomic_add_fetch(&session->given_up, 1, __ATOMIC_RELAXED);
	ct_self = &ct_recorder_off;
	ct_state.process = NULL;
	ct_state.session = NULL;
}

void ct_process_incomplete(struct ct_process *process)
{
	if (!__atomic_exchange_n(&process->incomplete, 1, __ATOMIC_RELAXED))
		__atomic_add_fetch(&ct_state.session->given_up, 1, __ATOMIC_RELAXED);
}

void ct_process_denied(struct ct_process *process)
{
	if (!__atomic_exchange_n(&process->incomplete, 1, __ATOMIC_RELAXED))
		__atomic_add_fetch(&ct_state.session->denied, 1, __ATOMIC_RELAXED);
}

static void unlink_live(const struct ct_process *process, uint32_t lane)
{
	char path[CT_PATH_SIZE];

	ct_process_lane_path(path, process, lane, CT_LIVE_DIR "/");
	ct_sys_unlink(path);
}

void ct_process_close(void)
{
	struct ct_recorder *r = ct_self;
	struct ct_process *process = r->live ? r->process : ct_state.process;
	uint64_t signals;

	if (!ct_process_is_own() || __atomic_exchange_n(&process->closed, 1, __ATOMIC_ACQ_REL))
		return;
	signals = ct_sys_hold_signals();
	for (uint32_t i = 0; i < process->lanes && i < process->lane_cap; i++) {
		struct ct_lane *lane = &process->lane[i];

		if (lane->live && !ct_lane_append(process, lane, false))
			continue;
		unlink_live(process, i); /* also one that a former image left */
	}
	ct_session_leave(ct_state.session, process->pid);
	ct_sys_set_signals(signals);
}

void ct_process_flush_self(void)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	if (!r)
		return;
	ct_recorder_hold_signals(r);
	if (!r->process->closed) {
		ct_lane_append(r->process, r->lane, true);
		r->cur = (char *)(r->packet + 1);
		ct_recorder_commit(r, 0);
	}
	ct_recorder_leave(r);
}

void ct_process_flush_undone(void)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	if (!r)
		return;
	if (r->end - r->cur >= (long)(CT_SIZE_ANY + sizeof(r->live->held)))
		ct_lane_write_held(r, ct_clock_now());
	ct_recorder_leave(r);
}
