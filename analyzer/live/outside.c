#include "live/outside.h"

#include <ctype.h>
#include <dirent.h>
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

/* A first thread that has ended lingers. */
bool ct_outside_has_threads(const struct ct_scan *scan, uint32_t pid)
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

bool ct_outside_any(const struct ct_scan *scan,
		    bool (*is_it)(void *context, const struct ct_proc *proc), void *context)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool found = !dir;

	while (!found && (entry = readdir(dir))) {
		struct ct_proc proc;

		found = is_number(entry->d_name) &&
			ct_proc_read((pid_t)strtol(entry->d_name, NULL, 10), 0, &proc) &&
			proc.state != 'X' && proc.state != 'Z' &&
			!in_scan(scan, (uint32_t)proc.pid) && is_it(context, &proc);
	}
	if (dir)
		closedir(dir);
	return found;
}

static bool is_child(void *scan, const struct ct_proc *proc)
{
	return in_scan(scan, (uint32_t)proc->parent);
}

/* Whether a descriptor leads there. */
static bool has_descriptor(const struct ct_scan_thread *thread, const char *target)
{
	char path[64], link[64];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/task/%u/fd", thread->pid, thread->tid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		ssize_t length = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		link[length > 0 ? length : 0] = '\0';
		found = strcmp(link, target) == 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Whether some of its memory is named so. */
static bool has_memory(const struct ct_scan_thread *thread, const char *name)
{
	char path[64], *line = NULL;
	bool found = false;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/task/%u/maps", thread->pid, thread->tid);
	file = fopen(path, "re");
	while (file && !found && getline(&line, &room, file) > 0)
		found = strstr(line, name) != NULL;
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* What the kernel is to do by itself, and tell by an eventfd or a write: io_uring(7), io_setup(2).
 */
static bool is_served(const struct ct_scan_thread *thread)
{
	return has_memory(thread, " /[aio]") || has_memory(thread, "[io_uring]") ||
	       has_descriptor(thread, "anon_inode:[io_uring]");
}

bool ct_outside_lives(const struct ct_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++)
		if ((i == 0 || scan->threads[i].process != scan->threads[i - 1].process) &&
		    (ct_outside_has_threads(scan, scan->threads[i].pid) ||
		     is_served(&scan->threads[i])))
			return true;
	return ct_outside_any(scan, is_child, (void *)scan);
}
