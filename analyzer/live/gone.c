#include "live/gone.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "live/proc.h"
#include "model/model.h"

/* Of a process whose first thread has ended, others may live. */
static bool has_one_thread(pid_t pid)
{
	struct dirent *entry;
	size_t count = 0;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count == 1;
}

/* What cannot be told lives. */
static bool is_gone(pid_t pid)
{
	struct ct_proc proc;

	if (ct_proc_read(pid, 0, &proc))
		return (proc.state == 'Z' || proc.state == 'X') && has_one_thread(pid);
	return kill(pid, 0) != 0 && errno == ESRCH;
}

enum ct_status ct_gone_find(const struct ct_scan *scan, struct ct_gone *out)
{
	*out = (struct ct_gone){.processes = calloc(scan->count + 1, sizeof(*out->processes))};
	if (!out->processes)
		return CT_ENOMEM;
	for (size_t i = 0; i < scan->count; i++) {
		const struct ct_scan_thread *thread = &scan->threads[i];

		if (thread->start && (i == 0 || thread->process != scan->threads[i - 1].process) &&
		    is_gone((pid_t)thread->pid))
			out->processes[out->count++] = thread->process;
	}
	return CT_OK;
}

void ct_gone_tell(const struct ct_gone *gone, struct ct_trace *trace)
{
	for (size_t i = 0; i < gone->count; i++)
		for (size_t k = 0; k < trace->process_count; k++)
			if (trace->processes[k].number == gone->processes[i])
				trace->processes[k].ended = true;
}

void ct_gone_fini(struct ct_gone *gone)
{
	free(gone->processes);
	*gone = (struct ct_gone){0};
}
