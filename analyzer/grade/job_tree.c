#include "grade/job_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/vec.h"

enum { STOP_ROUNDS = 64 };

/* /proc/PID/`name`, cut at `size`; false: there is none. */
static bool read_file(pid_t pid, const char *name, char *out, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, out, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	out[n] = '\0';
	return true;
}

static bool read_process(pid_t pid, struct ct_job_process *out)
{
	char text[1024], state;
	long parent;
	uint64_t threads, start, pages;
	const char *at;

	if (!read_file(pid, "stat", text, sizeof(text)))
		return false;
	at = strrchr(text, ')'); /* the name before it may have any characters */
	/* fields 3, 4, 20, 22 and 24 */
	if (!at || sscanf(at + 1, /* NOLINT(cert-err34-c) of the kernel's own text */
			  " %c %ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			  "%" SCNu64 " %*s %" SCNu64 " %*s %" SCNu64,
			  &state, &parent, &threads, &start, &pages) != 5)
		return false;
	*out = (struct ct_job_process){
		.pid = pid,
		.parent = (pid_t)parent,
		.state = state,
		.start = start,
		.threads = threads,
		.resident_bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE),
	};
	return true;
}

/* Calls `each` for all processes until it returns false. */
static void for_each_process(bool (*each)(void *context, pid_t pid), void *context)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && !*end && !each(context, (pid_t)pid))
			break;
	}
	if (folder)
		closedir(folder);
}

static bool add(void *context, pid_t pid)
{
	struct ct_job_tree *tree = context;

	if (ct_vec_grow(&tree->list, &tree->cap, tree->count + 1, sizeof(*tree->list)) != CT_OK) {
		tree->count = SIZE_MAX;
		return false;
	}
	if (read_process(pid, &tree->list[tree->count]))
		tree->count++;
	return true;
}

static bool is_in(const struct ct_job_process *list, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i].pid == pid)
			return true;
	}
	return false;
}

static bool is_spared(const struct ct_job_tree *tree, pid_t pid)
{
	for (size_t i = 0; i < tree->spared_count; i++) {
		if (tree->spared[i] == pid)
			return true;
	}
	return false;
}

/* Moves those below `root` to the front, until nobody new is found; returns how many. */
static size_t below(struct ct_job_tree *tree, pid_t root)
{
	struct ct_job_process *list = tree->list;
	size_t count = tree->count;
	size_t kept = 0, before;

	do {
		before = kept;
		for (size_t i = kept; i < count; i++) {
			struct ct_job_process found = list[i];

			if (is_spared(tree, found.pid) ||
			    (found.parent != root && !is_in(list, kept, found.parent)))
				continue;
			list[i] = list[kept];
			list[kept++] = found;
		}
	} while (kept != before);
	return kept;
}

enum ct_status ct_job_tree_read(struct ct_job_tree *tree)
{
	tree->count = 0;
	for_each_process(add, tree);
	if (tree->count == SIZE_MAX) {
		tree->count = 0;
		return CT_ENOMEM;
	}
	tree->count = below(tree, getpid());
	return CT_OK;
}

void ct_job_tree_fini(struct ct_job_tree *tree)
{
	free(tree->list);
	*tree = (struct ct_job_tree){0};
}

uint64_t ct_job_tree_threads(const struct ct_job_tree *tree)
{
	uint64_t threads = 0;

	for (size_t i = 0; i < tree->count; i++) {
		if (tree->list[i].state != 'Z')
			threads += tree->list[i].threads;
	}
	return threads;
}

/* Shared pages in equal parts; 0: not to be read. */
static uint64_t share_of_memory(pid_t pid)
{
	char text[2048];
	const char *at;

	if (!read_file(pid, "smaps_rollup", text, sizeof(text)))
		return 0;
	at = strstr(text, "\nPss:");
	return at ? strtoull(at + 5, NULL, 10) * 1024 : 0;
}

