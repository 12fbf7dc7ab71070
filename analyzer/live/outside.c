#include "live/outside.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live/proc.h"

static bool is_number(const char *text)
{
	return isdigit((unsigned char)*text);
}

static bool in_scan(const struct ct_scan *scan, uint32_t pid)
{
	for (size_t i = 0; i < scan->count; i++)
		if (scan->threads[i].pid == pid)
			return true;
	return false;
}

static bool has_page(const struct ct_scan *scan, uint32_t pid, uint32_t tid)
{
	for (size_t i = 0; i < scan->count; i++)
		if (scan->threads[i].pid == pid && scan->threads[i].tid == tid)
			return true;
	return false;
}

/* Whether a thread of the process is not in the scan; a first thread that has ended lingers. */
static bool has_more_threads(const struct ct_scan *scan, uint32_t pid)
{
	char path[64];
	struct dirent *entry;
	bool more = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	dir = opendir(path);
	if (!dir)
		return false; /* it is gone */
	while (!more && (entry = readdir(dir))) {
		uint32_t tid = (uint32_t)strtoul(entry->d_name, NULL, 10);
		struct ct_proc proc;

		more = is_number(entry->d_name) && !has_page(scan, pid, tid) &&
		       ct_proc_read((pid_t)pid, (pid_t)tid, &proc) && proc.state != 'Z' &&
		       proc.state != 'X';
	}
	closedir(dir);
	return more;
}

/* Calls `is_it` with each process of the machine that is not in the scan, until it says so. */
static bool any_stranger(const struct ct_scan *scan,
			 bool (*is_it)(const struct ct_scan *scan, const struct ct_proc *proc,
				       const char *what),
			 const char *what)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool found = !dir;

	while (!found && (entry = readdir(dir))) {
		struct ct_proc proc;

		found = is_number(entry->d_name) &&
			ct_proc_read((pid_t)strtol(entry->d_name, NULL, 10), 0, &proc) &&
			proc.state != 'X' && proc.state != 'Z' &&
			!in_scan(scan, (uint32_t)proc.pid) && is_it(scan, &proc, what);
	}
	if (dir)
		closedir(dir);
	return found;
}

static bool is_child(const struct ct_scan *scan, const struct ct_proc *proc, const char *unused)
{
	(void)unused;
	return in_scan(scan, (uint32_t)proc->parent);
}

bool ct_outside_lives(const struct ct_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++)
		if ((i == 0 || scan->threads[i].process != scan->threads[i - 1].process) &&
		    has_more_threads(scan, scan->threads[i].pid))
			return true;
	return any_stranger(scan, is_child, NULL);
}

/* `target` is what a descriptor of the object leads to; "pipe:[N]" and "socket:[N]" alike. */
static bool has_open(const struct ct_scan *scan, const struct ct_proc *proc, const char *target)
{
	char path[64], link[64];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	(void)scan;
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)proc->pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		ssize_t length = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		link[length > 0 ? length : 0] = '\0';
		found = strchr(link, ':') && strcmp(strchr(link, ':'), target) == 0;
	}
	closedir(dir);
	return found;
}

bool ct_outside_holds(const struct ct_scan *scan, uint64_t inode)
{
	char target[32];

	snprintf(target, sizeof(target), ":[%" PRIu64 "]", inode);
	return any_stranger(scan, has_open, target);
}
