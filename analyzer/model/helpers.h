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
/* Whether `to` is there to end the wait of `from`: it lives, and may reach the object. */
bool ct_can_help(const struct ct_model *model, const struct ct_thread *from,
		 const struct ct_thread *to);

/* Whether only processes of the trace reach the memory: it is private, or was shared without a name
 * and inherited by those that the trace has. */
bool ct_is_own_memory(const struct ct_model *model, const struct ct_object *object);

/* Whether the thread may still do something. */
bool ct_thread_lives(const struct ct_thread *thread);

/* What may end a wait beside the threads of the trace. */
enum ct_opening {
	CT_WAIT_CLOSED,
	CT_WAIT_SIGNALLED, /* a signal that is handled, which nobody is known to send */
	CT_WAIT_OPEN, /* time, a timer's signal, another program: nobody is stuck in such a wait */
};
enum ct_opening ct_wait_opening(const struct ct_model *model, const struct ct_thread *thread);

/* Of a semaphore that is used as a lock: who took it and is to give it back before the wait can
 * end; 0: it is not, or one of them cannot. */
size_t ct_unit_owners(const struct ct_model *model, const struct ct_thread *from,
		      const struct ct_deed **out_owners);

/* The end of a pipe or counter by which such a wait is ended. */
static inline enum ct_end ct_helping_end(enum ct_wait_kind kind)
{
	return kind == CT_WAIT_READ ? CT_END_WRITE : CT_END_READ;
}
/* Whether the wait is for one of those, in a recorded trace: who can end it is told by descriptors.
 */
bool ct_waits_at_end(const struct ct_model *model, const struct ct_wait *wait);

#endif
