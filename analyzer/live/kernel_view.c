#include "live/kernel_view.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/vec.h"
#include "live/outside.h"
#include "live/proc.h"

enum { LIST_TRIES = 3 };

/* A line of /proc/locks. */
struct listed {
	struct ct_kernel_lock lock; /* device and inode as the kernel has them */
	bool waits;
	bool recorded; /* it may be a recorded thread that waits */
};

struct reading {
	struct ct_kernel_view *view;
	const struct ct_scan *scan;
	struct listed *list; /* all locks of the machine */
	size_t count, cap;
};

/* "-> ", deeper for who waits for a waiter */
static const char *skip_arrow(const char *text, bool *out_waits)
{
	while (*text == ' ')
		text++;
	*out_waits = strncmp(text, "->", 2) == 0;
	return *out_waits ? text + 2 : text;
}

static bool parse_owner(const char *word, uint16_t *out)
{
	if (strcmp(word, "POSIX") == 0)
		*out = CT_OWNER_PROCESS;
	else if (strcmp(word, "OFDLCK") == 0)
		*out = CT_OWNER_OPEN_FILE;
	else if (strcmp(word, "FLOCK") == 0)
		*out = CT_OWNER_FLOCK;
	else
		return false;
	return true;
}

static bool parse_mode(const char *word, uint16_t *out)
{
	if (strcmp(word, "READ") == 0)
		*out = CT_FILE_SHARED;
	else if (strcmp(word, "WRITE") == 0)
		*out = CT_FILE_EXCLUSIVE;
	else
		return false;
	return true;
}

static bool parse_last(const char *word, uint64_t *out)
{
	char *end;

	if (strcmp(word, "EOF") == 0) {
		*out = UINT64_MAX;
		return true;
	}
	if (!isdigit((unsigned char)*word))
		return false;
	errno = 0;
	*out = strtoull(word, &end, 10);
	return errno == 0 && *end == '\0';
}

bool ct_kernel_lock_parse(const char *line, struct ct_kernel_lock *out, bool *out_waits)
{
	char owner[8], mode[8], last[24];
	struct ct_kernel_lock lock;
	unsigned major, minor;
	const char *text = strchr(line, ':');
	bool waits;

	if (!text || !isdigit((unsigned char)*line))
		return false;
	text = skip_arrow(text + 1, &waits);
	if (sscanf(text, " %7s %*11s %7s %" SCNd32 " %x:%x:%" SCNu64 " %" SCNu64 " %23s", owner,
		   mode, &lock.taker, &major, &minor, &lock.inode, &lock.start, last) != 8 ||
	    !parse_owner(owner, &lock.owner) || !parse_mode(mode, &lock.mode) ||
	    !parse_last(last, &lock.last) || lock.last < lock.start)
		return false;
	lock.device = makedev(major, minor);
	*out = lock;
	*out_waits = waits;
	return true;
}

/* Calls `each` with the lines of a file below `dir_fd`, until it fails. False: it is not there. */
static bool each_line(int dir_fd, const char *name, void *context,
		      enum ct_status (*each)(void *context, const char *line),
		      enum ct_status *out_status)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!*out_status && getline(&line, &room, file) > 0)
		*out_status = each(context, line);
	free(line);
	fclose(file);
	return true;
}

/* Which file the descriptor of a thread leads to. */
static bool identify(uint32_t pid, uint32_t tid, uint32_t fd, struct ct_kernel_lock *out)
{
	struct stat info;
	char path[80];

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/task/%" PRIu32 "/fd/%" PRIu32, pid, tid,
		 fd);
	if (stat(path, &info) != 0)
		return false;
	out->device = info.st_dev;
	out->inode = info.st_ino;
	return true;
}

static enum ct_status add_listed(void *context, const char *line)
{
	struct reading *reading = context;
	struct listed new = {.recorded = false};
	enum ct_status status;

	if (!ct_kernel_lock_parse(line, &new.lock, &new.waits))
		return CT_OK;
	status = ct_vec_grow(&reading->list, &reading->cap, reading->count + 1, sizeof(new));
	if (status == CT_OK)
		reading->list[reading->count++] = new;
	return status;
}

