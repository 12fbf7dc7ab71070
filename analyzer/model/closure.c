#include "model/closure.h"

#include <stdlib.h>
#include <string.h>

#include "model/reach_private.h"

/* Orders are counted from 1 here; 0: none. State of an earlier set is recognised by its `round` and
 * reset when it is met again, so that a new set costs what it touches only. */
struct thread_state {
	uint32_t round;
	uint32_t reached;      /* events that are in */
	uint32_t stand;	       /* position before which it is to stand, 0: nowhere */
	uint32_t sections;     /* that were looked at: they begin in the set */
	struct ct_vclock seen; /* borrowed: the past that was added already */
	bool queued;
};

struct pair_state {
	uint32_t round;
	uint32_t begun; /* sections that begin in the set */
	/* of those before the latest exclusive one that hands over, before the latest of any mode
	 */
	uint32_t before_exclusive, before_any;
	uint32_t last_exclusive; /* of before_any: number of the last exclusive one, from 1 */
};

struct lock_state {
	uint32_t round;
	uint32_t any, exclusive;	     /* order of the latest acquisition in the set */
	uint32_t hands_any, hands_exclusive; /* likewise, of those that hand over */
	bool queued;
};

/* A section in which a thread is to stand. */
struct open_section {
	uint32_t thread, section;
};

struct queue {
	uint32_t *items;
	size_t count;
};

struct ct_closure {
	const struct ct_reach *reach;
	bool hand_overs;
	uint32_t round;
	struct thread_state *threads;
	struct pair_state *pairs;
	struct lock_state *locks;
	struct queue queued_threads, queued_locks; /* room for all of them */
	struct open_section *open;
	size_t open_count, open_cap;
	bool impossible;
	uint64_t work;
};

enum ct_status ct_closure_new(const struct ct_reach *reach, bool hand_overs,
			      struct ct_closure **out_closure)
{
	size_t threads = reach->model->thread_count + 1, locks = reach->source_count + 1;
	struct ct_closure *closure = calloc(1, sizeof(*closure));

	if (!closure)
		return CT_ENOMEM;
	closure->reach = reach;
	closure->hand_overs = hand_overs;
	closure->threads = calloc(threads, sizeof(*closure->threads));
	closure->pairs = calloc(reach->pair_count + 1, sizeof(*closure->pairs));
	closure->locks = calloc(locks, sizeof(*closure->locks));
	closure->queued_threads.items = calloc(threads, sizeof(uint32_t));
	closure->queued_locks.items = calloc(locks, sizeof(uint32_t));
	if (!closure->threads || !closure->pairs || !closure->locks ||
	    !closure->queued_threads.items || !closure->queued_locks.items) {
		ct_closure_free(closure);
		return CT_ENOMEM;
	}
	ct_closure_begin(closure);
	*out_closure = closure;
	return CT_OK;
}

void ct_closure_free(struct ct_closure *closure)
{
	if (!closure)
		return;
	free(closure->threads);
	free(closure->pairs);
	free(closure->locks);
	free(closure->queued_threads.items);
	free(closure->queued_locks.items);
	free(closure->open);
	free(closure);
}

void ct_closure_begin(struct ct_closure *closure)
{
	closure->round++;
	closure->queued_threads.count = closure->queued_locks.count = 0;
	closure->open_count = 0;
	closure->impossible = false;
}

static struct thread_state *thread_at(struct ct_closure *closure, uint32_t id)
{
	struct thread_state *thread = &closure->threads[id];

	if (thread->round != closure->round) {
		*thread = (struct thread_state){.round = closure->round};
		ct_vclock_init(&thread->seen, id);
	}
	return thread;
}

static struct pair_state *pair_at(struct ct_closure *closure, uint32_t number)
{
	struct pair_state *pair = &closure->pairs[number];

	if (pair->round != closure->round)
		*pair = (struct pair_state){.round = closure->round};
	return pair;
}

static struct lock_state *lock_at(struct ct_closure *closure, uint32_t id)
{
	struct lock_state *lock = &closure->locks[id];

	if (lock->round != closure->round)
		*lock = (struct lock_state){.round = closure->round};
	return lock;
}

