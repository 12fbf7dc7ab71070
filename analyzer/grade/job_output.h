#ifndef CT_GRADE_JOB_OUTPUT_H
#define CT_GRADE_JOB_OUTPUT_H
/*
 * What a job prints: from a pipe into a file, up to a limit.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct ct_job_output {
	int from, to; /* -1: none, or it has come to its end */
	uint64_t bytes, limit;
	bool cut;
	int failure; /* errno of the file's, or 0 */
};

/* Takes over `from`, which may be -1: then there is none. Makes the file anew. */
CT_MUST_CHECK enum ct_status ct_job_output_open(struct ct_job_output *out, int from,
						const char *path, uint64_t limit,
						struct ct_error *error);

/* Takes what there is, without waiting. */
void ct_job_output_take(struct ct_job_output *output);

void ct_job_output_close(struct ct_job_output *output);

#endif