static bool is_file_lock(uint16_t event)
{
	return event == CT_EV_FLOCK || event == CT_EV_LOCKF || event == CT_EV_FCNTL_LOCK;
}

static bool may_ask_for(uint16_t event, uint16_t owner)
{
	if (event == CT_EV_FLOCK || event == CT_EV_LOCKF)
		return owner == (event == CT_EV_FLOCK ? CT_OWNER_FLOCK : CT_OWNER_PROCESS);
	return owner != CT_OWNER_FLOCK;
}

static enum ct_status take_inode(void *context, const char *line)
{
	uint64_t *inode = context;

	sscanf(line, "ino: %" SCNu64, inode);
	return CT_OK;
}

static bool may_be_of(const struct listed *listed, const struct ct_scan_thread *thread,
		      uint64_t inode)
{
	const struct ct_kernel_lock *lock = &listed->lock;

	return listed->waits && lock->inode == inode && may_ask_for(thread->event, lock->owner) &&
	       (lock->taker < 0 || (uint32_t)lock->taker == thread->pid);
}

static enum ct_status add_wait(struct ct_kernel_view *view, const struct ct_scan_thread *thread,
			       const struct ct_kernel_lock *wanted)
{
	enum ct_status status = ct_vec_grow(&view->waits, &view->wait_cap, view->wait_count + 1,
					    sizeof(*view->waits));

	if (status == CT_OK)
		view->waits[view->wait_count++] = (struct ct_kernel_wait){
			.process = thread->process,
			.thread = thread->thread,
			.pid = thread->pid,
			.fd = (uint32_t)thread->arg,
			.since = thread->since,
			.wanted = *wanted,
		};
	return status;
}

static enum ct_status read_wait(struct reading *reading, const struct ct_scan_thread *thread)
{
	uint32_t fd = (uint32_t)thread->arg;
	enum ct_status status = CT_OK;
	struct ct_kernel_lock file;
	uint64_t inode;
	char path[80];

	if (!identify(thread->pid, thread->tid, fd, &file))
		return CT_OK;
	inode = file.inode; /* kernels before 5.14 do not tell which they use */
	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/task/%" PRIu32 "/fdinfo/%" PRIu32,
		 thread->pid, thread->tid, fd);
	if (!each_line(AT_FDCWD, path, &inode, take_inode, &status))
		return CT_OK;
	for (size_t i = 0; !status && i < reading->count; i++) {
		struct ct_kernel_lock wanted = reading->list[i].lock;

		if (!may_be_of(&reading->list[i], thread, inode))
			continue;
		reading->list[i].recorded = true;
		wanted.device = file.device;
		wanted.inode = file.inode;
		status = add_wait(reading->view, thread, &wanted);
	}
	return status;
}

/* Looks each thread up that waits; *out_all: all were found. */
static enum ct_status look_up(struct reading *reading, bool *out_all)
{
	const struct ct_scan *scan = reading->scan;
	enum ct_status status = CT_OK;

	*out_all = true;
	reading->count = reading->view->wait_count = 0;
	for (size_t i = 0; !status && i < scan->count; i++) {
		size_t before = reading->view->wait_count;

		if (!ct_scan_waits(&scan->threads[i]) || !is_file_lock(scan->threads[i].event))
			continue;
		if (!reading->count)
			each_line(AT_FDCWD, "/proc/locks", reading, add_listed, &status);
		if (!status)
			status = read_wait(reading, &scan->threads[i]);
		*out_all = *out_all && reading->view->wait_count > before;
	}
	return status;
}

/* The list is read in pieces: what is unlocked in between makes it skip lines. */
static enum ct_status read_waits(struct reading *reading)
{
	enum ct_status status = CT_OK;
	bool all = false;

	for (int i = 0; !status && !all && i < LIST_TRIES; i++)
		status = look_up(reading, &all);
	return status;
}

/* A descriptor whose locks are looked at. */
struct descriptor {
	const struct reading *reading;
	uint32_t pid, tid, fd;
	uint32_t process; /* number in the trace; 0: not recorded */
	bool identified;  /* `file` is known */
	struct ct_kernel_lock file;
};

