#include "record/process.h"

#include <errno.h>
#include <fcntl.h>

#include "record/defs.h"
#include "record/session.h"
#include "record/stack.h"
#include "record/thread.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define VFORK_LANES 4u

struct ct_state ct_state;

static struct ct_process *new_process(uint32_t parent, uint32_t lane_cap)
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
	process->slot = ct_session_enter(ct_state.session, process->pid, parent);
	if (!process->slot) { /* more processes at once than the session has entries */
		ct_sys_unmap(process, bytes);
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
	struct ct_process *process = new_process(0, CT_LANES_MAX);

	if (!process)
		return false;
	if (process->image > 0)
		adopt_lanes(process);
	ct_state.process = process;
	ct_defs_process(process, 0);
	ct_defs_all_modules(process);
	return ct_thread_begin_main(process);
}

void ct_process_snapshot(struct ct_fork_snapshot *out)
{
	struct ct_recorder *r = ct_self;

	out->count = out->creator = out->parent = 0;
	if (!r->live)
		return;
	out->count = r->live->held_count < CT_HELD_MAX ? r->live->held_count : CT_HELD_MAX;
	out->creator = r->number;
	out->parent = r->process->number;
	__builtin_memcpy(out->held, r->live->held, out->count * sizeof(*out->held));
}

static bool begin_child(struct ct_process *process, const struct ct_fork_snapshot *snapshot)
{
	ct_defs_process(process, snapshot->creator);
	if (!ct_thread_begin_main(process))
		return false;
	__builtin_memcpy(ct_self->live->held, snapshot->held,
			 snapshot->count * sizeof(*snapshot->held));
	ct_self->live->held_count = snapshot->count;
	return true;
}

void ct_process_reborn(const struct ct_fork_snapshot *snapshot)
{
	struct ct_process *old = ct_state.process, *process;
	struct ct_fork_snapshot unknown;

	if (!snapshot) {
		unknown.count = unknown.creator = 0;
		unknown.parent = old->number;
		snapshot = &unknown;
	}
	ct_self = &ct_recorder_off;
	ct_stack_after_fork();
	for (uint32_t i = 0; i < old->lanes && i < old->lane_cap; i++)
		if (old->lane[i].live)
			ct_sys_unmap(old->lane[i].live, CT_LIVE_SIZE + CT_PACKET_SIZE);
	process = new_process(old->number, CT_LANES_MAX);
	ct_state.process = process;
	if (process)
		begin_child(process, snapshot);
	else
		ct_state.session = NULL;
	ct_sys_unmap(old, old->bytes);
}

void ct_process_vfork_begin(const struct ct_fork_snapshot *snapshot)
{
	struct ct_process *process;

	ct_self = &ct_recorder_off;
	/* The parent's other threads go on meanwhile: only this thread may see the new process. */
	process = new_process(snapshot->parent, VFORK_LANES);
	if (process)
		begin_child(process, snapshot);
}

void ct_process_vfork_end(struct ct_recorder *parent)
{
	struct ct_recorder *child = ct_self;

	ct_self = parent;
	if (!child->live || child == parent)
		return;
	struct ct_process *process = child->process;

	ct_sys_unmap(child->live, CT_LIVE_SIZE + CT_PACKET_SIZE);
	ct_sys_unmap(child, sizeof(*child) + ct_stacks_size());
	ct_sys_unmap(process, process->bytes);
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

	if (!process || __atomic_exchange_n(&process->closed, 1, __ATOMIC_ACQ_REL))
		return;
	for (uint32_t i = 0; i < process->lanes && i < process->lane_cap; i++) {
		struct ct_lane *lane = &process->lane[i];

		if (!lane->live)
			continue;
		ct_lane_append(process, lane, false);
		unlink_live(process, i);
	}
	ct_session_leave(ct_state.session, process->pid);
}

void ct_process_flush_self(void)
{
	struct ct_recorder *r = ct_self;

	if (r->live && !r->process->closed)
		ct_lane_append(r->process, r->lane, true);
}
