#include "model/kernel_view.h"

#include <stdlib.h>

#include "format/ct_format.h"

void ct_kernel_view_fini(struct ct_kernel_view *view)
{
	free(view->waits);
	free(view->locks);
	free(view->holders);
	ct_outside_fini(&view->outside);
	*view = (struct ct_kernel_view){0};
}

const struct ct_kernel_wait *ct_kernel_wait_of(const struct ct_kernel_view *view, uint32_t process,
					       uint32_t thread, uint64_t since)
{
	if (!view || view->hidden)
		return NULL;
	for (size_t i = 0; i < view->wait_count; i++) {
		const struct ct_kernel_wait *wait = &view->waits[i];

		if (wait->process == process && wait->thread == thread && wait->since == since)
			return wait;
	}
	return NULL;
}

/* flock's locks and those of fcntl do not see each other. */
bool ct_kernel_locks_clash(const struct ct_kernel_lock *a, const struct ct_kernel_lock *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       (a->owner == CT_OWNER_FLOCK) == (b->owner == CT_OWNER_FLOCK) &&
	       a->start <= b->last && b->start <= a->last &&
	       (a->mode == CT_FILE_EXCLUSIVE || b->mode == CT_FILE_EXCLUSIVE);
}

/* Whether the waiter is an owner of the lock: by its process, or by the very descriptor. */
static bool is_own(const struct ct_kernel_view *view, size_t lock,
		   const struct ct_kernel_wait *waiter)
{
	bool by_process = view->locks[lock].owner == CT_OWNER_PROCESS;

	for (size_t i = 0; i < view->holder_count; i++) {
		const struct ct_kernel_holder *holder = &view->holders[i];

		if (holder->lock == lock && holder->pid == waiter->pid &&
		    (by_process || holder->fd == waiter->fd))
			return true;
	}
	return false;
}

bool ct_kernel_keeps_out(const struct ct_kernel_view *view, size_t lock,
			 const struct ct_kernel_wait *waiter, const struct ct_kernel_lock *wanted)
{
	const struct ct_kernel_lock *held = &view->locks[lock];

	if (!ct_kernel_locks_clash(held, wanted))
		return false;
	return held->owner != wanted->owner || !is_own(view, lock, waiter);
}
