#include "cli/sift.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/map.h"
#include "base/text.h"
#include "cli/analysis.h"
#include "cli/options.h"
#include "detect/detector.h"
#include "finding/baseline.h"
#include "finding/suppression.h"
#include "report/words.h"

enum { SECONDS_PER_DAY = 86400 };

struct ct_sift {
	const struct ct_output_options *options;
	struct ct_suppressions *suppressions;
	struct ct_baseline *baseline; /* NULL: none */
	struct ct_map generated;      /* findings that have one */
	struct ct_text text;	      /* all that was generated */
};

/* As the calendar on the wall has it. */
static int64_t today(void)
{
	time_t now = time(NULL);
	struct tm local;

	if (!localtime_r(&now, &local))
		return now / SECONDS_PER_DAY;
	return (now + local.tm_gmtoff) / SECONDS_PER_DAY;
}

static enum ct_status read_files(struct ct_sift *sift, struct ct_error *error)
{
	const struct ct_output_options *options = sift->options;
	enum ct_status status = ct_suppressions_new(ct_detect_rules(), &sift->suppressions);

	if (status)
		return ct_error_set(error, status, "out of memory");
	for (size_t i = 0; status == CT_OK && i < options->suppression_count; i++)
		status = ct_suppressions_read(sift->suppressions, options->suppressions[i], today(),
					      error);
	if (status == CT_OK && options->baseline)
		status = ct_baseline_read(options->baseline, error, &sift->baseline);
	return status;
}

enum ct_status ct_sift_new(const struct ct_output_options *options, struct ct_error *error,
			   struct ct_sift **out_sift)
{
	struct ct_sift *sift = calloc(1, sizeof(*sift));
	enum ct_status status;

	if (!sift)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	sift->options = options;
	ct_map_init(&sift->generated);
	ct_text_init(&sift->text);
	status = read_files(sift, error);
	if (status) {
		ct_sift_free(sift);
		return status;
	}
	*out_sift = sift;
	return CT_OK;
}

void ct_sift_free(struct ct_sift *sift)
{
	if (!sift)
		return;
	ct_text_fini(&sift->text);
	ct_map_fini(&sift->generated);
	ct_baseline_free(sift->baseline);
	ct_suppressions_free(sift->suppressions);
	free(sift);
}

enum ct_status ct_sift_apply(struct ct_sift *sift, struct ct_analysis *analysis,
			     struct ct_error *error)
{
	enum ct_status status;

	if (!sift)
		return CT_OK;
	status = ct_suppressions_apply(sift->suppressions, &analysis->findings, analysis->symbols,
				       &analysis->naming);
	if (status == CT_OK && sift->baseline)
		ct_baseline_apply(sift->baseline, &analysis->findings);
	if (status == CT_OK)
		status = ct_findings_hide(&analysis->findings);
	return status ? ct_error_set(error, status, "out of memory") : CT_OK;
}

enum ct_status ct_sift_unused(struct ct_sift *sift, bool more, const char *const **out_lines,
			      size_t *out_count)
{
	if (sift && !more)
		return ct_suppressions_unused(sift->suppressions, out_lines, out_count);
	*out_lines = NULL;
	*out_count = 0;
	return CT_OK;
}

static void add_one(struct ct_sift *sift, struct ct_analysis *analysis,
		    const struct ct_finding *finding, struct ct_text *out)
{
	uint64_t id = finding->fingerprint ^ ct_map_mix(finding->occurrence);
	struct ct_text headline;

	if (ct_map_get(&sift->generated, id, NULL))
		return;
	if (ct_map_put(&sift->generated, id, 1) != CT_OK)
		out->failed = true;
	ct_text_init(&headline);
	ct_words_headline(&headline, &analysis->naming, finding);
	ct_suppression_generate(out, finding, ct_text_str(&headline), analysis->symbols,
				&analysis->naming);
	ct_text_fini(&headline);
}

static bool is_file(const char *name)
{
	return name && strcmp(name, "-") != 0;
}

bool ct_sift_generate(struct ct_sift *sift, struct ct_analysis *analysis, struct ct_text *out)
{
	struct ct_text fresh;

	if (!sift || !sift->options->generate)
		return false;
	ct_text_init(&fresh);
	for (size_t i = 0; i < analysis->findings.count; i++)
		add_one(sift, analysis, analysis->findings.items[i], &fresh);
	ct_text_add(&sift->text, ct_text_str(&fresh));
	/* a file is replaced each time: it gets those of the analyses before as well */
	ct_text_add(out, ct_text_str(is_file(sift->options->generate_file) ? &sift->text : &fresh));
	if (ct_text_status(&fresh) != CT_OK || ct_text_status(&sift->text) != CT_OK)
		out->failed = true;
	ct_text_fini(&fresh);
	return true;
}