/* Whether a lock that the kernel lists stands in the way of a recorded thread. */
static bool is_wanted(const struct reading *reading, const struct ct_kernel_lock *held)
{
	for (size_t i = 0; i < reading->count; i++) {
		const struct listed *listed = &reading->list[i];

		if (listed->recorded && ct_kernel_locks_clash(held, &listed->lock))
			return true;
	}
	return false;
}

static bool is_in_the_way(const struct ct_kernel_view *view, const struct ct_kernel_lock *lock)
{
	for (size_t i = 0; i < view->wait_count; i++)
		if (ct_kernel_locks_clash(lock, &view->waits[i].wanted))
			return true;
	return false;
}

/* Two locks that look alike are taken for one that both holders share: then it takes more for a
 * hang. */
static enum ct_status find_lock(struct ct_kernel_view *view, const struct ct_kernel_lock *lock,
				size_t *out_index)
{
	enum ct_status status;

	for (size_t i = 0; i < view->lock_count; i++) {
		const struct ct_kernel_lock *known = &view->locks[i];

		if (known->device == lock->device && known->inode == lock->inode &&
		    known->start == lock->start && known->last == lock->last &&
		    known->mode == lock->mode && known->owner == lock->owner &&
		    known->taker == lock->taker) {
			*out_index = i;
			return CT_OK;
		}
	}
	status = ct_vec_grow(&view->locks, &view->lock_cap, view->lock_count + 1, sizeof(*lock));
	if (status)
		return status;
	*out_index = view->lock_count;
	view->locks[view->lock_count++] = *lock;
	return CT_OK;
}

static enum ct_status add_holder(void *context, const char *line)
{
	static const char prefix[] = "lock:";
	struct descriptor *at = context;
	struct ct_kernel_view *view = at->reading->view;
	struct ct_kernel_holder holder = {.pid = at->pid, .fd = at->fd};
	struct ct_kernel_lock lock;
	enum ct_status status;
	bool waits;

	if (strncmp(line, prefix, sizeof(prefix) - 1) != 0)
		return CT_OK;
	line += sizeof(prefix) - 1;
	if (!ct_kernel_lock_parse(line + strspn(line, " \t"), &lock, &waits) || waits ||
	    !is_wanted(at->reading, &lock))
		return CT_OK;
	if (!at->identified && !identify(at->pid, at->tid, at->fd, &at->file))
		return CT_OK; /* closed meanwhile */
	at->identified = true;
	lock.device = at->file.device;
	lock.inode = at->file.inode;
	if (!is_in_the_way(view, &lock))
		return CT_OK;
	if (at->process && !ct_outside_has_threads(at->reading->scan, at->pid))
		holder.process = at->process;
	status = find_lock(view, &lock, &holder.lock);
	if (status == CT_OK)
		status = ct_vec_grow(&view->holders, &view->holder_cap, view->holder_count + 1,
				     sizeof(holder));
	if (status == CT_OK)
		view->holders[view->holder_count++] = holder;
	return status;
}

/* The descriptors of a thread, which are its process's; *out_any: it has some. */
static enum ct_status read_table(struct descriptor *at, bool *out_any, bool *out_hidden)
{
	enum ct_status status = CT_OK;
	struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/task/%" PRIu32 "/fdinfo", at->pid, at->tid);
	dir = opendir(path);
	if (!dir) {
		*out_hidden = *out_hidden || errno == EACCES || errno == EPERM;
		return CT_OK;
	}
	while (!status && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		*out_any = true;
		at->fd = (uint32_t)strtoul(entry->d_name, NULL, 10);
		at->identified = false;
		each_line(dirfd(dir), entry->d_name, at, add_holder, &status);
	}
	closedir(dir);
	return status;
}

/* By its first thread that has any: of one that has ended, as the first may have, the list is
 * empty. *out_hidden: it may not be looked into. */
