#ifndef CT_MODEL_HELPERS_H
#define CT_MODEL_HELPERS_H
/*
 * Who could end a wait that nobody owns: for a signal, a post, data. Private to model/.
 */
#include "model/state.h"

/* Remembers that the step's thread does what ends waits for its objects, or has an end of them. */
CT_MUST_CHECK enum ct_status ct_note_help(const struct ct_model *model, const struct ct_step *step);

/* Whether the thread did for the object what ends a wait of that kind. */
bool ct_helped(const struct ct_object *object, const struct ct_thread *thread,
	       enum ct_wait_kind kind);
/* Whether the thread opened the end that such help must come from. */
bool ct_has_far_end(const struct ct_object *object, const struct ct_thread *thread);
/* When the object was last helped, 0: never. */
uint64_t ct_helped_time(const struct ct_object *object);

/* Whether `to` is there to end the wait of `from`: it lives, and may reach the object. */
bool ct_can_help(const struct ct_thread *from, const struct ct_thread *to);

/* Whether the thread may still do something. */
bool ct_thread_lives(const struct ct_thread *thread);

/* Whether the wait may be ended by what is not in the trace: time, a signal, another program, code
 * that is not seen. Nobody is stuck in such a wait. */
bool ct_wait_is_open(const struct ct_wait *wait);

#endif
