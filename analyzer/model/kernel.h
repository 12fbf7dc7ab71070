#ifndef CT_MODEL_KERNEL_H
#define CT_MODEL_KERNEL_H
/*
 * Objects of the kernel's: pipes, sockets, counters, queues, semaphores, files. Their keys
 * (ct_payload.h) mean the same in all processes of a trace. Private to model/.
 *
 * Two sockets are the ends of one connection if socketpair() said so, or if the addresses of each
 * are those of the other, turned round; of several that fit, those that were told at nearly the
 * same time.
 */
#include "model/state.h"

CT_MUST_CHECK enum ct_status ct_kernel_prepare(struct ct_model_state *state);
void ct_kernel_fini(struct ct_model_state *state);

/* The object of a key that an event of that kind speaks of; the key may know better what it is.
 * NULL with CT_OK: key 0, or of no class that we know. */
CT_MUST_CHECK enum ct_status ct_kernel_use(struct ct_model *model, struct ct_thread *thread,
					   uint64_t key, enum ct_object_kind kind, uint64_t time,
					   struct ct_object_state **out_object);

/* A counter gets its first value: a new life, unless nothing was done with the object yet. */
CT_MUST_CHECK enum ct_status ct_kernel_init(struct ct_model *model, struct ct_thread *thread,
					    const struct ct_record *record,
					    enum ct_object_kind kind,
					    struct ct_object_state **out_object);

/* The newest object of a key, or NULL. Creates nothing. */
struct ct_object_state *ct_kernel_find(const struct ct_model *model, uint64_t key);

/* The two are the ends of one connection. */
void ct_kernel_pair(struct ct_object_state *one, struct ct_object_state *other);

#endif
