#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "base/text.h"
#include "grade/job.h"

static void add_bytes(struct ct_text *out, uint64_t bytes)
{
	static const char units[] = "KMGT";
	size_t unit = 0;

	while (unit + 2 < sizeof(units) && bytes >> (10 * (unit + 1)) >= 10240)
		unit++;
	ct_text_addf(out, "%" PRIu64 " %cB", bytes >> (10 * (unit + 1)), units[unit]);
}

static void add_seconds(struct ct_text *out, uint64_t time_ms)
{
	ct_text_addf(out, "%.6g s", (double)time_ms / 1000);
}

void ct_job_end_text(struct ct_text *out, const struct ct_job *job, const struct ct_job_end *end)
{
	const struct ct_job_limits *limits = &job->limits;

	switch (end->ending) {
	case CT_JOB_EXITED:
		ct_text_addf(out, "exited with status %d", end->status);
		break;
	case CT_JOB_SIGNALLED:
		ct_text_addf(out, "was killed by SIG%s", sigabbrev_np(end->status));
		break;
	case CT_JOB_TIME:
		ct_text_add(out, "was killed: not done after ");
		add_seconds(out, limits->wall_ms);
		break;
	case CT_JOB_MEMORY:
		ct_text_add(out, "was killed: more than ");
		add_bytes(out, limits->memory_bytes);
		ct_text_add(out, " of memory");
		break;
	case CT_JOB_OUTPUT:
		ct_text_add(out, "was killed: more than ");
		add_bytes(out, limits->output_bytes);
		ct_text_add(out, " of output");
		break;
	case CT_JOB_PROCESSES:
		ct_text_addf(out, "was killed: more than %" PRIu32 " processes and threads",
			     limits->processes);
		break;
	case CT_JOB_FILES:
		ct_text_add(out, "was killed: more than ");
		add_bytes(out, limits->file_bytes);
		ct_text_add(out, " of files, or too many folders in one another");
		break;
	case CT_JOB_INTERRUPTED:
		ct_text_add(out, "was ended, as we were told to end");
		break;
	}
	if (end->left_behind)
		ct_text_add(out, " and left processes behind");
}
