#ifndef CT_MODEL_CHANNEL_H
#define CT_MODEL_CHANNEL_H
/*
 * What a semaphore or a pipe orders in every schedule. Private to model/.
 *
 * Where one thread alone puts in (posts, writes), a taker that has taken k units needs the k-th
 * unit (less those that were there from the start) to be in: that put must come before. With a
 * second putter nothing is sure any more, and no further order is stated.
 */
#include "model/state.h"

/* A channel may be NULL: then nothing is stated. `amount` is in posts or bytes. */
CT_MUST_CHECK enum ct_status ct_channel_new(uint64_t initial, struct ct_channel **out_channel);
CT_MUST_CHECK enum ct_status ct_channel_put(struct ct_channel *channel,
					    struct ct_thread_state *thread, uint64_t amount);
CT_MUST_CHECK enum ct_status ct_channel_take(struct ct_channel *channel,
					     struct ct_thread_state *thread, uint64_t amount);
/* Nothing is stated from here on: something happened to the channel that is not known. */
void ct_channel_give_up(struct ct_channel *channel);
void ct_channel_free(struct ct_channel *channel);

#endif
