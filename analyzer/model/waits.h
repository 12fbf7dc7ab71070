#ifndef CT_MODEL_WAITS_H
#define CT_MODEL_WAITS_H
/*
 * What a thread asked for and has not got. Private to model/.
 */
#include "model/state.h"

/* The step is a request: the thread waits from here on. */
CT_MUST_CHECK enum ct_status ct_wait_begin(struct ct_model *model, const struct ct_step *step);

/* An epoll_ctl: keeps what the epoll waits for. */
CT_MUST_CHECK enum ct_status ct_poll_watch(const struct ct_model *model,
					   const struct ct_step *step);

/* A record of `event` (or of its failure) ends the wait that it began, and no other: a signal
 * handler may make records while its thread waits, and a lock may be made of locks. Text traces
 * have neither: there any record ends a wait. */
void ct_wait_end(const struct ct_model *model, const struct ct_step *step, uint16_t event,
		 bool failed);

/* Records of the thread are left out here: what it waited for came meanwhile, unless that would
 * have been told (reader/lasting.h). */
void ct_wait_gap(struct ct_thread *thread);

/* The wait ends, whatever it was and for no known reason. */
void ct_wait_clear(struct ct_thread *thread);

#endif
