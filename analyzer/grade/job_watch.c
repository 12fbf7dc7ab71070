#include "grade/job_watch.h"

#include <time.h>

#include "grade/job.h"
#include "grade/job_folder.h"
#include "grade/job_outside.h"

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

/* `own`: the process that has a limit of its own, or NULL. */
static uint64_t memory_of(const struct ct_job_watch *watch, const struct ct_job_process *own,
			  bool exactly)
{
	uint64_t sum = ct_job_tree_memory(&watch->tree, exactly);
	uint64_t part = own ? ct_job_process_memory(own, exactly) : 0;

	return sum > part ? sum - part : 0;
}

static bool look_at_processes(struct ct_job_watch *watch, struct ct_job_end *end)
{
	const struct ct_job_limits *limits = &watch->job->limits;
	const struct ct_job_process *first = NULL;
	uint64_t memory, threads;

	if (ct_job_tree_read(&watch->tree) != CT_OK)
		return false; /* for want of memory of our own: the next look may succeed */
	if (limits->own_bytes)
		first = ct_job_tree_first(&watch->tree, watch->helpers);
	threads = ct_job_tree_threads(&watch->tree);
	threads -= threads < watch->helpers ? threads : watch->helpers;
	if (first && first->state != 'Z' && threads >= first->threads)
		threads -= first->threads;
	end->own_alone = first && first->state != 'T' && !threads;
	memory = memory_of(watch, first, false);
	if (limits->memory_bytes && memory > limits->memory_bytes)
		memory = memory_of(watch, first, true);
	end->own_memory = first && ct_job_process_memory(first, false) > limits->own_bytes;
	if (threads > end->peak_processes)
		end->peak_processes = (uint32_t)threads;
	if (memory > end->peak_memory_bytes)
		end->peak_memory_bytes = memory;
	if (limits->processes && threads > limits->processes)
		end->ending = CT_JOB_PROCESSES;
	else if ((limits->memory_bytes && memory > limits->memory_bytes) || end->own_memory)
		end->ending = CT_JOB_MEMORY;
	else
		return false;
	return true;
}

bool ct_job_watch_look_at_files(const struct ct_job_watch *watch, struct ct_job_end *end)
{
	uint64_t limit = watch->job->limits.file_bytes, bytes;

	if (!limit)
		return false;
	bytes = ct_job_folder_bytes(watch->job->folder, limit);
	if (bytes <= limit && watch->outside)
		bytes += ct_job_outside_bytes(watch->user, watch->job->folder, limit - bytes);
	if (bytes <= limit)
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
		over = ct_job_watch_look_at_files(watch, end);
		watch->folder_at = after(cost, FOLDER_MS);
	}
	return over;
}

void ct_job_watch_fini(struct ct_job_watch *watch)
{
	ct_job_tree_fini(&watch->tree);
}
