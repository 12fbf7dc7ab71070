/* vfork: the child runs on the parent's stack and memory while the parent stands still. */
#include "hooks/process.h"

#include "hooks/call.h"
#include "hooks/sigtrap.h"
#include "record/fork.h"
#include "record/traps.h"
#include "sys/kernel.h"

struct ct_vfork {
	struct ct_call call;
	struct ct_recorder *parent;
	struct ct_fork_snapshot snapshot;
	struct ct_sigtrap_lent sigtrap;
};

struct ct_vfork *ct_vfork_before(uintptr_t pc, uintptr_t sp)
{
	struct ct_vfork *vfork;
	struct ct_call call;

	if (ct_self->behind) /* a clone's child may be using this thread's recorder, see guard.h */
		return NULL;
	ct_call_request(&call, CT_EV_VFORK, 0, 0, 0, pc, sp);
	if (!ct_self->live)
		return NULL;
	vfork = ct_sys_map(-1, sizeof(*vfork));
	if (!vfork) {
		ct_call_complete(&call, ENOMEM);
		return NULL;
	}
	vfork->call = call;
	vfork->parent = ct_self;
	ct_fork_snapshot(&vfork->snapshot);
	if (ct_sigtrap_ours())
		ct_sigtrap_lend(&vfork->sigtrap);
	return vfork;
}

int ct_vfork_after(struct ct_vfork *vfork, long result)
{
	if (ct_traps && result >= 0)
		ct_traps->borrowed(result == 0);
	if (vfork && result == 0) {
		ct_fork_vfork_begin(&vfork->snapshot);
	} else if (vfork) {
		ct_fork_vfork_end(vfork->parent);
		if (ct_sigtrap_ours())
			ct_sigtrap_take_back(&vfork->sigtrap);
		ct_call_complete_with(&vfork->call, result < 0 ? (int)-result : 0,
				      result < 0 ? 0 : (uint64_t)result, 0);
		ct_sys_unmap(vfork, sizeof(*vfork));
	}
	if (result >= 0)
		return (int)result;
	errno = (int)-result;
	return -1;
}
