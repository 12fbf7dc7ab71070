#ifndef CT_MODEL_EFFECTS_H
#define CT_MODEL_EFFECTS_H
/*
 * What a step does to the model's state, after the observers saw it. Private to model/.
 */
#include "model/state.h"

CT_MUST_CHECK enum ct_status ct_effect_apply(struct ct_model *model, const struct ct_step *step);

#endif
