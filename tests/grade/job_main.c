/* Runs one job and says what came of it: job_main FOLDER none|bwrap|auto [LIMIT=N...] -- COMMAND
 * What it prints goes to FOLDER.out and FOLDER.err. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "grade/job.h"

static const char *const endings[] = {
	[CT_JOB_EXITED] = "exited",
	[CT_JOB_SIGNALLED] = "signalled",
	[CT_JOB_TIME] = "time",
	[CT_JOB_MEMORY] = "memory",
	[CT_JOB_OUTPUT] = "output",
	[CT_JOB_PROCESSES] = "processes",
	[CT_JOB_INTERRUPTED] = "interrupted",
	[CT_JOB_FILES] = "files",
};

static void set_limit(struct ct_job_limits *limits, const char *arg)
{
	const char *value = strchr(arg, '=');
	uint64_t number = value ? strtoull(value + 1, NULL, 10) : 0;

	if (strncmp(arg, "wall=", 5) == 0)
		limits->wall_ms = number;
	else if (strncmp(arg, "memory=", 7) == 0)
		limits->memory_bytes = number;
	else if (strncmp(arg, "output=", 7) == 0)
		limits->output_bytes = number;
	else if (strncmp(arg, "files=", 6) == 0)
		limits->file_bytes = number;
	else if (strncmp(arg, "processes=", 10) == 0)
		limits->processes = (uint32_t)number;
}

static enum ct_sandbox sandbox_of(const char *name)
{
	if (strcmp(name, "none") == 0)
		return CT_SANDBOX_NONE;
	return strcmp(name, "bwrap") == 0 ? CT_SANDBOX_BWRAP : CT_SANDBOX_AUTO;
}

int main(int argc, char **argv)
{
	static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
						  NULL};
	const char *readable[] = {getenv("JOB_READABLE"), NULL};
	const char *hidden[] = {getenv("JOB_HIDDEN"), NULL};
	struct ct_job job = {.environment = environment, .readable = readable, .hidden = hidden};
	char output[4096], error_output[4096];
	struct ct_job_end end;
	struct ct_error error;
	struct ct_text text;
	int status, at = 3;

	if (ct_job_inside(argc, argv, &status))
		return status;
	if (argc < 5)
		return 2;
	snprintf(output, sizeof(output), "%s.out", argv[1]);
	snprintf(error_output, sizeof(error_output), "%s.err", argv[1]);
	job.folder = argv[1];
	job.output = output;
	job.error_output = error_output;
	job.sandbox = sandbox_of(argv[2]);
	while (argv[at] && strcmp(argv[at], "--") != 0)
		set_limit(&job.limits, argv[at++]);
	job.argv = (const char *const *)&argv[at + 1];
	if (ct_job_run(&job, &error, &end) != CT_OK) {
		printf("error: %s\n", error.text);
		return 1;
	}
	ct_text_init(&text);
	ct_job_end_text(&text, &job, &end);
	printf("%s %d left=%d: %s (%" PRIu64 " ms, %" PRIu64 " MB, %" PRIu32 " processes)\n",
	       endings[end.ending], end.status, end.left_behind, ct_text_str(&text), end.wall_ms,
	       end.peak_memory_bytes >> 20, end.peak_processes);
	ct_text_fini(&text);
	return 0;
}
