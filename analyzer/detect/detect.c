#include "detect/detector.h"

#include <assert.h>
#include <stdlib.h>

const struct ct_detector *const ct_detectors[] = {
#define DETECTOR(name) &ct_detect_##name,
#include "detect/detectors.def"
#undef DETECTOR
	NULL,
};

enum { DETECTOR_COUNT = sizeof(ct_detectors) / sizeof(ct_detectors[0]) - 1 };
enum { EFFECTS = CT_EFFECT_MEMORY_ALLOCATED + 1 }; /* the last one of all */

const struct ct_rule *const *ct_detect_rules(void)
{
	enum { RULES_MAX = 64 };
	static const struct ct_rule *rules[RULES_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		for (const struct ct_rule *const *rule = ct_detectors[i]->rules; *rule; rule++) {
			assert(count < RULES_MAX);
			rules[count++] = *rule;
		}
	return rules;
}

/* Which detectors are shown a step: most look at a few effects only, and a trace has millions. */
struct run {
	void *states[DETECTOR_COUNT];
	uint8_t shown[EFFECTS][DETECTOR_COUNT]; /* indices */
	size_t count[EFFECTS];
};

static void show(struct run *run, int effect, size_t detector)
{
	run->shown[effect][run->count[effect]++] = (uint8_t)detector;
}

static void show_wanted(struct run *run, size_t detector)
{
	const int *wants = ct_detectors[detector]->wants;

	if (!ct_detectors[detector]->step)
		return;
	for (int effect = 0; !wants && effect < EFFECTS; effect++)
		show(run, effect, detector);
	for (; wants && *wants != CT_WANTS_END; wants++)
		show(run, *wants, detector);
}

static enum ct_status begin(const struct ct_model *model, struct run *run)
{
	for (size_t i = 0; i < DETECTOR_COUNT; i++) {
		enum ct_status status = CT_OK;

		if (ct_detectors[i]->begin)
			status = ct_detectors[i]->begin(model, &run->states[i]);
		if (status)
			return status;
		show_wanted(run, i);
	}
	return CT_OK;
}

static enum ct_status step_on(void *data, const struct ct_model *model, const struct ct_step *step)
{
	const struct run *run = data;
	const uint8_t *shown = run->shown[step->effect];
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < run->count[step->effect]; i++)
		status = ct_detectors[shown[i]]->step(run->states[shown[i]], model, step);
	return status;
}

enum ct_status ct_detect_all(struct ct_model *model, struct ct_findings *findings,
			     struct ct_error *error)
{
	struct run run = {.states = {NULL}};
	struct ct_observer observer = {&run, step_on};
	enum ct_status status = begin(model, &run);

	if (status)
		ct_error_set(error, status, "%s", ct_status_text(status));
	else
		status = ct_model_run(model, &observer, 1, error);
	for (size_t i = 0; !status && i < DETECTOR_COUNT; i++) {
		status = ct_model_goes_on(model);
		if (!status && ct_detectors[i]->finish)
			status = ct_detectors[i]->finish(run.states[i], model, findings);
		if (status)
			ct_error_set(error, status, "%s: %s", ct_detectors[i]->name,
				     ct_status_text(status));
	}
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		if (ct_detectors[i]->end)
			ct_detectors[i]->end(run.states[i]);
	if (status == CT_OK)
		ct_findings_sort(findings);
	return status;
}