static void queue_thread(struct ct_closure *closure, uint32_t id)
{
	struct thread_state *thread = thread_at(closure, id);

	if (!thread->queued)
		closure->queued_threads.items[closure->queued_threads.count++] = id;
	thread->queued = true;
}

static enum ct_status reach_event(void *context, uint32_t id, uint32_t position)
{
	struct ct_closure *closure = context;
	struct thread_state *thread = thread_at(closure, id);

	closure->work++;
	if (thread->reached >= position)
		return CT_OK;
	thread->reached = position;
	queue_thread(closure, id);
	return CT_OK;
}

static void raise_order(uint32_t *order, uint32_t to)
{
	if (*order < to)
		*order = to;
}

/* The acquisition comes after all sections before it. */
static void hand_over(struct ct_closure *closure, const struct ct_reach_section *section)
{
	struct lock_state *lock = lock_at(closure, closure->reach->pairs[section->pair].lock);

	raise_order(&lock->hands_any, section->order + 1);
	if (section->exclusive)
		raise_order(&lock->hands_exclusive, section->order + 1);
}

static void queue_lock(struct ct_closure *closure, uint32_t id)
{
	struct lock_state *lock = lock_at(closure, id);

	if (closure->reach->sources[id].pair_count < 2 || lock->queued)
		return;
	lock->queued = true;
	closure->queued_locks.items[closure->queued_locks.count++] = id;
}

static bool hands_over(const struct ct_closure *closure, uint32_t lock)
{
	return closure->hand_overs || closure->reach->sources[lock].general;
}

/* A section that begins in the set. */
static enum ct_status begin_section(struct ct_closure *closure, uint32_t id, uint32_t number)
{
	const struct ct_reach_section *section = &closure->reach->threads[id].sections[number];
	uint32_t stand = closure->threads[id].stand;
	uint32_t lock_id = closure->reach->pairs[section->pair].lock;
	struct lock_state *lock = lock_at(closure, lock_id);

	closure->work++;
	pair_at(closure, section->pair)->begun++;
	raise_order(&lock->any, section->order + 1);
	if (section->exclusive)
		raise_order(&lock->exclusive, section->order + 1);
	queue_lock(closure, lock_id);
	if (!hands_over(closure, lock_id))
		return CT_OK;
	if (!closure->reach->sources[lock_id].general && stand && section->begin < stand &&
	    (!section->end || section->end >= stand)) {
		enum ct_status status =
			ct_vec_grow(&closure->open, &closure->open_cap, closure->open_count + 1,
				    sizeof(*closure->open));

		if (status == CT_OK)
			closure->open[closure->open_count++] = (struct open_section){id, number};
		return status;
	}
	hand_over(closure, section);
	return CT_OK;
}

/* All that comes with the events of the thread that are in. */
static enum ct_status follow_thread(struct ct_closure *closure, uint32_t id)
{
	const struct ct_reach_thread *of = &closure->reach->threads[id];
	struct thread_state *thread = thread_at(closure, id);
	const struct ct_vclock *past = ct_reach_past(of, thread->reached);
	enum ct_status status = CT_OK;

	if (past && past->others != thread->seen.others) {
		status = ct_vclock_differences(&thread->seen, past, reach_event, closure);
		thread->seen = *past;
	}
	while (!status && thread->sections < of->section_count &&
	       of->sections[thread->sections].begin <= thread->reached)
		status = begin_section(closure, id, thread->sections++);
	return status;
}

static void end_section(struct ct_closure *closure, const struct ct_reach_pair *pair,
			uint32_t number)
{
	const struct ct_reach_section *section =
		&closure->reach->threads[pair->thread].sections[pair->sections[number]];

	if (!section->end)
		closure->impossible = true;
	else
		reach_event(closure, pair->thread, section->end);
}

static const struct ct_reach_section *section_of(const struct ct_closure *closure,
						 const struct ct_reach_pair *pair, uint32_t number)
{
	return &closure->reach->threads[pair->thread].sections[pair->sections[number]];
}

