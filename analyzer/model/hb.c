#include "model/hb.h"

#include <stdlib.h>
#include <string.h>

#include "model/access.h"
#include "model/reach_private.h"

/* What a thread knew is kept of so many changes. */
enum { PASTS_MAX = 1024 };

/* As in ISO C. */
enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST };

/* What an acquire load there learns. */
struct atom {
	uint64_t location;
	uint32_t writer; /* thread of the last store */
	struct ct_vclock gives;
};

struct ct_hb {
	struct atom *atoms;
	size_t atom_count, atom_cap;
	struct ct_map atom_of; /* location: index */
};

static bool acquires(uint8_t order)
{
	return order == CONSUME || order == ACQUIRE || order >= ACQ_REL;
}

static bool releases(uint8_t order)
{
	return order >= RELEASE;
}

enum ct_status ct_hb_new(struct ct_reach *reach, struct ct_hb **out_hb)
{
	struct ct_hb *hb = calloc(1, sizeof(*hb));

	if (!hb)
		return CT_ENOMEM;
	ct_map_init(&hb->atom_of);
	for (size_t i = 0; i < reach->model->thread_count; i++) {
		struct ct_reach_thread *thread = &reach->threads[i];

		ct_vclock_init(&thread->now.before, (uint32_t)i);
		thread->now.before.epoch = 0;
		ct_vclock_init_joint(&thread->hb.released);
		ct_vclock_init_joint(&thread->hb.seen);
	}
	*out_hb = hb;
	return CT_OK;
}

void ct_hb_free(struct ct_reach *reach)
{
	if (!reach->hb)
		return;
	for (size_t i = 0; i < reach->model->thread_count; i++) {
		struct ct_hb_thread *thread = &reach->threads[i].hb;

		for (size_t k = 0; k < thread->past_count; k++)
			ct_vclock_fini(&thread->pasts[k]);
		free(thread->pasts);
		ct_vclock_fini(&thread->released);
		ct_vclock_fini(&thread->seen);
	}
	for (size_t i = 0; i < reach->hb->atom_count; i++)
		ct_vclock_fini(&reach->hb->atoms[i].gives);
	free(reach->hb->atoms);
	ct_map_fini(&reach->hb->atom_of);
	free(reach->hb);
	reach->hb = NULL;
}

static void forget(struct ct_hb_thread *thread)
{
	size_t half = thread->past_count / 2;

	for (size_t i = 0; i < half; i++)
		ct_vclock_fini(&thread->pasts[i]);
	memmove(thread->pasts, thread->pasts + half,
		(thread->past_count - half) * sizeof(*thread->pasts));
	thread->past_count -= half;
	thread->forgot = true;
}

static enum ct_status note_past(struct ct_hb_thread *thread, const struct ct_vclock *now)
{
	enum ct_status status;

	if (thread->past_count && thread->pasts[thread->past_count - 1].epoch == now->epoch) {
		ct_reach_set_clock(&thread->pasts[thread->past_count - 1], now);
		return CT_OK;
	}
	if (thread->past_count == PASTS_MAX)
		forget(thread);
	status = ct_vec_grow(&thread->pasts, &thread->past_cap, thread->past_count + 1,
			     sizeof(*thread->pasts));
	if (status == CT_OK)
		thread->pasts[thread->past_count++] = ct_vclock_copy(now);
	return status;
}

enum ct_status ct_hb_follow(struct ct_reach *reach, uint32_t thread, const struct ct_vclock *past)
{
	struct ct_reach_thread *to = &reach->threads[thread];
	const struct ct_clock_others *before = to->now.before.others;
	enum ct_status status;

	if (!reach->hb)
		return CT_OK;
	status = ct_vclock_join(&to->now.before, past);
	return status || to->now.before.others == before ? status
							 : note_past(&to->hb, &to->now.before);
}

/* What the thread knew at `position`, or a little more. */
static const struct ct_clock_others *past_at(const struct ct_hb_thread *thread, uint32_t position)
{
	size_t low = 0, high = thread->past_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (thread->pasts[mid].epoch <= position)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low && !thread->forgot)
		return NULL;
	return thread->pasts[low ? low - 1 : 0].others;
}

