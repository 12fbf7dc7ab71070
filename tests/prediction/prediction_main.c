/*
 * prediction_main [-b] TRACE...: what is predicted of each trace, one line each,
 *
 *	TRACE 3+7 4+6+9
 *
 * the requests of each predicted lock-order finding by their numbers in the file. With -b it is
 * taken as not known what the threads read (as of a recorded trace without accesses). With -w the
 * witness follows: how far each thread runs in turn, in its own events without accesses,
 *
 *	TRACE 3+7:T1.2,T2.1
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
	if (witness->left_out || witness->recorded_order) {
		printf(":?");
		return;
	}
	printf(":");
	for (size_t i = 0; i < witness->count; i++)
		if (strncmp(witness->events[i].verb, "is stuck", 8) != 0)
			printf("%s.%" PRIu32 ",", witness->events[i].place.thread->name,
			       witness->events[i].ordinal);
}

static void print(const struct ct_finding *finding, bool witness)
{
	uint64_t times[16];
	size_t count = finding->step_count < 16 ? finding->step_count : 16;

	if (finding->evidence != CT_PREDICTED || strcmp(finding->rule->id, "lock-order") != 0)
		return;
	for (size_t i = 0; i < count; i++)
		times[i] = finding->steps[i].wanted_at.time;
	qsort(times, count, sizeof(*times), by_number);
	for (size_t i = 0; i < count; i++)
		printf("%c%" PRIu64, i ? '+' : ' ', times[i]);
	if (witness && finding->witness)
		print_witness(finding->witness);
}

static enum ct_status predict(const char *path, bool blind, bool witness)
{
	struct ct_findings findings;
	struct ct_model *model = NULL;
	struct ct_trace *trace = NULL;
	struct ct_error error = {0};
	enum ct_status status;

	ct_findings_init(&findings);
	status = ct_trace_open(path, &error, &trace);
	if (!status) {
		trace->accesses &= !blind;
		status = ct_model_new(trace, &error, &model);
	}
	if (!status)
		status = ct_detect_all(model, &findings, &error);
	if (status)
		fprintf(stderr, "prediction_main: %s\n", error.text);
	printf("%s", path);
	for (size_t i = 0; !status && i < findings.count; i++)
		print(findings.items[i], witness);
	printf("\n");
	ct_findings_fini(&findings);
	ct_model_free(model);
	ct_trace_free(trace);
	return status;
}

int main(int argc, char **argv)
{
	bool blind = argc > 1 && strcmp(argv[1], "-b") == 0;

	bool witness = argc > 1 && strcmp(argv[1], "-w") == 0;

	for (int i = 1 + (blind || witness); i < argc; i++)
		if (predict(argv[i], blind, witness) != CT_OK)
			return 1;
	return 0;
}
