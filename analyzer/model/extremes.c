#include "model/extremes.h"

#include <stdlib.h>

#include "model/closure.h"

/* Acquisitions before an operation that are tried; of locks still held; steps of a closure that
 * take as long as one of a run. */
enum { LAST = 8, OPEN = 16, CLOSURE_SHARE = 16 };
/* All combinations of stops are tried of so few ops, if there are no more of them. */
enum { SMALL = 40, COMBINATIONS = 20000 };

struct search {
	const struct ct_replay *replay;
	struct ct_extremes *told;
	struct ct_replay_run *run;
	struct ct_closure *closure;
	uint32_t *goals;
	struct ct_map tried; /* by hash of what is tried */
	bool rough;	     /* one of each thread and object will do */
};

static uint64_t work_of(const struct search *search)
{
	return search->run->work + ct_closure_work(search->closure) / CLOSURE_SHARE;
}

static bool is_tired(struct search *search)
{
	if (work_of(search) > search->told->work)
		search->told->given_up = true;
	return search->told->given_up;
}

/* Where an op stands; or, roughly, which thread does it to what. */
static uint64_t place_of(const struct search *search, const struct ct_replay_op *op, bool rough)
{
	const struct ct_thread *thread = search->replay->model->threads[op->thread];
	bool known = op->stack && !rough;
	uint64_t place = known ? (uint64_t)thread->process->number << 32 | op->stack
			       : (uint64_t)op->thread << 32 | op->resource;

	return ct_map_mix(place * 64 + op->deed * UINT64_C(2) + known);
}

static uint64_t key_of(const struct search *search, const struct ct_replay_op *wait,
		       const struct ct_replay_op *stop, bool rough)
{
	return ct_map_mix(place_of(search, wait, rough) * 3 + place_of(search, stop, rough));
}

/* Notes that runs are made of ops like these; *out_new: none were so far. */
static enum ct_status note_tried(struct search *search, const struct ct_replay_op *wait,
				 const struct ct_replay_op *stop, bool *out_new)
{
	enum ct_status status;

	*out_new = !ct_map_get(&search->tried, key_of(search, wait, stop, search->rough), NULL);
	if (!*out_new)
		return CT_OK;
	status = ct_map_put(&search->tried, key_of(search, wait, stop, true), 1);
	return status ? status : ct_map_put(&search->tried, key_of(search, wait, stop, false), 1);
}

static enum ct_status let_all_go(struct search *search)
{
	bool owned;

	ct_replay_go(search->run, NULL);
	if (search->run->done == search->replay->op_count || !ct_replay_knot(search->run, &owned))
		return CT_OK;
	return search->told->found(search->told->context, search->run, owned);
}

/* All others first, as far as they get while the thread stands before `stop`. */
static enum ct_status late(struct search *search, uint32_t stop)
{
	uint32_t thread = search->replay->ops[stop].thread;

	for (size_t i = 0; i < search->replay->model->thread_count; i++)
		search->goals[i] = i == thread ? stop : CT_REPLAY_NONE;
	ct_replay_begin(search->run);
	ct_replay_go(search->run, search->goals);
	return let_all_go(search);
}

/* The first op of the thread that is not in the closure. */
static uint32_t goal_of(const struct search *search, uint32_t thread)
{
	const struct ct_replay *replay = search->replay;
	const struct ct_replay_thread *of = &replay->threads[thread];
	uint32_t reached = ct_closure_reached(search->closure, replay->model->threads[thread]);
	size_t low = 0, high = of->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (replay->ops[replay->order[of->first + mid]].position <= reached)
			low = mid + 1;
		else
			high = mid;
	}
	return low < of->count ? replay->order[of->first + low] : CT_REPLAY_NONE;
}

/* First only what brings the thread to `stop`; or beyond it, where that is no wait itself. */
static enum ct_status early(struct search *search, uint32_t stop, bool beyond)
{
	const struct ct_replay_op *op = &search->replay->ops[stop];
	const struct ct_thread *thread = search->replay->model->threads[op->thread];
	enum ct_status status;
	bool possible;

