#include "cli/several.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "report/reporter.h"

void ct_several_init(struct ct_several *merge, const struct ct_output_options *options,
		     bool several)
{
	*merge = (struct ct_several){.options = options, .several = several};
	for (int i = 0; i < CT_REPORT_COUNT; i++)
		ct_text_init(&merge->texts[i]);
}

void ct_several_begin(struct ct_several *merge, struct ct_output_options *run)
{
	static const char template[] = "/conctrace.XXXXXX";
	const char *folder = getenv("TMPDIR");

	for (int i = 0; merge->several && i < CT_REPORT_COUNT; i++) {
		struct ct_text name;
		int fd = -1;

		if (!merge->options->reports[i])
			continue;
		ct_text_init(&name);
		ct_text_addf(&name, "%s%s", folder && *folder ? folder : "/tmp", template);
		merge->parts[i] = strdup(ct_text_str(&name));
		ct_text_fini(&name);
		if (merge->parts[i])
			fd = mkstemp(merge->parts[i]);
		if (fd >= 0)
			close(fd);
		merge->failed |= fd < 0;
		run->reports[i] = fd < 0 ? NULL : merge->parts[i];
	}
}

static void add_file(struct ct_text *out, FILE *file)
{
	char bytes[16384];
	size_t n;

	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		ct_text_addn(out, bytes, n);
}

/* The seed goes into runs[].automationDetails.id. */
static void add_log(struct ct_several *merge, FILE *file, uint64_t seed)
{
	json_t *log = json_loadf(file, 0, NULL), *runs = json_object_get(log, "runs"), *run;
	char id[64];
	size_t i;

	if (!log) /* that run came to no report */
		return;
	snprintf(id, sizeof(id), "conctrace/perturb/%" PRIu64, seed);
	json_array_foreach(runs, i, run) merge->failed |=
		json_object_set_new(run, "automationDetails", json_pack("{s:s}", "id", id)) != 0;
	if (!merge->log) {
		merge->log = (struct json_t *)log;
		return;
	}
	merge->failed |= json_array_extend(json_object_get(merge->log, "runs"), runs) != 0;
	json_decref(log);
}

void ct_several_end(struct ct_several *merge, uint64_t seed, bool told)
{
	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		FILE *file = merge->parts[i] ? fopen(merge->parts[i], "re") : NULL;

		if (file && i == CT_REPORT_sarif)
			add_log(merge, file, seed);
		else if (file && told)
			add_file(&merge->texts[i], file);
		if (file)
			fclose(file);
		if (merge->parts[i])
			unlink(merge->parts[i]);
		free(merge->parts[i]);
		merge->parts[i] = NULL;
	}
}

static enum ct_status write_report(struct ct_several *merge, int index, struct ct_error *error)
{
	struct ct_text *text = &merge->texts[index];

	if (index == CT_REPORT_sarif && merge->log) {
		char *log = json_dumps(merge->log, JSON_INDENT(2));

		if (!log)
			return ct_error_set(error, CT_ENOMEM, "out of memory");
		ct_text_addf(text, "%s\n", log);
		free(log);
	}
	return ct_output_file(text, merge->options->reports[index], error);
}

int ct_several_write(struct ct_several *merge)
{
	struct ct_error error;

	if (merge->failed) {
		ct_cli_say("the reports of several runs cannot be put together: no memory, or no "
			   "room for temporary files");
		return CT_EXIT_INTERNAL;
	}
	for (int i = 0; merge->several && i < CT_REPORT_COUNT; i++)
		if (merge->options->reports[i] && write_report(merge, i, &error) != CT_OK)
			return ct_cli_fail(&error);
	return 0;
}

void ct_several_fini(struct ct_several *merge)
{
	for (int i = 0; i < CT_REPORT_COUNT; i++)
		ct_text_fini(&merge->texts[i]);
	json_decref(merge->log);
}
