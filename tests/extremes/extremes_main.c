/*
 * extremes_main TRACE...: what is predicted of each trace, one line each,
 *
 *	TRACE lost-wakeup:2:T2.3,T1.2 lock-order:3+7
 *
 * the rule; what the threads of the steps ask for, by the numbers of the events in the file; and
 *how far each thread runs in turn until then, in its own events without accesses (if all is
 *listed).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/detector.h"

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static void print_witness(const struct ct_witness *witness)
{
	for (size_t i = 0; i < witness->count && !witness->left_out; i++)
		if (strncmp(witness->events[i].verb, "is stuck", 8) != 0)
			printf("%c%s.%" PRIu32, i ? ',' : ':',
			       witness->events[i].place.thread->name, witness->events[i].ordinal);
}

static void print(const struct ct_finding *finding)
{
	uint64_t times[16];
	size_t count = finding->step_count < 16 ? finding->step_count : 16;

	if (finding->evidence != CT_PREDICTED || finding->race)
		return;
	for (size_t i = 0; i < count; i++)
		times[i] = finding->steps[i].wanted_at.time;
	qsort(times, count, sizeof(*times), by_number);
	printf(" %s", finding->rule->id);
	for (size_t i = 0; i < count; i++)
		printf("%c%" PRIu64, i ? '+' : ':', times[i]);
	if (finding->witness && strcmp(finding->rule->id, "lock-order") != 0)
		print_witness(finding->witness);
}

static enum ct_status predict(const char *path)
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
		fprintf(stderr, "extremes_main: %s\n", error.text);
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
		if (predict(argv[i]) != CT_OK)
			return 1;
	return 0;
}
