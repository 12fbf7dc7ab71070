#ifndef CT_MODEL_THREADS_H
#define CT_MODEL_THREADS_H
/*
 * Processes and threads: who they are, who began whom, which pthread_t is whose.
 * Private to model/.
 */
#include "model/state.h"

/* Makes the model's processes and threads from what the trace says of them. */
CT_MUST_CHECK enum ct_status ct_threads_prepare(struct ct_model_state *state);
void ct_threads_fini(struct ct_model *model);

struct ct_process *ct_process_numbered(const struct ct_model *model, uint32_t number);
/* The child of that pid whose fork was not told yet, or who was not reaped yet; a pid may be used
 * again, so the first one counts. NULL: none. */
struct ct_process *ct_process_forked(const struct ct_model *model, const struct ct_process *parent,
				     uint64_t pid);
struct ct_process *ct_process_unreaped(const struct ct_model *model,
				       const struct ct_process *parent, uint64_t pid);
struct ct_thread *ct_thread_numbered(const struct ct_process *process, uint64_t number);
/* The owner of a pthread_t who was not joined yet; of a text trace: the thread of that number. */
struct ct_thread *ct_thread_of_pthread(const struct ct_model *model,
				       const struct ct_process *process, uint64_t pthread);

/* What the records of threads do. `step` is resolved; each returns CT_ENOMEM at worst. */
CT_MUST_CHECK enum ct_status ct_thread_create(const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_thread_start(const struct ct_step *step);
void ct_thread_exit(const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_thread_join(const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_thread_detach(const struct ct_step *step);
void ct_thread_detach_failed(const struct ct_step *step);

/* Names as a person would say (labels.c); after ct_threads_prepare. */
CT_MUST_CHECK enum ct_status ct_labels_prepare(struct ct_model *model);

#endif