enum ct_status ct_hb_follow_event(struct ct_reach *reach, uint32_t thread, uint32_t other,
				  uint32_t position)
{
	struct ct_vclock at = {.thread = other, .epoch = position};

	if (!reach->hb || ct_vclock_epoch(&reach->threads[thread].now.before, other) >= position)
		return CT_OK;
	at.others = (struct ct_clock_others *)past_at(&reach->threads[other].hb, position);
	return ct_hb_follow(reach, thread, &at);
}

static enum ct_status atom_at(struct ct_hb *hb, uint64_t location, struct atom **out_atom)
{
	enum ct_status status;
	uint64_t at;

	if (ct_map_get(&hb->atom_of, location, &at)) {
		*out_atom = &hb->atoms[at];
		return CT_OK;
	}
	status = ct_vec_grow(&hb->atoms, &hb->atom_cap, hb->atom_count + 1, sizeof(*hb->atoms));
	if (status == CT_OK)
		status = ct_map_put(&hb->atom_of, location, hb->atom_count);
	if (status)
		return status;
	*out_atom = &hb->atoms[hb->atom_count++];
	**out_atom = (struct atom){.location = location, .writer = UINT32_MAX};
	ct_vclock_init_joint(&(*out_atom)->gives);
	return CT_OK;
}

static enum ct_status load(struct ct_reach *reach, uint32_t thread, const struct atom *atom,
			   uint8_t order)
{
	if (acquires(order))
		return ct_hb_follow(reach, thread, &atom->gives);
	return ct_vclock_join(&reach->threads[thread].hb.seen, &atom->gives);
}

static void forget_atom(struct atom *atom)
{
	ct_vclock_fini(&atom->gives);
	ct_vclock_init_joint(&atom->gives);
	atom->writer = UINT32_MAX;
}

/* A store begins a release sequence, or goes on with one of its own thread; a read-modify-write
 * goes on with anybody's. */
static enum ct_status store(struct ct_reach *reach, uint32_t thread, struct atom *atom,
			    const struct ct_access *access)
{
	const struct ct_reach_thread *of = &reach->threads[thread];

	if (!(access->kind & CT_ACCESS_READ) && atom->writer != thread)
		forget_atom(atom);
	atom->writer = thread;
	return ct_vclock_join(&atom->gives,
			      releases(access->order) ? &of->now.before : &of->hb.released);
}

enum ct_status ct_hb_atomic(struct ct_reach *reach, uint32_t thread, uint64_t location,
			    const struct ct_access *access)
{
	enum ct_status status;
	struct atom *atom;

	if (!reach->hb)
		return CT_OK;
	status = atom_at(reach->hb, location, &atom);
	if (status == CT_OK && access->kind & CT_ACCESS_READ)
		status = load(reach, thread, atom, access->order);
	if (status == CT_OK && access->kind & CT_ACCESS_WRITE)
		status = store(reach, thread, atom, access);
	return status;
}

enum ct_status ct_hb_fence(struct ct_reach *reach, uint32_t thread, uint8_t order)
{
	struct ct_reach_thread *of = &reach->threads[thread];
	enum ct_status status = CT_OK;

	if (!reach->hb)
		return CT_OK;
	if (acquires(order))
		status = ct_hb_follow(reach, thread, &of->hb.seen);
	if (status == CT_OK && releases(order))
		status = ct_vclock_join(&of->hb.released, &of->now.before);
	return status;
}

/* Those that are void stay in the list, empty. */
void ct_hb_void(struct ct_reach *reach, uint64_t location, uint64_t size)
{
	struct ct_hb *hb = reach->hb;
	uint64_t at;

	if (!hb)
		return;
	if (size > hb->atom_count) {
		for (size_t i = 0; i < hb->atom_count; i++)
			if (hb->atoms[i].location - location < size)
				forget_atom(&hb->atoms[i]);
		return;
	}
	for (uint64_t i = 0; i < size; i++)
		if (ct_map_get(&hb->atom_of, location + i, &at))
			forget_atom(&hb->atoms[at]);
}
