#ifndef CT_MODEL_HOLDERS_H
#define CT_MODEL_HOLDERS_H
/* Who holds a lock, and how, as before the step that an observer sees. */
#include "model/model.h"

/* In no order; 0 of what is no lock. */
size_t ct_holder_count(const struct ct_object *lock);
const struct ct_thread *ct_holder(const struct ct_model *model, const struct ct_object *lock,
				  size_t index);

/* How the thread holds the lock; NULL: it does not. Borrowed until the next step. */
const struct ct_held_lock *ct_held_by(const struct ct_thread *thread, const struct ct_object *lock);

/* Whether the lock of an unlock or the mutex of a condition wait was taken by a call that is not on
 * record, as its bytes say. Those of a read-write or spin lock do not say by whom: it may be a
 * holder who is on record. */
bool ct_taken_unseen(const struct ct_step *step);

/* Whether it was initialised as a mutex that its holder may lock again. */
bool ct_is_recursive(const struct ct_object *lock);

/* Whether it was initialised as a mutex that tells who takes it of a holder that died. */
bool ct_is_robust(const struct ct_object *lock);

#endif