static enum ct_status read_process(const struct reading *reading, uint32_t pid, uint32_t process,
				   bool *out_hidden)
{
	struct descriptor at = {.reading = reading, .pid = pid, .process = process};
	enum ct_status status = CT_OK;
	struct dirent *entry;
	bool any = false;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/task", pid);
	dir = opendir(path);
	if (!dir)
		return CT_OK; /* it is gone */
	while (!status && !any && !*out_hidden && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		at.tid = (uint32_t)strtoul(entry->d_name, NULL, 10);
		status = read_table(&at, &any, out_hidden);
	}
	closedir(dir);
	return status;
}

static bool is_recorded(const struct ct_scan *scan, uint32_t pid)
{
	for (size_t i = 0; i < scan->count; i++)
		if (scan->threads[i].pid == pid)
			return true;
	return false;
}

static bool is_found(const struct ct_kernel_view *view, const struct ct_kernel_lock *listed)
{
	for (size_t i = 0; i < view->lock_count; i++) {
		const struct ct_kernel_lock *lock = &view->locks[i];

		if (lock->owner == listed->owner && lock->mode == listed->mode &&
		    lock->start == listed->start && lock->last == listed->last &&
		    lock->taker == listed->taker)
			return true;
	}
	return false;
}

/* Whether there is a holder of each lock that is in the way. */
static bool all_found(const struct reading *reading)
{
	for (size_t i = 0; i < reading->count; i++) {
		const struct listed *listed = &reading->list[i];

		if (!listed->waits && !is_found(reading->view, &listed->lock) &&
		    is_wanted(reading, &listed->lock))
			return false;
	}
	return true;
}

/* The recorded processes of which some thread can go on, or (`stuck`) none can. */
static enum ct_status read_recorded(const struct reading *reading, const bool *may_be_stuck,
				    bool stuck)
{
	const struct ct_scan *scan = reading->scan;
	enum ct_status status = CT_OK;
	size_t end;

	for (size_t i = 0; !status && i < scan->count; i = end) {
		const struct ct_scan_thread *thread = &scan->threads[i];
		bool hidden = false, all = true;

		for (end = i; end < scan->count && scan->threads[end].process == thread->process;
		     end++)
			all = all && may_be_stuck && may_be_stuck[end];
		if (all != stuck)
			continue;
		status = read_process(reading, thread->pid, thread->process, &hidden);
		reading->view->hidden = reading->view->hidden || hidden;
	}
	return status;
}

/* Whether it may have inherited what a recorded process opened: it is a child of one, or of one
 * that has ended. */
static bool may_inherit(const struct ct_scan *scan, uint32_t pid)
{
	struct ct_proc proc;

	return ct_proc_read((pid_t)pid, 0, &proc) && proc.state != 'Z' && proc.state != 'X' &&
	       (proc.parent == getpid() || is_recorded(scan, (uint32_t)proc.parent));
}

static enum ct_status read_others(const struct reading *reading)
{
	DIR *dir = opendir("/proc");
	enum ct_status status = CT_OK;
	struct dirent *entry;

	reading->view->hidden = reading->view->hidden || !dir;
	while (dir && !status && (entry = readdir(dir))) {
		uint32_t pid = (uint32_t)strtoul(entry->d_name, NULL, 10);
		bool hidden = false;

		if (!pid || is_recorded(reading->scan, pid))
			continue;
		status = read_process(reading, pid, 0, &hidden);
		if (hidden && may_inherit(reading->scan, pid))
			reading->view->hidden = true;
	}
	if (dir)
		closedir(dir);
	return status;
}

static enum ct_status read_holders(const struct reading *reading, const bool *may_be_stuck)
{
	enum ct_status status = read_recorded(reading, may_be_stuck, false);

	if (!may_be_stuck)
		return status ? status : read_others(reading);
	return status || all_found(reading) ? status : read_recorded(reading, may_be_stuck, true);
}

enum ct_status ct_kernel_view_read(struct ct_kernel_view *view, const struct ct_scan *scan,
				   const bool *may_be_stuck)
{
	struct reading reading = {.view = view, .scan = scan};
	enum ct_status status = read_waits(&reading);

	if (!status && view->wait_count)
		status = read_holders(&reading, may_be_stuck);
	free(reading.list);
	return status;
}
