#include "finding/baseline.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/input_file.h"
#include "base/text.h"
#include "base/vec.h"
#include "finding/finding.h"

#define BASELINE_FORMAT "conctrace-report"
enum { BASELINE_VERSION = 1, ID_DIGITS = 16, BYTES_MAX = 256 << 20 };

/* A finding of the old report. */
struct entry {
	uint64_t fingerprint;
	uint32_t occurrence;
	enum ct_evidence evidence;
};

struct ct_baseline {
	struct entry *entries; /* sorted, each pair of numbers once; owned */
	size_t count, cap;
};

/* Those with the same numbers: the better evidence first. */
static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->fingerprint != y->fingerprint)
		return x->fingerprint < y->fingerprint ? -1 : 1;
	if (x->occurrence != y->occurrence)
		return x->occurrence < y->occurrence ? -1 : 1;
	return (int)y->evidence - (int)x->evidence;
}

/* "8c6f3a0d51e29b47:1" */
static bool parse_id(const char *id, struct entry *out)
{
	unsigned long occurrence;
	char *end;

	if (!id || strspn(id, "0123456789abcdef") != ID_DIGITS || id[ID_DIGITS] != ':' ||
	    id[ID_DIGITS + 1] < '1' || id[ID_DIGITS + 1] > '9')
		return false;
	out->fingerprint = strtoull(id, NULL, 16);
	errno = 0;
	occurrence = strtoul(id + ID_DIGITS + 1, &end, 10);
	out->occurrence = (uint32_t)occurrence;
	return !errno && !*end && occurrence <= UINT32_MAX;
}

static bool parse_evidence(const char *word, enum ct_evidence *out)
{
	for (enum ct_evidence e = CT_POTENTIAL; word && e <= CT_OBSERVED; e++) {
		if (strcmp(word, ct_evidence_text(e)) != 0)
			continue;
		*out = e;
		return true;
	}
	return false;
}

static enum ct_status add(struct ct_baseline *baseline, const json_t *finding)
{
	struct entry entry;

	if (!parse_id(json_string_value(json_object_get(finding, "id")), &entry) ||
	    !parse_evidence(json_string_value(json_object_get(finding, "evidence")),
			    &entry.evidence))
		return CT_EFORMAT;
	if (ct_vec_grow(&baseline->entries, &baseline->cap, baseline->count + 1, sizeof(entry)))
		return CT_ENOMEM;
	baseline->entries[baseline->count++] = entry;
	return CT_OK;
}

/* What was known then is known now. What was suppressed is up to the suppression: when it goes,
 * the finding is to be told. */
static bool counts(const json_t *hidden)
{
	const char *why = json_string_value(json_object_get(hidden, "why"));

	return why && strcmp(why, "known") == 0;
}

static enum ct_status add_run(struct ct_baseline *baseline, const json_t *run)
{
	const json_t *findings = json_object_get(run, "findings"), *finding;
	const json_t *hidden = json_object_get(run, "hidden");
	enum ct_status status = json_is_array(findings) ? CT_OK : CT_EFORMAT;
	size_t i;

	for (i = 0; status == CT_OK && (finding = json_array_get(findings, i)); i++)
		status = add(baseline, finding);
	for (i = 0; status == CT_OK && (finding = json_array_get(hidden, i)); i++)
		if (counts(finding))
			status = add(baseline, finding);
	return status;
}

static void sort(struct ct_baseline *baseline)
{
	struct entry *entries = baseline->entries;
	size_t kept = 0;

	if (!baseline->count)
		return;
	qsort(entries, baseline->count, sizeof(*entries), compare);
	for (size_t i = 0; i < baseline->count; i++)
		if (!kept || entries[i].fingerprint != entries[kept - 1].fingerprint ||
		    entries[i].occurrence != entries[kept - 1].occurrence)
			entries[kept++] = entries[i];
	baseline->count = kept;
}

static enum ct_status take(struct ct_baseline *baseline, const char *path, const json_t *report,
			   struct ct_error *error)
{
	const char *format = json_string_value(json_object_get(report, "format"));
	const json_t *version = json_object_get(report, "version");
	const json_t *runs = json_object_get(report, "runs"), *run;
	enum ct_status status = json_is_array(runs) ? CT_OK : CT_EFORMAT;

	if (!format || strcmp(format, BASELINE_FORMAT) != 0 || !json_is_integer(version))
		return ct_error_set(error, CT_EFORMAT,
				    "%s is no report of conctrace: a baseline is made by "
				    "conctrace report --json FILE TRACE",
				    path);
	if (json_integer_value(version) != BASELINE_VERSION)
		return ct_error_set(error, CT_EVERSION,
				    "%s is a report of version %lld, and only version %d can be "
				    "compared: make it again with conctrace report --json FILE "
				    "TRACE",
				    path, (long long)json_integer_value(version), BASELINE_VERSION);
	for (size_t i = 0; status == CT_OK && (run = json_array_get(runs, i)); i++)
		status = add_run(baseline, run);
	if (status == CT_EFORMAT)
		return ct_error_set(error, status,
				    "%s is damaged: make it again with conctrace report --json "
				    "FILE TRACE",
				    path);
	if (status)
		return ct_error_set(error, status, "out of memory");
	sort(baseline);
	return CT_OK;
}

/* NULL: *error is set. */
static json_t *load(const char *path, struct ct_error *error)
{
	json_error_t why;
	json_t *report = NULL;
	struct ct_text text;

	ct_text_init(&text);
	if (ct_input_file_read(path, BYTES_MAX, &text, error) == CT_OK) {
		report = json_loadb(ct_text_str(&text), text.len, 0, &why);
		if (!report)
			ct_error_set(error, CT_EFORMAT,
				     "%s:%d: %s; a baseline is made by conctrace report --json "
				     "FILE TRACE",
				     path, why.line, why.text);
	}
	ct_text_fini(&text);
	return report;
}

enum ct_status ct_baseline_read(const char *path, struct ct_error *error,
				struct ct_baseline **out_baseline)
{
	struct ct_baseline *baseline = calloc(1, sizeof(*baseline));
	json_t *report;
	enum ct_status status;

	if (!baseline)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	report = load(path, error);
	status = report ? take(baseline, path, report, error) : error->status;
	json_decref(report);
	if (status) {
		ct_baseline_free(baseline);
		return status;
	}
	*out_baseline = baseline;
	return CT_OK;
}

void ct_baseline_free(struct ct_baseline *baseline)
{
	if (!baseline)
		return;
	free(baseline->entries);
	free(baseline);
}

static bool is_known(const struct ct_baseline *baseline, const struct ct_finding *finding)
{
	size_t begin = 0, end = baseline->count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;
		const struct entry *entry = &baseline->entries[middle];
		/* the same numbers and any evidence */
		const struct entry wanted = {finding->fingerprint, finding->occurrence,
					     entry->evidence};
		int order = compare(&wanted, entry);

		if (order == 0)
			return entry->evidence >= finding->evidence;
		if (order < 0)
			end = middle;
		else
			begin = middle + 1;
	}
	return false;
}

void ct_baseline_apply(const struct ct_baseline *baseline, struct ct_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i]->hiding == CT_TOLD && is_known(baseline, findings->items[i]))
			findings->items[i]->hiding = CT_KNOWN;
}