/* Of two sections that begin in the set the earlier is over in it. */
static void keep_order(struct ct_closure *closure, const struct lock_state *lock,
		       const struct ct_reach_pair *pair, const struct pair_state *state)
{
	const struct ct_reach_section *last;

	if (!state->begun)
		return;
	last = section_of(closure, pair, state->begun - 1);
	if (last->order + 1 < lock->exclusive || (last->exclusive && last->order + 1 < lock->any))
		end_section(closure, pair, state->begun - 1);
}

/* All sections before one that hands over are over. */
static void keep_hand_overs(struct ct_closure *closure, const struct lock_state *lock,
			    const struct ct_reach_pair *pair, struct pair_state *state)
{
	uint32_t before = state->before_exclusive;

	while (state->before_exclusive < pair->count &&
	       section_of(closure, pair, state->before_exclusive)->order + 1 <
		       lock->hands_exclusive)
		state->before_exclusive++;
	closure->work += state->before_exclusive - before;
	if (state->before_exclusive > before)
		end_section(closure, pair, state->before_exclusive - 1);
	if (!closure->reach->sources[pair->lock].shared)
		return;
	before = state->last_exclusive;
	for (; state->before_any < pair->count; state->before_any++) {
		const struct ct_reach_section *section =
			section_of(closure, pair, state->before_any);

		if (section->order + 1 >= lock->hands_any)
			break;
		if (section->exclusive)
			state->last_exclusive = state->before_any + 1;
	}
	if (state->last_exclusive > before)
		end_section(closure, pair, state->last_exclusive - 1);
}

static void follow_lock(struct ct_closure *closure, uint32_t id)
{
	const struct ct_reach_source *source = &closure->reach->sources[id];
	const struct lock_state *lock = lock_at(closure, id);

	for (size_t i = 0; i < source->pair_count; i++) {
		const struct ct_reach_pair *pair = &closure->reach->pairs[source->pairs[i]];
		struct pair_state *state = pair_at(closure, source->pairs[i]);

		closure->work++;
		keep_order(closure, lock, pair, state);
		if (hands_over(closure, id))
			keep_hand_overs(closure, lock, pair, state);
	}
}

enum ct_status ct_closure_close(struct ct_closure *closure, bool *out_possible)
{
	struct queue *threads = &closure->queued_threads, *locks = &closure->queued_locks;
	enum ct_status status = CT_OK;

	while (!status && !closure->impossible && (threads->count || locks->count)) {
		if (threads->count) {
			uint32_t id = threads->items[--threads->count];

			closure->threads[id].queued = false;
			status = follow_thread(closure, id);
		} else {
			uint32_t id = locks->items[--locks->count];

			closure->locks[id].queued = false;
			follow_lock(closure, id);
		}
	}
	*out_possible = !closure->impossible;
	return status;
}

enum ct_status ct_closure_add(struct ct_closure *closure, const struct ct_thread *thread,
			      uint32_t position)
{
	return reach_event(closure, thread->id, position);
}

/* A thread that goes on leaves some of the sections in which it stood. */
static void leave_open(struct ct_closure *closure, uint32_t id, uint32_t position)
{
	for (size_t i = closure->open_count; i-- > 0;) {
		const struct ct_reach_section *section;

		if (closure->open[i].thread != id)
			continue;
		section = &closure->reach->threads[id].sections[closure->open[i].section];
		if (!section->end || section->end >= position)
			continue;
		hand_over(closure, section);
		queue_lock(closure, closure->reach->pairs[section->pair].lock);
		closure->open[i] = closure->open[--closure->open_count];
	}
}

enum ct_status ct_closure_stand(struct ct_closure *closure, const struct ct_thread *thread,
				uint32_t position)
{
	thread_at(closure, thread->id)->stand = position;
	leave_open(closure, thread->id, position);
	queue_thread(closure, thread->id); /* it was created, at least */
	return reach_event(closure, thread->id, position - 1);
}

uint32_t ct_closure_reached(const struct ct_closure *closure, const struct ct_thread *thread)
{
	const struct thread_state *state = &closure->threads[thread->id];

	return state->round == closure->round ? state->reached : 0;
}

uint64_t ct_closure_work(const struct ct_closure *closure)
{
	return closure->work;
}
