#include "live/tree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/vec.h"

struct proc_list {
	struct ct_proc *items;
	size_t count, cap;
};

/* Every process that /proc shows. */
static enum ct_status read_all(struct proc_list *out)
{
	DIR *dir = opendir("/proc");
	enum ct_status status = CT_OK;
	struct dirent *entry;

	if (!dir)
		return CT_EIO;
	while (status == CT_OK && (entry = readdir(dir))) {
		struct ct_proc proc;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !ct_proc_read((pid_t)strtol(entry->d_name, NULL, 10), 0, &proc))
			continue;
		status = ct_vec_grow(&out->items, &out->cap, out->count + 1, sizeof(proc));
		if (status == CT_OK)
			out->items[out->count++] = proc;
	}
	closedir(dir);
	return status;
}

static bool is_foreign(const struct ct_tree *tree, const struct ct_proc *proc)
{
	for (size_t i = 0; i < tree->foreign_count; i++) {
		if (tree->foreign[i].pid == proc->pid && tree->foreign[i].start == proc->start)
			return true;
	}
	return false;
}

static bool is_below(const struct proc_list *members, pid_t top, const struct ct_proc *proc)
{
	if (proc->parent == top)
		return true;
	for (size_t i = 0; i < members->count; i++) {
		if (members->items[i].pid == proc->parent)
			return true;
	}
	return false;
}

/* Moves what is below `top` from `all` to `members`, until a round finds no more. */
static enum ct_status collect(const struct ct_tree *tree, struct proc_list *all,
			      struct proc_list *members)
{
	pid_t top = getpid();
	bool found = true;

	while (found) {
		found = false;
		for (size_t i = 0; i < all->count; i++) {
			struct ct_proc *proc = &all->items[i];
			enum ct_status status;

			if (!proc->pid || !is_below(members, top, proc) || is_foreign(tree, proc))
				continue;
			status = ct_vec_grow(&members->items, &members->cap, members->count + 1,
					     sizeof(*proc));
			if (status)
				return status;
			members->items[members->count++] = *proc;
			proc->pid = 0; /* taken */
			found = true;
		}
	}
	return CT_OK;
}

static void drop_gone(struct proc_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!ct_proc_is_gone(&list->items[i]))
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

enum ct_status ct_tree_list(const struct ct_tree *tree, struct ct_proc **out_list,
			    size_t *out_count)
{
	struct proc_list all = {0}, members = {0};
	enum ct_status status = read_all(&all);

	if (status == CT_OK)
		status = collect(tree, &all, &members);
	free(all.items);
	if (status) {
		free(members.items);
		return status;
	}
	drop_gone(&members);
	*out_list = members.items;
	*out_count = members.count;
	return CT_OK;
}

enum ct_status ct_tree_init(struct ct_tree *tree, struct ct_error *error)
{
	enum ct_status status;

	*tree = (struct ct_tree){0};
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
		return ct_error_set(error, CT_EIO, "cannot adopt orphaned processes: %s",
				    strerror(errno));
	status = ct_tree_list(tree, &tree->foreign, &tree->foreign_count);
	if (status == CT_ENOMEM)
		return ct_error_set(error, status, "out of memory");
	return CT_OK; /* without /proc only the program's first process is known */
}

void ct_tree_fini(struct ct_tree *tree)
{
	free(tree->foreign);
	*tree = (struct ct_tree){0};
}

/* The descriptor is opened before the start time is compared: it then stands for that process. */
static void signal_one(const struct ct_proc *target, int signal)
{
	int fd = (int)syscall(SYS_pidfd_open, target->pid, 0);
	struct ct_proc now;

	if (fd < 0 && errno != ENOSYS) /* kernels before 5.3 */
		return;
	if (ct_proc_read(target->pid, 0, &now) && now.start == target->start) {
		if (fd < 0)
			kill(target->pid, signal);
		else
			(void)syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
	}
	if (fd >= 0)
		close(fd);
}

size_t ct_tree_signal(const struct ct_tree *tree, int signal)
{
	struct ct_proc *list;
	size_t count;

	if (ct_tree_list(tree, &list, &count) != CT_OK)
		return 0;
	for (size_t i = 0; i < count; i++)
		signal_one(&list[i], signal);
	free(list);
	return count;
}

bool ct_tree_signal_one(const struct ct_tree *tree, pid_t pid, int signal)
{
	struct ct_proc *list;
	bool found = false;
	size_t count;

	if (ct_tree_list(tree, &list, &count) != CT_OK)
		return false;
	for (size_t i = 0; i < count && !found; i++) {
		found = list[i].pid == pid;
		if (found)
			signal_one(&list[i], signal);
	}
	free(list);
	return found;
}

/* Of a process whose first thread has ended, the others are asked. */
static bool is_stopped(const struct ct_proc *process)
{
	struct ct_proc thread = *process;
	char path[40];
	struct dirent *entry;
	DIR *dir;

	if (process->state != 'Z')
		return process->state == 'T' || process->state == 't';
	snprintf(path, sizeof(path), "/proc/%d/task", (int)process->pid);
	dir = opendir(path);
	while (dir && thread.state == 'Z' && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    !ct_proc_read(process->pid, (pid_t)strtol(entry->d_name, NULL, 10), &thread))
			thread.state = 'Z'; /* it has ended meanwhile */
	if (dir)
		closedir(dir);
	return thread.state == 'T' || thread.state == 't';
}

bool ct_tree_is_stopped(const struct ct_tree *tree, pid_t first)
{
	bool all = true, own = false;
	struct ct_proc *list;
	size_t count;

	if (ct_tree_list(tree, &list, &count) != CT_OK)
		return false;
	for (size_t i = 0; i < count; i++) {
		bool stopped = is_stopped(&list[i]);

		all = all && stopped;
		own = own || (stopped && list[i].pid == first);
	}
	free(list);
	return own || (all && count > 0);
}
