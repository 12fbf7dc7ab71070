#include "cli/several.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "finding/finding.h"
#include "report/reporter.h"

void ct_several_init(struct ct_several *merge, const struct ct_output_options *options)
{
	*merge = (struct ct_several){.options = options};
	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		ct_text_init(&merge->reports[i].whole);
		ct_text_init(&merge->appended[i].whole);
	}
}

/* Puts a file of its own in the place of what the run would write to. */
static void begin_file(struct ct_several *merge, struct ct_several_file *file, const char **run)
{
	const char *folder = getenv("TMPDIR");
	struct ct_text name;
	int fd = -1;

	if (!*run)
		return;
	ct_text_init(&name);
	ct_text_addf(&name, "%s/conctrace.XXXXXX", folder && *folder ? folder : "/tmp");
	file->part = strdup(ct_text_str(&name));
	ct_text_fini(&name);
	if (file->part)
		fd = mkstemp(file->part);
	if (fd >= 0)
		close(fd);
	merge->failed |= fd < 0;
	*run = fd < 0 ? NULL : file->part;
}

void ct_several_begin(struct ct_several *merge, struct ct_output_options *run)
{
	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		if (!run->reports[i])
			continue;
		begin_file(merge, &merge->reports[i], &run->reports[i]);
		begin_file(merge, &merge->appended[i], &run->appended[i]);
	}
}

int ct_several_worst(const struct ct_findings *findings)
{
	int worst = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];
		int bad = 1 + (int)finding->severity * (CT_OBSERVED + 1) + (int)finding->evidence;

		worst = bad > worst ? bad : worst;
	}
	return worst;
}

static void add_file(struct ct_text *out, FILE *file)
{
	char bytes[16384];
	size_t n;

	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		ct_text_addn(out, bytes, n);
}

static void take_worst(struct ct_several *merge, struct ct_text *whole, struct ct_text *part,
		       const struct ct_several_run *run)
{
	struct ct_text taken = *part;

	if (!part->len || (whole->len && run->worst <= merge->worst))
		return;
	*part = *whole;
	*whole = taken;
}

/* A run that came to no report leaves an empty file, which is no part of any format. */
static void take_part(struct ct_several *merge, ct_report_join_fn *join, struct ct_text *whole,
		      struct ct_text *part, const struct ct_several_run *run)
{
	if (ct_text_status(part))
		merge->failed = true;
	else if (!join)
		take_worst(merge, whole, part, run);
	else if (part->len)
		merge->failed |= join(whole, part, &run->run) == CT_ENOMEM;
}

static void end_file(struct ct_several *merge, struct ct_several_file *file,
		     ct_report_join_fn *join, const struct ct_several_run *run)
{
	FILE *stream = file->part ? fopen(file->part, "re") : NULL;
	struct ct_text part;

	ct_text_init(&part);
	if (stream) {
		add_file(&part, stream);
		fclose(stream);
		take_part(merge, join, &file->whole, &part, run);
	}
	ct_text_fini(&part);
	if (file->part)
		unlink(file->part);
	free(file->part);
	file->part = NULL;
}

void ct_several_end(struct ct_several *merge, const struct ct_several_run *run)
{
	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		end_file(merge, &merge->reports[i], ct_reporters[i]->join, run);
		end_file(merge, &merge->appended[i], ct_reporters[i]->join_appended, run);
	}
	if (run->worst > merge->worst)
		merge->worst = run->worst;
}

int ct_several_write(struct ct_several *merge)
{
	const struct ct_output_options *options = merge->options;
	enum ct_status status = CT_OK;
	struct ct_error error;

	if (merge->failed) {
		ct_cli_say("the reports of several runs cannot be put together: no memory, or no "
			   "room for temporary files");
		return CT_EXIT_INTERNAL;
	}
	for (int i = 0; i < CT_REPORT_COUNT && status == CT_OK; i++) {
		if (!options->reports[i])
			continue;
		status = ct_output_file(&merge->reports[i].whole, options->reports[i], &error);
		if (status == CT_OK && options->appended[i])
			status = ct_output_append(&merge->appended[i].whole, options->appended[i],
						  &error);
	}
	return status ? ct_cli_fail(&error) : 0;
}

void ct_several_fini(struct ct_several *merge)
{
	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		ct_text_fini(&merge->reports[i].whole);
		ct_text_fini(&merge->appended[i].whole);
	}
}
