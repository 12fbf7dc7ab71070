#ifndef CT_MODEL_ENDS_H
#define CT_MODEL_ENDS_H
/*
 * Which of the kernel's objects a step is about, beside its first one.
 */
#include "model/model.h"

/* Of a socket the other end of its connection, if the trace has it; else the object itself. What is
 * written at one is read at the other. May be NULL if `object` is. */
const struct ct_object *ct_far_end(const struct ct_object *object);

/* The semaphores of a semop, and what is added to each (below 0: taken). False beyond the last;
 * *out_object may be NULL. */
bool ct_step_semaphore(const struct ct_model *model, const struct ct_step *step, size_t index,
		       const struct ct_object **out_object, int *out_amount);

/* The socket that an accept made, or NULL. */
const struct ct_object *ct_step_accepted(const struct ct_model *model, const struct ct_step *step);

#endif