uint64_t ct_job_process_memory(const struct ct_job_process *process, bool exactly)
{
	uint64_t share = exactly ? share_of_memory(process->pid) : 0;

	return share ? share : process->resident_bytes;
}

uint64_t ct_job_tree_memory(const struct ct_job_tree *tree, bool exactly)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < tree->count; i++)
		sum += ct_job_process_memory(&tree->list[i], exactly);
	return sum;
}

static bool is_older(const struct ct_job_process *x, const struct ct_job_process *y)
{
	return x->start < y->start || (x->start == y->start && x->pid < y->pid);
}

static const struct ct_job_process *oldest_child(const struct ct_job_tree *tree, pid_t parent)
{
	const struct ct_job_process *oldest = NULL;

	for (size_t i = 0; i < tree->count; i++) {
		const struct ct_job_process *one = &tree->list[i];

		if (one->parent == parent && (!oldest || is_older(one, oldest)))
			oldest = one;
	}
	return oldest;
}

const struct ct_job_process *ct_job_tree_first(const struct ct_job_tree *tree, uint32_t generation)
{
	const struct ct_job_process *at = oldest_child(tree, getpid());

	while (at && generation--)
		at = oldest_child(tree, at->pid);
	return at;
}

/* The descriptor is opened before the start time is compared: it then stands for that process. */
static void signal_one(const struct ct_job_process *target, int signal)
{
	int fd = (int)syscall(SYS_pidfd_open, target->pid, 0);
	struct ct_job_process now;

	if (fd < 0 && errno != ENOSYS) /* kernels before 5.3 */
		return;
	if (read_process(target->pid, &now) && now.start == target->start) {
		if (fd < 0)
			kill(target->pid, signal);
		else
			(void)syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
	}
	if (fd >= 0)
		close(fd);
}

enum ct_status ct_job_tree_kill(struct ct_job_tree *tree)
{
	bool moving = true;

	for (int round = 0; moving && round < STOP_ROUNDS; round++) {
		enum ct_status status = ct_job_tree_read(tree);

		if (status)
			return status;
		moving = false;
		for (size_t i = 0; i < tree->count; i++) {
			if (!strchr("TZX", tree->list[i].state)) {
				signal_one(&tree->list[i], SIGSTOP);
				moving = true;
			}
		}
	}
	for (size_t i = 0; i < tree->count; i++)
		signal_one(&tree->list[i], SIGKILL);
	return CT_OK;
}

/* Its four user ids, and the text they are from; false: it is gone. */
static bool read_users(pid_t pid, char *text, size_t size, unsigned long ids[4])
{
	const char *at = read_file(pid, "status", text, size) ? strstr(text, "\nUid:") : NULL;

	return at && sscanf(at + 5, "%lu %lu %lu %lu", &ids[0], &ids[1], &ids[2], &ids[3]) == 4;
}

bool ct_job_process_user(pid_t pid, uid_t *out)
{
	unsigned long ids[4];
	char text[4096];

	if (!read_users(pid, text, sizeof(text), ids))
		return false;
	*out = (uid_t)ids[0];
	return true;
}

struct of_user {
	uid_t user;
	uint64_t threads;
	bool any_is_enough;
};

static bool count_of_user(void *context, pid_t pid)
{
	struct of_user *sum = context;
	unsigned long ids[4];
	char text[4096];
	const char *threads;

	if (!read_users(pid, text, sizeof(text), ids))
		return true;
	threads = strstr(text, "\nThreads:");
	for (int i = 0; i < 4; i++) {
		if (ids[i] == sum->user) {
			sum->threads += threads ? strtoull(threads + 9, NULL, 10) : 1;
			return !sum->any_is_enough;
		}
	}
	return true;
}

uint64_t ct_job_threads_of(uid_t user)
{
	struct of_user sum = {.user = user};

	for_each_process(count_of_user, &sum);
	return sum.threads;
}

bool ct_job_user_is_busy(uid_t user)
{
	struct of_user sum = {.user = user, .any_is_enough = true};

	for_each_process(count_of_user, &sum);
	return sum.threads != 0;
}
