#include "cli/several.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "finding/finding.h"
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
static void take_part(struct ct_several *merge, int index, struct ct_text *part,
		      const struct ct_several_run *run)
{
	const struct ct_reporter *reporter = ct_reporters[index];
	struct ct_text *whole = &merge->texts[index];

	if (ct_text_status(part))
		merge->failed = true;
	else if (!reporter->join)
		take_worst(merge, whole, part, run);
	else if (part->len)
		merge->failed |= reporter->join(whole, part, run->seed, run->told) == CT_ENOMEM;
}

void ct_several_end(struct ct_several *merge, const struct ct_several_run *run)
{
	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		FILE *file = merge->parts[i] ? fopen(merge->parts[i], "re") : NULL;
		struct ct_text part;

		ct_text_init(&part);
		if (file) {
			add_file(&part, file);
			fclose(file);
			take_part(merge, i, &part, run);
		}
		ct_text_fini(&part);
		if (merge->parts[i])
			unlink(merge->parts[i]);
		free(merge->parts[i]);
		merge->parts[i] = NULL;
	}
	if (run->worst > merge->worst)
		merge->worst = run->worst;
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
		if (merge->options->reports[i] &&
		    ct_output_file(&merge->texts[i], merge->options->reports[i], &error) != CT_OK)
			return ct_cli_fail(&error);
	return 0;
}

void ct_several_fini(struct ct_several *merge)
{
	for (int i = 0; i < CT_REPORT_COUNT; i++)
		ct_text_fini(&merge->texts[i]);
}
