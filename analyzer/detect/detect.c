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

static enum ct_status begin(const struct ct_model *model, void **states,
			    struct ct_observer *observers)
{
	for (size_t i = 0; i < DETECTOR_COUNT; i++) {
		enum ct_status status = CT_OK;

		if (ct_detectors[i]->begin)
			status = ct_detectors[i]->begin(model, &states[i]);
		if (status)
			return status;
		observers[i] = (struct ct_observer){states[i], ct_detectors[i]->step};
	}
	return CT_OK;
}

enum ct_status ct_detect_all(struct ct_model *model, struct ct_findings *findings,
			     struct ct_error *error)
{
	struct ct_observer observers[DETECTOR_COUNT];
	void *states[DETECTOR_COUNT] = {NULL};
	enum ct_status status = begin(model, states, observers);

	if (status)
		ct_error_set(error, status, "%s", ct_status_text(status));
	else
		status = ct_model_run(model, observers, DETECTOR_COUNT, error);
	for (size_t i = 0; !status && i < DETECTOR_COUNT; i++) {
		status = ct_model_goes_on(model);
		if (!status && ct_detectors[i]->finish)
			status = ct_detectors[i]->finish(states[i], model, findings);
		if (status)
			ct_error_set(error, status, "%s: %s", ct_detectors[i]->name,
				     ct_status_text(status));
	}
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		if (ct_detectors[i]->end)
			ct_detectors[i]->end(states[i]);
	if (status == CT_OK)
		ct_findings_sort(findings);
	return status;
}
