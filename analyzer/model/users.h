#ifndef CT_MODEL_USERS_H
#define CT_MODEL_USERS_H
/*
 * Who uses an object at a moment, so that it must not end there: who holds it, who waits for it.
 * Nobody does who is only on the way out: a waiter of a condition that a signal has reached, of a
 * semaphore that has a unit for it, of a barrier where all have arrived.
 */
#include "model/model.h"

enum ct_use {
	CT_USE_HOLDS,
	CT_USE_LOCKS, /* waits for the lock */
	CT_USE_WAITS, /* on a condition, for a semaphore, at a barrier */
	CT_USE_NEEDS, /* waits on a condition, and locks this mutex when it returns */
};

struct ct_user {
	const struct ct_thread *thread;
	enum ct_use use;
	uint32_t stack; /* where it took it, or waits; id in the thread's process */
	uint64_t since;
};

/* Somebody other than `but` (NULL: anybody) who uses it, holders first; false: nobody is known to.
 * What cannot be known of a trace that is read in part is not said. */
bool ct_user_of(const struct ct_model *model, const struct ct_object *object,
		const struct ct_thread *but, struct ct_user *out_user);

/* As "T2 ... it": "holds", "waits for"; and of the place: "locked it", "waits there". Static. */
const char *ct_user_verb(const struct ct_user *user, enum ct_object_kind kind);
const char *ct_user_deed(const struct ct_user *user);

/* Calls `visit` with every object of libc's that lies in a range of the process' own memory and has
 * not ended, until one returns a failure. */
CT_MUST_CHECK enum ct_status
ct_objects_inside(const struct ct_process *process, uint64_t start, uint64_t size,
		  enum ct_status (*visit)(void *data, const struct ct_object *object), void *data);

#endif
