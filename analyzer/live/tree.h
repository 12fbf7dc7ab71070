#ifndef CT_LIVE_TREE_H
#define CT_LIVE_TREE_H
/*
 * The processes that descend from the traced program.
 *
 * The caller is their child subreaper, so whatever they do (fork twice, setsid, lose their parent),
 * they stay below it in the tree that /proc shows. Children that the caller had before, which a
 * shell's `exec` leaves behind, are not the program's. Processes are named by pid and start time
 * and signalled through a pidfd, so that a reused pid is never hit.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "live/proc.h"

struct ct_tree {
	struct ct_proc *foreign; /* children of the caller before the program started */
	size_t foreign_count;
};

/* Makes the caller a subreaper; to be called before the program is forked. */
CT_MUST_CHECK enum ct_status ct_tree_init(struct ct_tree *tree, struct ct_error *error);
void ct_tree_fini(struct ct_tree *tree);

/* All that live now, zombies left out; *out_list is the caller's to free(). */
CT_MUST_CHECK enum ct_status ct_tree_list(const struct ct_tree *tree, struct ct_proc **out_list,
					  size_t *out_count);

/* Sends `signal` to all that live now; returns how many there were. */
size_t ct_tree_signal(const struct ct_tree *tree, int signal);
/* To one of them; false: there is none with that pid. */
bool ct_tree_signal_one(const struct ct_tree *tree, pid_t pid, int signal);

/* Whether the process `first` is stopped, by a signal or a debugger, or all of them are. */
bool ct_tree_is_stopped(const struct ct_tree *tree, pid_t first);

#endif
