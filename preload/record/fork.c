#include "record/fork.h"

#include "record/defs.h"
#include "record/guard.h"
#include "record/process.h"
#include "record/stack.h"
#include "record/thread.h"
#include "record/traps.h"
#include "sys/kernel.h"

#define VFORK_LANES 4u
#define LANE_SIZE (CT_LIVE_SIZE + CT_PACKET_SIZE)
#define RECORDER_SIZE (sizeof(struct ct_recorder) + ct_stacks_size())

/* Of the fork that this thread is making. */
static __thread struct ct_fork_snapshot *forking __attribute__((tls_model("initial-exec")));

static void copy_held(struct ct_fork_snapshot *out, const struct ct_live *live)
{
	out->count = live->held_count < CT_HELD_MAX ? live->held_count : CT_HELD_MAX;
	__builtin_memcpy(out->held, live->held, out->count * sizeof(*out->held));
	for (uint32_t i = 0; i < out->count; i++)
		out->held[i].stack = 0; /* its number is one of the parent's */
}

void ct_fork_snapshot(struct ct_fork_snapshot *out)
{
	const struct ct_recorder *r = ct_self;

	out->interrupted = NULL;
	out->count = out->creator = 0;
	out->parent = ct_state.process ? ct_state.process->number : 0;
	out->stack_low = out->stack_high = 0;
	if (!r->live)
		return;
	out->creator = r->number;
	out->parent = r->process->number;
	out->stack_low = r->stack_low;
	out->stack_high = r->stack_high;
	copy_held(out, r->live);
}

void ct_fork_begin(struct ct_fork_snapshot *out)
{
	struct ct_recorder *r = ct_guard_own(ct_self);

	ct_fork_snapshot(out);
	out->outer = forking;
	if (ct_guard_is_child()) /* its `forking` is another's, who may be forking */
		return;
	if (r->busy && ct_sys_keep_on_fork(r, RECORDER_SIZE) == 0)
		out->interrupted = r;
	CT_BARRIER();
	forking = out;
}

void ct_fork_prepared(void)
{
	const struct ct_live *live = ct_guard_own(ct_self)->live;

	if (forking && live && !ct_guard_is_child())
		copy_held(forking, live);
}

void ct_fork_parent(const struct ct_fork_snapshot *snapshot)
{
	if (forking == snapshot)
		forking = snapshot->outer;
	if (snapshot->interrupted)
		ct_sys_wipe_on_fork(snapshot->interrupted, RECORDER_SIZE);
}

bool ct_fork_unnoticed(void)
{
	const struct ct_process *process = ct_state.process;

	return process && !*process->mark;
}

static void begin_child(struct ct_process *process, const struct ct_fork_snapshot *snapshot)
{
	ct_defs_process(process, snapshot->creator);
	if (!ct_thread_begin_main(process, snapshot->stack_low, snapshot->stack_high))
		return;
	__builtin_memcpy(ct_self->live->held, snapshot->held,
			 snapshot->count * sizeof(*snapshot->held));
	CT_BARRIER();
	ct_self->live->held_count = snapshot->count;
	ct_lane_write_held(ct_self, ct_clock_now());
	if (ct_accesses && process == ct_state.process)
		ct_accesses->process_forked();
}

/* A signal handler forked while its thread was recording, and may return to that. What is finished
 * then must go nowhere: the packet, which is the parent's, is replaced. */
static void divert(const struct ct_recorder *interrupted)
{
	interrupted->process->stopped = 1;
	ct_sys_map_over(interrupted->live, LANE_SIZE);
}

void ct_fork_child(void)
{
	if (!ct_fork_unnoticed()) {
		forking = NULL; /* recording is off */
	} else if (ct_stack_is_short(ct_self, (uintptr_t)__builtin_frame_address(0))) {
		/* in a signal handler: its first record elsewhere will notice */
		if (forking && forking->interrupted)
			divert(forking->interrupted);
		forking = NULL;
	} else {
		ct_fork_reborn();
	}
}

static void drop_lanes(struct ct_process *old, const struct ct_recorder *keep)
{
	for (uint32_t i = 0; i < old->lanes && i < old->lane_cap; i++) {
		if (!old->lane[i].live)
			continue;
		ct_sys_unmap(old->lane[i].live, LANE_SIZE);
		/* wiped, the forking thread may still look into its own */
		if (old->lane[i].recorder != keep)
			ct_sys_unmap(old->lane[i].recorder, RECORDER_SIZE);
	}
	ct_process_free(old);
}

void ct_fork_reborn(void)
{
	static const struct ct_fork_snapshot unknown;
	struct ct_process *old = ct_state.process;
	const struct ct_fork_snapshot *snapshot = forking ? forking : &unknown;
	uint32_t parent = forking || !old ? snapshot->parent : old->number;
	const struct ct_recorder *self = ct_self;
	uint64_t signals = ct_sys_hold_signals();

	forking = NULL;
	ct_self = &ct_recorder_off;
	if (!old) {
		ct_sys_set_signals(signals);
		return;
	}
	ct_stack_after_fork();
	if (ct_accesses)
		ct_accesses->recorder_ends();
	if (snapshot->interrupted)
		divert(snapshot->interrupted);
	else
		drop_lanes(old, self);
	ct_state.process = ct_process_new(parent, CT_LANES_MAX);
	if (ct_state.process)
		begin_child(ct_state.process, snapshot);
	else
		ct_process_give_up();
	if (ct_traps)
		ct_traps->forked();
	ct_sys_set_signals(signals);
}

void ct_fork_vfork_begin(const struct ct_fork_snapshot *snapshot)
{
	struct ct_process *process;

	ct_self = &ct_recorder_off;
	/* The parent's other threads go on meanwhile: only this thread may see the new process. */
	process = ct_process_new(snapshot->parent, VFORK_LANES);
	if (process)
		begin_child(process, snapshot);
}

void ct_fork_vfork_end(struct ct_recorder *parent)
{
	struct ct_recorder *child = ct_self;

	ct_self = parent;
	if (child->live && child != parent)
		drop_lanes(child->process, NULL);
}
