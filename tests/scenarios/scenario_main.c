/*
 * scenario_main TRACE [RULE...]: one line per finding of these rules (of all, if none is given), as
 * the .expect files have them. Sorted, so that the order of findings does not matter.
 *
 *	lock-order potential 3+7      what may happen: numbers of the requests in the file
 *	deadlock observed T1 T2       what stands: the threads, sorted
 *	data-race predicted 1-6       two accesses that another order of the run brings together
 *	data-race predicted 2-5 in-run      two that nothing orders in the run itself
 *	atomicity potential 3>9-7 in-run    check, act, and what another thread wrote in between
 *	lock-order note               the search was not complete
 *	none
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "detect/detector.h"

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void add_events(struct ct_text *line, const struct ct_finding *finding)
{
	uint64_t *times = calloc(finding->step_count + 1, sizeof(*times));

	if (!times)
		abort();
	for (size_t i = 0; i < finding->step_count; i++)
		times[i] = finding->steps[i].wanted_at.time;
	qsort(times, finding->step_count, sizeof(*times), by_number);
	for (size_t i = 0; i < finding->step_count; i++)
		ct_text_addf(line, "%c%" PRIu64, i ? '+' : ' ', times[i]);
	free(times);
}

static void add_threads(struct ct_text *line, const struct ct_finding *finding)
{
	const char **names = calloc(finding->step_count + 1, sizeof(*names));

	if (!names)
		abort();
	for (size_t i = 0; i < finding->step_count; i++)
		names[i] = finding->steps[i].thread->name;
	qsort(names, finding->step_count, sizeof(*names), by_text);
	for (size_t i = 0; i < finding->step_count; i++)
		ct_text_addf(line, " %s", names[i]);
	free(names);
}

static void add_accesses(struct ct_text *line, const struct ct_race *race)
{
	uint64_t first = race->sides[0].place.time, second = race->sides[1].place.time;

	ct_text_addc(line, ' ');
	if (race->check)
		ct_text_addf(line, "%" PRIu64 ">", race->check->place.time);
	ct_text_addf(line, "%" PRIu64 "-%" PRIu64 "%s", first, second,
		     race->in_run ? " in-run" : "");
}

static char *line_of(const struct ct_finding *finding)
{
	struct ct_text line;
	char *copy;

	ct_text_init(&line);
	ct_text_addf(&line, "%s %s", finding->rule->id,
		     finding->severity == CT_NOTE ? "note" : ct_evidence_text(finding->evidence));
	if (finding->race)
		add_accesses(&line, finding->race);
	else if (finding->evidence >= CT_CONFIRMED)
		add_threads(&line, finding);
	else
		add_events(&line, finding);
	copy = strdup(ct_text_str(&line));
	ct_text_fini(&line);
	if (!copy)
		abort();
	return copy;
}

static bool is_asked_for(const struct ct_finding *finding, char **rules)
{
	if (!*rules)
		return true;
	for (; *rules; rules++)
		if (strcmp(*rules, finding->rule->id) == 0)
			return true;
	return false;
}

static void print(const struct ct_findings *findings, char **rules)
{
	char **lines = calloc(findings->count + 1, sizeof(*lines));
	size_t count = 0;

	if (!lines)
		abort();
	for (size_t i = 0; i < findings->count; i++)
		if (is_asked_for(findings->items[i], rules))
			lines[count++] = line_of(findings->items[i]);
	qsort(lines, count, sizeof(*lines), by_text);
	for (size_t i = 0; i < count; i++) {
		puts(lines[i]);
		free(lines[i]);
	}
	if (!count)
		puts("none");
	free(lines);
}

int main(int argc, char **argv)
{
	struct ct_findings findings;
	struct ct_model *model = NULL;
	struct ct_trace *trace = NULL;
	struct ct_error error = {0};
	enum ct_status status;

	if (argc < 2) {
		fprintf(stderr, "usage: scenario_main TRACE [RULE...]\n");
		return 2;
	}
	ct_findings_init(&findings);
	status = ct_trace_open(argv[1], &error, &trace);
	if (!status)
		status = ct_model_new(trace, &error, &model);
	if (!status)
		status = ct_detect_all(model, &findings, &error);
	if (!status)
		print(&findings, argv + 2);
	else
		fprintf(stderr, "scenario_main: %s\n", error.text);
	ct_findings_fini(&findings);
	ct_model_free(model);
	ct_trace_free(trace);
	return status ? 1 : 0;
}