	ct_closure_begin(search->closure);
	status = beyond ? ct_closure_add(search->closure, thread, op->position)
			: ct_closure_stand(search->closure, thread, op->position);
	if (status == CT_OK)
		status = ct_closure_close(search->closure, &possible);
	if (status || !possible)
		return status;
	for (uint32_t i = 0; i < search->replay->model->thread_count; i++)
		search->goals[i] = goal_of(search, i);
	ct_replay_begin(search->run);
	ct_replay_go(search->run, search->goals);
	return let_all_go(search);
}

static enum ct_status try_stop(struct search *search, uint32_t wait, uint32_t stop)
{
	const struct ct_replay_op *ops = search->replay->ops;
	bool beyond = wait == stop &&
		      (ops[wait].deed == CT_REPLAY_PARK || ops[wait].deed == CT_REPLAY_ARRIVE);
	enum ct_status status;
	bool new;

	if (is_tired(search))
		return CT_OK;
	status = note_tried(search, &ops[wait], &ops[stop], &new);
	if (status || !new)
		return status;
	status = early(search, stop, beyond);
	return status || is_tired(search) ? status : late(search, stop);
}

static bool acquires(enum ct_replay_deed deed)
{
	return deed == CT_REPLAY_LOCK || deed == CT_REPLAY_WAKE || deed == CT_REPLAY_TAKE;
}

/* What a thread holds while its ops are gone through: the newest of it. */
struct walk {
	uint32_t open[OPEN]; /* ops */
	size_t open_count, next;
};

static void take(struct walk *walk, uint32_t op)
{
	if (walk->open_count == OPEN)
		return;
	walk->open[walk->open_count++] = op;
}

static uint32_t lock_of(const struct ct_replay_op *op)
{
	return op->mutex == CT_REPLAY_NONE ? op->resource : op->mutex;
}

static void give_back(const struct search *search, struct walk *walk, uint32_t lock)
{
	const struct ct_replay_op *ops = search->replay->ops;
	size_t kept = 0;

	for (size_t i = 0; i < walk->open_count; i++)
		if (lock_of(&ops[walk->open[i]]) != lock)
			walk->open[kept++] = walk->open[i];
	walk->open_count = kept;
}

/* Whether to look at how the op could wait for ever: a condition wait is entered by its PARK, a
 * barrier by its ARRIVE. `next` is the thread's next op, or NULL. */
static bool is_wait(const struct ct_replay_op *op, const struct ct_replay_op *next)
{
	if (op->deed == CT_REPLAY_PARK || op->deed == CT_REPLAY_ARRIVE)
		return next && !next->limited;
	return ct_replay_communicates(op->deed) && op->deed != CT_REPLAY_WAKE &&
	       op->deed != CT_REPLAY_LEAVE && !op->limited;
}

static enum ct_status try_wait(struct search *search, const struct walk *walk, uint32_t wait)
{
	const struct ct_replay *replay = search->replay;
	const uint32_t *order = &replay->order[replay->threads[replay->ops[wait].thread].first];
	enum ct_status status = try_stop(search, wait, wait);
	size_t last = 0;

	for (size_t i = walk->next; !status && i-- > 0 && last < LAST;) {
		if (!acquires(replay->ops[order[i]].deed))
			continue;
		last++;
		status = try_stop(search, wait, order[i]);
	}
	for (size_t i = walk->open_count; !status && i-- > 0;)
		status = try_stop(search, wait, walk->open[i]);
	return status;
}

static enum ct_status walk_on(struct search *search, struct walk *walk, uint32_t number)
{
	const struct ct_replay *replay = search->replay;
	const struct ct_replay_op *op = &replay->ops[number];
	const struct ct_replay_thread *thread = &replay->threads[op->thread];
	const struct ct_replay_op *next =
		walk->next + 1 < thread->count
			? &replay->ops[replay->order[thread->first + walk->next + 1]]
			: NULL;
	enum ct_status status = CT_OK;

