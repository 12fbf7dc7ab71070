#ifndef CT_RECORD_GUARD_H
#define CT_RECORD_GUARD_H
/*
 * A child made by clone(CLONE_VM) without thread-local storage of its own has its creator's: both
 * find the same ct_self, and both may run at once. Such a child is not recorded, and its creator
 * still is: ct_self becomes a stand-in that never has room, so that every record takes the way
 * through ct_recorder_room(), which asks the kernel who is calling. Neither of them ever writes to
 * the stand-in; the recorder behind it is its creator's alone.
 */
#include <stdbool.h>

struct ct_recorder;

/* The calling thread is about to have such a child. True: it had none before, and ct_guard_end()
 * may follow, once it is certain that the child is gone. */
bool ct_guard_begin(void);
void ct_guard_end(void);

/* What `self`, a ct_self, means to the caller: the recorder that it may write to, which for such a
 * child is ct_recorder_off. */
struct ct_recorder *ct_guard_own(struct ct_recorder *self);
/* Whether the caller is such a child. */
bool ct_guard_is_child(void);

#endif
