/*
 * Accesses to memory: each is an event of its thread. A read comes after the last write that it
 * saw. Whoever watches is shown every two accesses of two threads to the same bytes, before what
 * the later one learns from the earlier one counts.
 */
#include "model/access.h"
#include "model/reach_private.h"

#include <string.h>

/* Last writes that an access saw, one of each thread; of more the first are followed at once. */
enum { WRITERS = 8 };

/* Of a larger block that is given back only what was accessed is kept. */
enum { FREED_MAX = 4096 };

struct writer {
	uint32_t thread, position;
};

struct looking {
	struct ct_reach *reach;
	const struct ct_step *step;
	const struct ct_access *access;
	struct ct_shadow_entry now;
	struct writer writers[WRITERS];
	size_t writer_count;
	bool gives_back; /* a large block: only what was accessed of it is looked at */
};

static bool is_atomic(const struct looking *looking)
{
	return looking->access->kind & CT_ACCESS_ATOMIC;
}

/* What a load learns from a store is a matter of memory orders: hb.c. */
static enum ct_status follow_writers(struct looking *looking)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < looking->writer_count; i++) {
		const struct writer *writer = &looking->writers[i];

		status = (is_atomic(looking) ? ct_reach_need_event : ct_reach_follow_event)(
			looking->reach, looking->now.thread, writer->thread, writer->position);
	}
	looking->writer_count = 0;
	return status;
}

static enum ct_status saw_write(struct looking *looking, const struct ct_shadow_entry *write)
{
	enum ct_status status = CT_OK;

	if (write->thread == looking->now.thread)
		return CT_OK;
	for (size_t i = 0; i < looking->writer_count; i++)
		if (looking->writers[i].thread == write->thread) {
			if (looking->writers[i].position < write->position)
				looking->writers[i].position = write->position;
			return CT_OK;
		}
	if (looking->writer_count == WRITERS)
		status = follow_writers(looking);
	looking->writers[looking->writer_count++] = (struct writer){write->thread, write->position};
	return status;
}

/* The same access once more, with nothing of others since: it was looked at. If there was something
 * in between, the earlier one may still meet others in another order of the run; that is looked for
 * in text traces only. */
static bool is_repeated(const struct looking *looking, const struct ct_shadow_entry *newest)
{
	const struct ct_shadow_entry *now = &looking->now;
	const struct ct_reach *reach = looking->reach;

	return newest->thread == now->thread && newest->kind == now->kind &&
	       newest->mask == now->mask && newest->stack == now->stack &&
	       newest->lockset == now->lockset && !is_atomic(looking) &&
	       (!reach->shadow->keep_all || newest->position >= reach->threads[now->thread].since);
}

static enum ct_status compare(struct looking *looking, uint32_t newest, uint64_t location)
{
	const struct ct_reach *reach = looking->reach;
	uint8_t unseen = looking->now.kind & CT_ACCESS_READ ? looking->now.mask : 0;
	enum ct_status status = CT_OK;

	for (uint32_t i = newest; i && !status; i = ct_shadow_entry(reach->shadow, i)->next) {
		const struct ct_shadow_entry *earlier = ct_shadow_entry(reach->shadow, i);

		if (!(earlier->mask & looking->now.mask))
			continue;
		if (reach->watch && earlier->thread != looking->now.thread)
			status = reach->watch(reach->watch_context,
					      &(struct ct_reach_meeting){
						      .step = looking->step,
						      .access = looking->access,
						      .earlier = earlier,
						      .later = &looking->now,
						      .location = location,
					      });
		if (!status && earlier->kind & CT_ACCESS_WRITE && earlier->mask & unseen) {
			status = saw_write(looking, earlier);
			unseen &= (uint8_t)~earlier->mask;
		}
	}
	return status;
}

/* `list` is that of a cell, or of all cells of a page. */
static enum ct_status look_at_list(struct looking *looking, uint32_t *list, uint64_t location)
{
	struct ct_shadow *shadow = looking->reach->shadow;
	enum ct_status status;

	if (*list && is_repeated(looking, ct_shadow_entry(shadow, *list))) {
		ct_shadow_entry(shadow, *list)->position = looking->now.position;
		ct_shadow_entry(shadow, *list)->time = looking->now.time;
		return CT_OK;
	}
	status = compare(looking, *list, location);
	return status ? status : ct_shadow_add(shadow, list, &looking->now);
}

static enum ct_status look_at(struct looking *looking, const struct ct_shadow_piece *piece)
{
	struct ct_shadow *shadow = looking->reach->shadow;
	enum ct_status status;
	uint32_t *cell;

	looking->now.mask = piece->mask;
	if (looking->gives_back) {
		const uint32_t *there = ct_shadow_find(shadow, piece->location);

		if (!there || !*there)
			return CT_OK;
	}
	status = ct_shadow_cell(shadow, piece->location, &cell);
	return status || !cell ? status : look_at_list(looking, cell, piece->location);
}