	if (is_wait(op, next))
		status = try_wait(search, walk, number);
	if (op->deed == CT_REPLAY_UNLOCK || op->deed == CT_REPLAY_PARK)
		give_back(search, walk, lock_of(op));
	else if (op->deed == CT_REPLAY_LOCK || op->deed == CT_REPLAY_WAKE)
		take(walk, number);
	walk->next++;
	return status;
}

static enum ct_status try_all(struct search *search)
{
	struct walk *walks = calloc(search->replay->model->thread_count + 1, sizeof(*walks));
	enum ct_status status = walks ? CT_OK : CT_ENOMEM;

	for (uint32_t i = 0; !status && i < search->replay->op_count; i++)
		status = walk_on(search, &walks[search->replay->ops[i].thread], i);
	free(walks);
	return status;
}

/* The next combination of stops, each thread's number of ops before it, like counting; false after
 * the last one. */
static bool next_stops(const struct search *search, size_t *stops)
{
	const struct ct_replay *replay = search->replay;

	for (size_t i = 0; i < replay->model->thread_count; i++) {
		if (++stops[i] <= replay->threads[i].count)
			return true;
		stops[i] = 0;
	}
	return false;
}

static void set_goals(const struct search *search, const size_t *stops)
{
	const struct ct_replay *replay = search->replay;

	for (size_t i = 0; i < replay->model->thread_count; i++)
		search->goals[i] = stops[i] < replay->threads[i].count
					   ? replay->order[replay->threads[i].first + stops[i]]
					   : CT_REPLAY_NONE;
}

static bool is_small(const struct ct_replay *replay)
{
	size_t combinations = 1;

	for (size_t i = 0; i < replay->model->thread_count && combinations <= COMBINATIONS; i++)
		combinations *= replay->threads[i].count + 1;
	return replay->op_count <= SMALL && combinations <= COMBINATIONS;
}

/* Few ops: each thread stopped before each of its ops, in all combinations. */
static enum ct_status try_combinations(struct search *search)
{
	size_t *stops = calloc(search->replay->model->thread_count + 1, sizeof(*stops));
	enum ct_status status = stops ? CT_OK : CT_ENOMEM;

	while (!status && next_stops(search, stops)) {
		set_goals(search, stops);
		ct_replay_begin(search->run);
		ct_replay_go(search->run, search->goals);
		status = let_all_go(search);
	}
	free(stops);
	return status;
}

static enum ct_status try_orders(struct search *search)
{
	enum ct_status status;

	search->rough = true;
	status = try_all(search);
	search->rough = false;
	if (status == CT_OK)
		status = try_all(search);
	if (status == CT_OK && is_small(search->replay))
		status = try_combinations(search);
	return status;
}

/* If the recorded order is not possible to us, we know too little of what was done. */
static bool is_understood(struct search *search)
{
	ct_replay_begin(search->run);
	ct_replay_go(search->run, NULL);
	return search->run->done == search->replay->op_count;
}

enum ct_status ct_extremes_search(const struct ct_replay *replay, struct ct_extremes *told)
{
	struct search search = {.replay = replay, .told = told};
	enum ct_status status;

	ct_map_init(&search.tried);
	search.goals = calloc(replay->model->thread_count + 1, sizeof(*search.goals));
	status = search.goals ? ct_replay_run_new(replay, &search.run) : CT_ENOMEM;
	if (status == CT_OK)
		status = ct_closure_new(replay->reach, false, &search.closure);
	if (status == CT_OK) {
		told->undone = !is_understood(&search);
		if (!told->undone)
			status = try_orders(&search);
	}
	ct_closure_free(search.closure);
	ct_replay_run_free(search.run);
	free(search.goals);
	ct_map_fini(&search.tried);
	return status;
}
