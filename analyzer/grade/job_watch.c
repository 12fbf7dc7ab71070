#include "grade/job_watch.h"

#include <time.h>

#include "grade/job.h"
#include "grade/job_folder.h"

enum { PROCESSES_MS = 25, FOLDER_MS = 200, SHARE = 20 };

static uint64_t clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t ct_job_now_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

/* What looking costs. Not the time it takes: a job that takes all processors would be looked at
 * the less for it. */
static uint64_t cost_ms(void)
{
	return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t ct_job_watch_next(const struct ct_job_watch *watch)
{
	return watch->processes_at < watch->folder_at ? watch->processes_at : watch->folder_at;
}

static uint64_t after(uint64_t cost_before, uint64_t pause)
{
	uint64_t rest = (cost_ms() - cost_before) * SHARE;

	return ct_job_now_ms() + (rest > pause ? rest : pause);
}

static bool look_at_processes(struct ct_job_watch *watch, struct ct_job_end *end)
{
	const struct ct_job_limits *limits = &watch->job->limits;
	uint64_t memory, threads;

	if (ct_job_tree_read(&watch->tree) != CT_OK)
		return false; /* for want of memory of our own: the next look may succeed */
	threads = ct_job_tree_threads(&watch->tree);
	threads -= threads < watch->helpers ? threads : watch->helpers;
	memory = ct_job_tree_memory(&watch->tree, false);
	if (limits->memory_bytes && memory > limits->memory_bytes)
		memory = ct_job_tree_memory(&watch->tree, true);
	if (threads > end->peak_processes)
		end->peak_processes = (uint32_t)threads;
	if (memory > end->peak_memory_bytes)
		end->peak_memory_bytes = memory;
	if (limits->processes && threads > limits->processes)
		end->ending = CT_JOB_PROCESSES;
	else if (limits->memory_bytes && memory > limits->memory_bytes)
		end->ending = CT_JOB_MEMORY;
	else
		return false;
	return true;
}

static bool look_at_folder(const struct ct_job_watch *watch, struct ct_job_end *end)
{
	uint64_t limit = watch->job->limits.file_bytes;

	if (!limit || ct_job_folder_bytes(watch->job->folder, limit) <= limit)
		return false;
	end->ending = CT_JOB_FILES;
	return true;
}

bool ct_job_watch_look(struct ct_job_watch *watch, struct ct_job_end *end)
{
	uint64_t now = ct_job_now_ms(), cost = cost_ms();
	bool over = false;

	if (now >= watch->processes_at) {
		over = look_at_processes(watch, end);
		watch->processes_at = after(cost, PROCESSES_MS);
	}
	if (!over && now >= watch->folder_at) {
		cost = cost_ms();
		over = look_at_folder(watch, end);
		watch->folder_at = after(cost, FOLDER_MS);
	}
	return over;
}

void ct_job_watch_fini(struct ct_job_watch *watch)
{
	ct_job_tree_fini(&watch->tree);
}