/* The page that begins at the location as a whole, if all of it was accessed in the same way. */
static enum ct_status look_at_page(struct looking *looking, uint64_t location, bool *out_done)
{
	struct ct_shadow *shadow = looking->reach->shadow;
	enum ct_status status = CT_OK;
	uint32_t *list;

	*out_done = looking->gives_back && ct_shadow_is_untouched(shadow, location);
	if (*out_done)
		return CT_OK;
	list = ct_shadow_whole(shadow, location);
	*out_done = list;
	if (!list || (looking->gives_back && !*list))
		return CT_OK;
	looking->now.mask = UINT8_MAX;
	status = look_at_list(looking, list, location);
	ct_shadow_spread(shadow, location);
	return status;
}

static enum ct_status look_at_all(struct looking *looking, struct ct_shadow_range range)
{
	enum { PAGE = 1 << CT_SHADOW_PAGE_BITS };
	struct ct_shadow_piece piece;
	enum ct_status status = CT_OK;
	bool done;

	while (!status && range.size && looking->reach->budget) {
		looking->reach->budget--;
		done = false;
		if (range.location % PAGE == 0 && range.size >= PAGE)
			status = look_at_page(looking, range.location, &done);
		if (done) {
			range.location += PAGE;
			range.size -= PAGE;
		} else if (!status && ct_shadow_next_piece(&range, &piece)) {
			status = look_at(looking, &piece);
		}
	}
	return status;
}

static enum ct_status one_access(struct looking *looking, uint64_t location, uint64_t size)
{
	struct ct_shadow_range range = {location, size};
	enum ct_status status = look_at_all(looking, range);

	if (status == CT_OK)
		status = follow_writers(looking);
	if (status == CT_OK && is_atomic(looking))
		status = ct_hb_atomic(looking->reach, looking->now.thread, location,
				      looking->access);
	return status;
}

/* An instruction's accesses; the thread's current event is all of them. */
static enum ct_status all_of(struct ct_reach *reach, const struct ct_step *step,
			     const struct ct_access *access)
{
	const struct ct_reach_thread *thread = &reach->threads[step->thread->id];
	struct looking looking = {
		.reach = reach,
		.step = step,
		.access = access,
		.now = {.thread = step->thread->id,
			.position = thread->now.must.epoch,
			.time = step->record->time,
			.stack = access->stack,
			.lockset = thread->lockset,
			.kind = access->kind,
			.size = access->size < UINT16_MAX ? (uint16_t)access->size : UINT16_MAX},
		.gives_back = access->kind & CT_ACCESS_FREE && access->size > FREED_MAX,
	};
	uint64_t location = access->location;
	enum ct_status status = CT_OK;

	/* one after the other without a gap, they are like one */
	if (access->stride > 0 && (uint32_t)access->stride == access->size && !is_atomic(&looking))
		return one_access(&looking, location, (uint64_t)access->size * access->count);
	for (uint32_t i = 0; !status && i < access->count; i++) {
		status = one_access(&looking, location, access->size);
		location += (uint64_t)(int64_t)access->stride;
	}
	return status;
}

static enum ct_status fence(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_payload_atomic atomic;

	if (step->record->payload_size < sizeof(atomic))
		return CT_OK;
	memcpy(&atomic, step->record->payload, sizeof(atomic));
	return ct_hb_fence(reach, step->thread->id, atomic.order);
}

bool ct_reach_is_incomplete(const struct ct_reach *reach)
{
	return reach->shadow && (reach->shadow->full || !reach->budget);
}

enum ct_status ct_reach_accesses(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_thread *thread = &reach->threads[step->thread->id];
	enum ct_status status = CT_OK;

	if (!reach->shadow)
		return CT_OK;
	if (step->ends_size) {
		ct_shadow_void(reach->shadow, step->ends, step->ends_size);
		ct_hb_void(reach, step->ends, step->ends_size);
	}
	if (step->effect == CT_EFFECT_IGNORE_BEGIN)
		thread->ignoring++;
	else if (step->effect == CT_EFFECT_IGNORE_END && thread->ignoring)
		thread->ignoring--;
	else if (step->effect == CT_EFFECT_FENCE)
		status = fence(reach, step);
	if (status || !step->access_count)
		return status;
	reach->accessed = true;
	status = ct_lockset_of(&reach->locksets, step->thread, thread->lockset, &thread->lockset);
	for (size_t i = 0; !status && i < step->access_count; i++) {
		const struct ct_access *access = &step->accesses[i];

		if (i)
			ct_reach_advance(reach, step->thread->id);
		if (!thread->ignoring || access->kind & CT_ACCESS_ATOMIC)
			status = all_of(reach, step, access);
	}
	return status;
}
