#ifndef CT_MODEL_UNITS_H
#define CT_MODEL_UNITS_H
/*
 * Semaphores and file locks that are used as locks. Private to model/.
 *
 * A semaphore is one as long as it began with one unit and whoever takes the unit gives it back; a
 * file lock, as long as always the same bytes of the file are locked by one kind of call, and
 * always the same thread of an owner (a process, or an open file) does it. What breaks this is none
 * from then on; what was said of it before has to be looked at again, see ct_unit_was_lock.
 */
#include "model/model.h"

enum ct_unit_deed {
	CT_UNIT_ASK = 1,  /* wants it; may wait */
	CT_UNIT_TAKE = 2, /* has it from now on */
	CT_UNIT_GIVE = 4, /* gives it back */
};

/* What a step does to such a lock; asks before it takes, if it does both. */
struct ct_unit_op {
	struct ct_object *object;
	unsigned deeds; /* of enum ct_unit_deed; 0: nothing */
	enum ct_mode mode;
	bool try, timed;
};

struct ct_units;

CT_MUST_CHECK enum ct_status ct_units_new(const struct ct_model *model,
					  struct ct_units **out_units);
void ct_units_free(struct ct_units *units);
/* To be called once with every step. */
CT_MUST_CHECK enum ct_status ct_units_step(struct ct_units *units, const struct ct_step *step,
					   struct ct_unit_op *out_op);

/* Of a semaphore or file: whether it is one so far, and whether it ever seemed to be. */
bool ct_unit_is_lock(const struct ct_units *units, const struct ct_object *object);
bool ct_unit_was_lock(const struct ct_units *units, const struct ct_object *object);

/* What the thread holds of them, as before the current step; oldest first. */
const struct ct_held_lock *ct_units_held(const struct ct_units *units,
					 const struct ct_thread *thread, size_t *out_count);

#endif
