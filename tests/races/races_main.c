/*
 * races_main TRACE...: the data races that are told of each trace, one line each,
 *
 *	TRACE 3-7 4-9?
 *
 * pairs of accesses by their numbers in the file; with ? those that are only potential.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "detect/detector.h"

static void print(const struct ct_finding *finding)
{
	if (finding->race && strcmp(finding->rule->id, "data-race") == 0)
		printf(" %" PRIu64 "-%" PRIu64 "%s", finding->race->sides[0].place.time,
		       finding->race->sides[1].place.time,
		       finding->evidence < CT_PREDICTED ? "?" : "");
}

static enum ct_status tell(const char *path)
{
	struct ct_findings findings;
	struct ct_model *model = NULL;
	struct ct_trace *trace = NULL;
	struct ct_error error = {0};
	enum ct_status status;

	ct_findings_init(&findings);
	status = ct_trace_open(path, &error, &trace);
	if (!status)
		status = ct_model_new(trace, &error, &model);
	if (!status)
		status = ct_detect_all(model, &findings, &error);
	if (status)
		fprintf(stderr, "races_main: %s\n", error.text);
	printf("%s", path);
	for (size_t i = 0; !status && i < findings.count; i++)
		print(findings.items[i]);
	printf("\n");
	ct_findings_fini(&findings);
	ct_model_free(model);
	ct_trace_free(trace);
	return status;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (tell(argv[i]) != CT_OK)
			return 1;
	return 0;
}
