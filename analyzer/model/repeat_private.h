#ifndef CT_MODEL_REPEAT_PRIVATE_H
#define CT_MODEL_REPEAT_PRIVATE_H
/* What repeat.c (sites) and repeat_paths.c (paths) share. */
#include "base/arena.h"
#include "model/model.h"
#include "model/repeat.h"
#include "model/symbols_modules.h"

struct ct_repeat {
	const struct ct_model *model;
	struct ct_arena arena; /* of modules */
	struct ct_modules modules;
};

#endif
