#ifndef CT_MODEL_HELD_H
#define CT_MODEL_HELD_H
/*
 * Which thread holds which lock, in which mode, how deep. Private to model/.
 * A lock that another thread takes has surely left its holder, and one that another thread gives
 * back leaves the holder's set: what was missed does not last.
 */
#include "model/state.h"

/* The thread's entry for a lock, or NULL. */
struct ct_held_lock *ct_held_find(const struct ct_thread *thread, const struct ct_object *object);

/* `lock` with its depth is now held; on top of what the thread holds of it already. */
CT_MUST_CHECK enum ct_status ct_held_acquire(struct ct_thread *thread,
					     const struct ct_held_lock *lock);

/* One release by `thread`, whoever holds the lock. */
void ct_held_release(const struct ct_model *model, struct ct_thread *thread,
		     struct ct_object_state *object);

/* The thread's last release failed: if it was of another one's lock, that one has it still. */
CT_MUST_CHECK enum ct_status ct_held_take_back(const struct ct_model *model,
					       struct ct_thread *thread,
					       const struct ct_object *object);

/* The lock leaves the thread's set, however deep it was held; returns that depth (0: not held). */
uint32_t ct_held_drop(struct ct_thread *thread, struct ct_object_state *object);

/* Nobody but `thread` can hold the lock in a mode that excludes `mode`: drops who did. */
void ct_held_expel(const struct ct_model *model, const struct ct_thread *thread,
		   struct ct_object_state *object, enum ct_mode mode);

/* Replaces the thread's whole set. */
CT_MUST_CHECK enum ct_status ct_held_restore(const struct ct_model *model, struct ct_thread *thread,
					     const struct ct_held_lock *locks, size_t count);

/* Another thread that holds the lock in a mode that excludes `mode`, or NULL. */
const struct ct_thread *ct_held_by_other(const struct ct_model *model,
					 const struct ct_thread *thread,
					 const struct ct_object_state *object, enum ct_mode mode);

#endif
