#include "live/scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "format/ct_live.h"
#include "live/clock.h"
#include "live/proc.h"

static bool read_page(int dir_fd, const char *name, struct ct_live *out)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, out, sizeof(*out));
	close(fd);
	return length == (ssize_t)sizeof(*out) && out->magic == CT_LIVE_MAGIC &&
	       out->version == CT_FORMAT_VERSION && out->state == CT_LIVE_RUNNING;
}

/* What a thread takes while it waits, for its own kind of lock or in a signal handler, it may give
 * back before the wait is over: only what it had before does it hold as long as it waits. */
static enum ct_status add_held(struct ct_scan *scan, const struct ct_live *page,
			       struct ct_scan_thread *thread)
{
	uint32_t count = page->held_count < CT_HELD_MAX ? page->held_count : CT_HELD_MAX;
	uint64_t until = page->epoch & 1 ? page->since : UINT64_MAX;
	enum ct_status status = ct_vec_grow(&scan->held, &scan->held_cap, scan->held_count + count,
					    sizeof(*scan->held));

	if (status)
		return status;
	thread->held = scan->held_count;
	thread->holds_more = page->unlisted > 0;
	for (uint32_t i = 0; i < count; i++)
		if (page->held[i].since <= until)
			scan->held[scan->held_count++] = page->held[i];
	thread->held_count = (uint32_t)(scan->held_count - thread->held);
	for (uint32_t i = 0; i < count; i++)
		if (page->held[i].since > until)
			scan->held[scan->held_count++] = page->held[i];
	thread->held_later = count - thread->held_count;
	return CT_OK;
}

static enum ct_status add(struct ct_scan *scan, const struct ct_live *page)
{
	struct ct_scan_thread thread = {
		.pid = page->pid,
		.tid = page->tid,
		.process = page->process,
		.thread = page->thread,
		.epoch = page->epoch,
		.event = page->event,
		.flags = page->flags,
		.object = page->object,
		.arg = page->arg,
		.since = page->since,
		.pthread = page->pthread,
		.start = page->pid_space == scan->pid_space ? page->start : 0,
	};
	enum ct_status status = add_held(scan, page, &thread);

	if (status == CT_OK)
		status = ct_vec_grow(&scan->threads, &scan->cap, scan->count + 1, sizeof(thread));
	if (status == CT_OK)
		scan->threads[scan->count++] = thread;
	return status;
}

/* "p1.t0" */
static bool is_page(const char *name)
{
	char *end;

	if (*name != 'p')
		return false;
	(void)strtoul(name + 1, &end, 10);
	if (end == name + 1 || end[0] != '.' || end[1] != 't')
		return false;
	name = end + 2;
	(void)strtoul(name, &end, 10);
	return end > name && !*end;
}

static enum ct_status read_pages(struct ct_scan *scan, DIR *dir)
{
	enum ct_status status = CT_OK;
	struct dirent *entry;

	while (status == CT_OK && (entry = readdir(dir))) {
		struct ct_live page;

		if (is_page(entry->d_name) && read_page(dirfd(dir), entry->d_name, &page))
			status = add(scan, &page);
	}
	return status;
}

static int by_number(const void *left, const void *right)
{
	const struct ct_scan_thread *a = left, *b = right;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return a->thread < b->thread ? -1 : a->thread > b->thread;
}

static void compare(struct ct_scan *scan, const struct ct_scan *before)
{
	uint64_t now_ms = ct_clock_ms();

	for (size_t i = 0; i < scan->count; i++) {
		struct ct_scan_thread *now = &scan->threads[i];
		const struct ct_scan_thread *then = ct_scan_find(before, now->process, now->thread);

		now->steady = then && then->epoch == now->epoch && then->tid == now->tid &&
			      then->since == now->since;
		if (now->steady)
			now->seen_ms = then->seen_ms ? then->seen_ms : now_ms;
	}
}

enum ct_status ct_scan_read(struct ct_scan *scan, const char *trace, const struct ct_scan *before)
{
	char path[4096];
	enum ct_status status;
	DIR *dir;

	scan->count = scan->held_count = 0;
	scan->pid_space = ct_proc_pid_space();
	if (snprintf(path, sizeof(path), "%s/" CT_LIVE_DIR, trace) >= (int)sizeof(path))
		return CT_EIO;
	dir = opendir(path);
	if (!dir)
		return CT_OK;
	status = read_pages(scan, dir);
	closedir(dir);
	if (status == CT_OK && scan->count)
		qsort(scan->threads, scan->count, sizeof(*scan->threads), by_number);
	if (status == CT_OK && before)
		compare(scan, before);
	return status;
}

void ct_scan_fini(struct ct_scan *scan)
{
	free(scan->threads);
	free(scan->held);
	*scan = (struct ct_scan){0};
}

const struct ct_scan_thread *ct_scan_find(const struct ct_scan *scan, uint32_t process,
					  uint32_t thread)
{
	struct ct_scan_thread key = {.process = process, .thread = thread};

	if (!scan->count)
		return NULL;
	return bsearch(&key, scan->threads, scan->count, sizeof(key), by_number);
}

/* A thread cannot be older than its process. */
static bool is_other(const struct ct_scan_thread *thread, const struct ct_proc *proc)
{
	return thread->pid == thread->tid ? proc->start != thread->start
					  : proc->start < thread->start;
}

char ct_scan_state(const struct ct_scan_thread *thread)
{
	struct ct_proc proc;

	if (!thread->start)
		return '?';
	if (!ct_proc_read((pid_t)thread->pid, (pid_t)thread->tid, &proc) || proc.state == 'Z' ||
	    proc.state == 'X')
		return 0;
	if (is_other(thread, &proc))
		return '?';
	return proc.state;
}

bool ct_scan_has_limit(const struct ct_scan_thread *thread)
{
	switch (thread->event) {
	case CT_EV_SLEEP:
		return true;
	case CT_EV_POLL:
	case CT_EV_SELECT:
	case CT_EV_EPOLL_WAIT:
		return thread->arg != UINT64_MAX;
	default:
		return thread->flags & CT_F_TIMED;
	}
}

/* As FNV-1a does, but by words. */
uint64_t ct_scan_fingerprint(const struct ct_scan_thread *thread)
{
	const uint64_t words[] = {thread->process, thread->thread, thread->tid, thread->epoch,
				  thread->since};
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		hash = (hash ^ words[i]) * 0x100000001b3u;
		hash ^= hash >> 29;
	}
	return hash;
}
