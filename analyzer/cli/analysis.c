#include "cli/analysis.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/exit.h"
#include "detect/detector.h"

static enum ct_status analyse(struct ct_analysis *a, struct ct_error *error)
{
	enum ct_status status = ct_model_new(a->trace, error, &a->model);

	if (status)
		return status;
	status = ct_detect_all(a->model, &a->findings, error);
	if (status)
		return status;
	status = ct_symbols_new(a->trace, &a->symbols);
	if (status)
		return ct_error_set(error, status, "out of memory");
	ct_naming_init(&a->naming, a->model, a->symbols);
	return CT_OK;
}

enum ct_status ct_analysis_new(const char *path, uint64_t max_bytes, struct ct_error *error,
			       struct ct_analysis **out_analysis)
{
	struct ct_analysis *a = calloc(1, sizeof(*a));
	enum ct_status status;

	if (!a)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	ct_findings_init(&a->findings);
	status = ct_trace_open_recent(path, max_bytes, error, &a->trace);
	if (status == CT_OK)
		status = analyse(a, error);
	if (status) {
		ct_analysis_free(a);
		return status;
	}
	*out_analysis = a;
	return CT_OK;
}

void ct_analysis_free(struct ct_analysis *analysis)
{
	if (!analysis)
		return;
	if (analysis->naming.model)
		ct_naming_fini(&analysis->naming);
	ct_symbols_free(analysis->symbols);
	ct_findings_fini(&analysis->findings);
	ct_model_free(analysis->model);
	ct_trace_free(analysis->trace);
	free(analysis);
}

bool ct_analysis_fails(const struct ct_analysis *analysis, enum ct_evidence level)
{
	for (size_t i = 0; i < analysis->findings.count; i++) {
		const struct ct_finding *finding = analysis->findings.items[i];

		if (finding->severity == CT_ERROR && finding->evidence >= level)
			return true;
	}
	return false;
}

bool ct_analysis_say_problems(const struct ct_trace *trace)
{
	for (size_t i = 0; i < trace->problem_count; i++)
		ct_cli_say("%s", trace->problems[i]);
	return trace->problem_count > 0;
}

void ct_analysis_say_left_out(const struct ct_trace *trace)
{
	if (trace->left_out_bytes)
		ct_cli_say("%" PRIu64 " MB of the record, from before the hang, were not read for "
			   "this report; conctrace report reads all",
			   (trace->left_out_bytes >> 20) + 1);
}
