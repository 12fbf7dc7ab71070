#include "grade/job.h"

#include "base/text.h"

enum ct_status ct_job_run(const struct ct_job *job, struct ct_error *error,
			  struct ct_job_end *out_end)
{
	(void)job;
	*out_end = (struct ct_job_end){0};
	return ct_error_set(error, CT_EUSAGE, "jobs are not there yet");
}

enum ct_status ct_job_take_back(const char *folder, struct ct_error *error)
{
	(void)folder;
	(void)error;
	return CT_OK;
}

bool ct_sandbox_works(const char **out_why_not)
{
	*out_why_not = "it is not there yet";
	return false;
}

void ct_job_end_text(struct ct_text *out, const struct ct_job *job, const struct ct_job_end *end)
{
	(void)job;
	ct_text_addf(out, "ended with status %d", end->status);
}
