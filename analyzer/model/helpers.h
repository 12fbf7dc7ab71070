#ifndef CT_MODEL_HELPERS_H
#define CT_MODEL_HELPERS_H
/*
 * Who could end a wait that nobody owns: for a signal, a post, data. Private to model/.
 */
#include "model/state.h"

/* Remembers that the step's thread does what ends waits for its object. */
CT_MUST_CHECK enum ct_status ct_note_help(const struct ct_step *step);

/* Whether the thread did for the object what ends a wait of that kind. */
bool ct_helped(const struct ct_object *object, const struct ct_thread *thread,
	       enum ct_wait_kind kind);

/* Whether `to` is there to end the wait of `from`: it lives, and may reach the object. */
bool ct_can_help(const struct ct_thread *from, const struct ct_thread *to);

/* Whether the thread may still do something. */
bool ct_thread_lives(const struct ct_thread *thread);

#endif
