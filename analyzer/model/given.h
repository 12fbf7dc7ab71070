#ifndef CT_MODEL_GIVEN_H
#define CT_MODEL_GIVEN_H
/*
 * Names that the trace gives to sync objects (sem_open, a text trace's own). Private to model/.
 */
#include "model/state.h"

CT_MUST_CHECK enum ct_status ct_given_prepare(struct ct_model_state *state);
void ct_given_fini(struct ct_model_state *state);

/* `process` NULL: given by any of them, as names of kernel objects may be.
 * The name given at an address between `since` and `time`, or else next after that; or NULL. */
const char *ct_given_name(const struct ct_model *model, const struct ct_process *process,
			  uint64_t address, uint64_t time, uint64_t since);

/* A text trace's initial value of an object (#sem, #bar, #pipe); false: none is given. */
bool ct_given_value(const struct ct_model *model, uint64_t object, uint64_t *out_value);

/* The name given to a thread, newest first; NULL: none. */
const char *ct_given_thread_name(const struct ct_model *model, uint32_t process, uint32_t thread);

#endif
