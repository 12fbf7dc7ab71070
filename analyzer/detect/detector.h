#ifndef CT_DETECT_DETECTOR_H
#define CT_DETECT_DETECTOR_H
/*
 * A detector watches the event order and states findings. One file each, listed in detectors.def.
 */
#include "finding/finding.h"
#include "model/model.h"

enum { CT_WANTS_END = -1 };

struct ct_detector {
	const char *name;		    /* as in detectors.def */
	const struct ct_rule *const *rules; /* NULL-terminated */
	/* The effects whose steps it is shown, up to CT_WANTS_END; NULL: every step. */
	const int *wants;
	/* *out_state is handed to the others; NULL functions are skipped. */
	enum ct_status (*begin)(const struct ct_model *model, void **out_state);
	enum ct_status (*step)(void *state, const struct ct_model *model,
			       const struct ct_step *step);
	enum ct_status (*finish)(void *state, const struct ct_model *model,
				 struct ct_findings *findings);
	void (*end)(void *state);
};

#define DETECTOR(name) extern const struct ct_detector ct_detect_##name;
#include "detect/detectors.def"
#undef DETECTOR

/* All of detectors.def, NULL-terminated. */
extern const struct ct_detector *const ct_detectors[];

/* The rules of all detectors, each once, NULL-terminated. Static. */
const struct ct_rule *const *ct_detect_rules(void);

/* Runs the trace of `model` through every detector; the findings come out sorted. */
CT_MUST_CHECK enum ct_status ct_detect_all(struct ct_model *model, struct ct_findings *findings,
					   struct ct_error *error);

#endif
