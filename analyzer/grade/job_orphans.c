#include "grade/job_orphans.h"

#include <stdbool.h>
#include <time.h>

#include "grade/job_tree.h"
#include "grade/job_user.h"
#include "grade/job_watch.h"

enum { GIVE_UP_MS = 30000 }; /* then even the kernel does not end it */

static bool has_living(const struct ct_job_tree *tree)
{
	for (size_t i = 0; i < tree->count; i++) {
		if (tree->list[i].state != 'Z')
			return true;
	}
	return false;
}

/* A user of its own is ended at one instant, even amid a fork bomb. False: there is none. */
static bool kill_users(const struct ct_job_tree *tree)
{
	bool killed = false;

	for (size_t i = 0; i < tree->count; i++) {
		const struct ct_job_process *process = &tree->list[i];
		struct ct_job_user user;
		uid_t id;

		if (process->state == 'Z' || !ct_job_process_user(process->pid, &id) ||
		    !ct_job_user_inherit(id, &user))
			continue;
		killed |= ct_job_user_kill(&user);
		ct_job_user_release(&user);
	}
	return killed;
}

void ct_job_orphans_end(const pid_t *spared, size_t count)
{
	static const struct timespec moment = {0, 5000000};
	struct ct_job_tree tree = {.spared = spared, .spared_count = count};
	uint64_t give_up_at = ct_job_now_ms() + GIVE_UP_MS;

	while (ct_job_now_ms() < give_up_at && ct_job_tree_read(&tree) == CT_OK &&
	       has_living(&tree)) {
		if (!kill_users(&tree) && ct_job_tree_kill(&tree) != CT_OK)
			break; /* for want of memory of our own */
		nanosleep(&moment, NULL);
	}
	ct_job_tree_fini(&tree);
}
