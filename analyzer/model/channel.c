#include "model/channel.h"

#include <stdlib.h>
#include <string.h>

enum { PUTS_KEPT = 1024 };

struct put {
	uint64_t total; /* units that are in after it */
	struct ct_vclock clock;
};

struct taker {
	uint32_t thread;
	uint64_t taken;
};

struct ct_channel {
	uint64_t initial, total;
	uint64_t forgotten; /* puts up to this total are no longer known */
	bool unsure;	    /* several putters */
	bool has_putter;
	uint32_t putter;
	struct put *puts; /* oldest first */
	size_t put_count, put_cap;
	struct taker *takers;
	size_t taker_count, taker_cap;
};

enum ct_status ct_channel_new(uint64_t initial, struct ct_channel **out_channel)
{
	*out_channel = calloc(1, sizeof(**out_channel));
	if (!*out_channel)
		return CT_ENOMEM;
	(*out_channel)->initial = initial;
	return CT_OK;
}

static void forget(struct ct_channel *channel, size_t count)
{
	if (count)
		channel->forgotten = channel->puts[count - 1].total;
	for (size_t i = 0; i < count; i++)
		ct_vclock_fini(&channel->puts[i].clock);
	channel->put_count -= count;
	if (channel->put_count)
		memmove(channel->puts, channel->puts + count,
			channel->put_count * sizeof(*channel->puts));
}

enum ct_status ct_channel_put(struct ct_channel *channel, struct ct_thread_state *thread,
			      uint64_t amount)
{
	enum ct_status status;

	if (!channel || channel->unsure || !amount)
		return CT_OK;
	if (channel->has_putter && channel->putter != thread->thread.id) {
		ct_channel_give_up(channel);
		return CT_OK;
	}
	channel->has_putter = true;
	channel->putter = thread->thread.id;
	channel->total += amount;
	if (channel->put_count == PUTS_KEPT)
		forget(channel, PUTS_KEPT / 2);
	status = ct_vec_grow(&channel->puts, &channel->put_cap, channel->put_count + 1,
			     sizeof(*channel->puts));
	if (status)
		return status;
	channel->puts[channel->put_count++] =
		(struct put){channel->total, ct_vclock_copy(&thread->clock)};
	ct_vclock_tick(&thread->clock);
	return CT_OK;
}

static struct taker *taker_of(struct ct_channel *channel, uint32_t thread)
{
	for (size_t i = 0; i < channel->taker_count; i++)
		if (channel->takers[i].thread == thread)
			return &channel->takers[i];
	if (ct_vec_grow(&channel->takers, &channel->taker_cap, channel->taker_count + 1,
			sizeof(*channel->takers)) != CT_OK)
		return NULL;
	channel->takers[channel->taker_count] = (struct taker){.thread = thread};
	return &channel->takers[channel->taker_count++];
}

/* The put that brought unit number `unit` (from 1), or NULL. */
static const struct put *put_of(const struct ct_channel *channel, uint64_t unit)
{
	size_t low = 0, high = channel->put_count;

	if (unit <= channel->forgotten)
		return NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (channel->puts[mid].total < unit)
			low = mid + 1;
		else
			high = mid;
	}
	return low < channel->put_count ? &channel->puts[low] : NULL;
}

enum ct_status ct_channel_take(struct ct_channel *channel, struct ct_thread_state *thread,
			       uint64_t amount)
{
	struct taker *taker;
	const struct put *put;

	if (!channel || channel->unsure || !amount)
		return CT_OK;
	taker = taker_of(channel, thread->thread.id);
	if (!taker)
		return CT_ENOMEM;
	taker->taken += amount;
	if (taker->taken <= channel->initial)
		return CT_OK;
	put = put_of(channel, taker->taken - channel->initial);
	return put ? ct_vclock_join(&thread->clock, &put->clock) : CT_OK;
}

void ct_channel_give_up(struct ct_channel *channel)
{
	channel->unsure = true;
	forget(channel, channel->put_count);
}

void ct_channel_free(struct ct_channel *channel)
{
	if (!channel)
		return;
	forget(channel, channel->put_count);
	free(channel->puts);
	free(channel->takers);
	free(channel);
}
