#include "detect/extremes.h"

#include <stdlib.h>

#include "base/vec.h"

/* Events that are listed of one witness, the last ones; of one run, if it has no more. */
enum { LISTED = 48, SHORT_RUN = 3 };

struct maker {
	const struct ct_replay_run *run;
	bool *involved; /* resources that the stuck ones wait for */
	struct ct_witness_event *events;
	size_t count, cap;
};

static const char *lock_verb(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	const struct ct_object *object = run->replay->resources[op->resource].object;

	if (object->kind == CT_OBJECT_SEM)
		return op->deed == CT_REPLAY_LOCK ? "takes" : "posts";
	if (op->deed == CT_REPLAY_UNLOCK)
		return "unlocks";
	if (!op->exclusive)
		return "read-locks";
	return object->kind == CT_OBJECT_RWLOCK ? "write-locks" : "locks";
}

const char *ct_extremes_verb(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	static const char *const verbs[] = {
		[CT_REPLAY_FAIL] = "fails to get",  [CT_REPLAY_PARK] = "waits on",
		[CT_REPLAY_WAKE] = "is woken from", [CT_REPLAY_SIGNAL] = "signals",
		[CT_REPLAY_BROADCAST] = "signals",  [CT_REPLAY_POST] = "posts",
		[CT_REPLAY_TAKE] = "takes",	    [CT_REPLAY_ARRIVE] = "arrives at",
		[CT_REPLAY_LEAVE] = "leaves",	    [CT_REPLAY_PUT] = "writes to",
		[CT_REPLAY_GET] = "reads from",	    [CT_REPLAY_CREATE] = "creates",
		[CT_REPLAY_JOIN] = "joins",
	};

	if (op->deed == CT_REPLAY_LOCK || op->deed == CT_REPLAY_UNLOCK)
		return lock_verb(run, op);
	return op->deed < sizeof(verbs) / sizeof(verbs[0]) && verbs[op->deed] ? verbs[op->deed]
									      : "does";
}

static void mark_involved(struct maker *maker)
{
	const struct ct_replay *replay = maker->run->replay;

	for (uint32_t i = 0; i < replay->model->thread_count; i++) {
		const struct ct_replay_op *op;

		if (!maker->run->stuck[i])
			continue;
		op = ct_replay_next(maker->run, i);
		if (op->resource != CT_REPLAY_NONE)
			maker->involved[op->resource] = true;
		if (op->mutex != CT_REPLAY_NONE)
			maker->involved[op->mutex] = true;
	}
}

/* What a reader has to follow. */
static bool matters(const struct maker *maker, const struct ct_replay_op *op)
{
	if (op->deed == CT_REPLAY_CREATE)
		return maker->run->replay->threads[op->other].count > 0;
	return (op->resource != CT_REPLAY_NONE && maker->involved[op->resource]) ||
	       (op->mutex != CT_REPLAY_NONE && maker->involved[op->mutex]);
}

static bool is_access(const struct ct_replay_op *op)
{
	return op->deed == CT_REPLAY_READ || op->deed == CT_REPLAY_WRITE;
}

/* Accesses to memory are no events to a reader, but where a thread stops behind one. */
static bool is_told(const struct ct_replay_op *op)
{
	return !is_access(op) && op->deed != CT_REPLAY_OUTSIDE;
}

static enum ct_status add(struct maker *maker, const struct ct_replay_op *op, const char *verb,
			  uint32_t skipped)
{
	const struct ct_replay *replay = maker->run->replay;
	struct ct_witness_event event = {
		.place = ct_extremes_place(maker->run, op),
		.verb = verb,
		.ordinal = op->number,
		.skipped = skipped,
	};
	enum ct_status status =
		ct_vec_grow(&maker->events, &maker->cap, maker->count + 1, sizeof(event));

	if (status)
		return status;
	if (op->resource != CT_REPLAY_NONE)
		event.object = replay->resources[op->resource].object;
	else if (op->deed == CT_REPLAY_CREATE || op->deed == CT_REPLAY_JOIN)
		event.other = replay->model->threads[op->other];
	maker->events[maker->count++] = event;
	return CT_OK;
}

static const struct ct_replay_op *op_at(const struct maker *maker, size_t at)
{
	return &maker->run->replay->ops[maker->run->schedule[at]];
}

/* What one thread does from `begin` on before another one does anything. */
static size_t run_end(const struct maker *maker, size_t begin, size_t *out_told)
{
	size_t end = begin;

	*out_told = 0;
	for (; end < maker->run->done && op_at(maker, end)->thread == op_at(maker, begin)->thread;
	     end++)
		*out_told += is_told(op_at(maker, end));
	return end;
}

static enum ct_status add_run(struct maker *maker, size_t begin, size_t end, size_t told)
{
	enum ct_status status = CT_OK;
	uint32_t skipped = 0;
	size_t seen = 0;

	for (size_t i = begin; !status && i < end; i++) {
		const struct ct_replay_op *op = op_at(maker, i);

		if (!is_told(op))
			continue;
		seen++;
		if (told > SHORT_RUN && seen < told && !matters(maker, op)) {
			skipped++;
			continue;
		}
		status = add(maker, op, ct_extremes_verb(maker->run, op), skipped);
		skipped = 0;
	}
	if (status == CT_OK && is_access(op_at(maker, end - 1)))
		status = add(maker, op_at(maker, end - 1),
			     op_at(maker, end - 1)->deed == CT_REPLAY_READ ? "reads memory"
									   : "writes memory",
			     skipped);
	return status;
}

static bool is_step(const struct ct_finding *finding, const struct ct_thread *thread)
{
	for (size_t i = 0; i < finding->step_count; i++)
		if (finding->steps[i].thread == thread)
			return true;
	return false;
}

/* One that is stuck beside those of the steps, if it asks for something now. */
static enum ct_status add_stuck(struct maker *maker, uint32_t thread)
{
	const struct ct_replay_op *op = ct_extremes_request(maker->run, thread);
	struct ct_replay_op asked = *op;

	if (op != ct_replay_next(maker->run, thread))
		return CT_OK; /* it did, and is listed */
	asked.number = op->request;
	return add(maker, &asked,
		   op->deed == CT_REPLAY_JOIN ? "is stuck: joins" : "is stuck: asks for", 0);
}

static enum ct_status add_others(struct maker *maker, const struct ct_finding *finding)
{
	const struct ct_replay *replay = maker->run->replay;
	enum ct_status status = CT_OK;

	for (uint32_t i = 0; !status && i < replay->model->thread_count; i++)
		if (maker->run->stuck[i] && !is_step(finding, replay->model->threads[i]))
			status = add_stuck(maker, i);
	return status;
}

/* What only it can see is no op: that a thread does this before it gets stuck. */
static enum ct_status add_way(struct maker *maker, const struct ct_step_of_cycle *step)
{
	const struct ct_replay *replay = maker->run->replay;
	const struct ct_replay_thread *of = &replay->threads[step->thread->id];
	size_t next = maker->run->stands[step->thread->id].next;
	uint32_t done = next ? replay->ops[replay->order[of->first + next - 1]].number : 0;
	struct ct_witness_event event = {
		.place = step->wanted_at, .verb = "gets here", .ordinal = step->ordinal - 1};
	enum ct_status status;

	if (step->ordinal <= done + 1)
		return CT_OK;
	event.skipped = event.ordinal - done;
	status = ct_vec_grow(&maker->events, &maker->cap, maker->count + 1, sizeof(event));
	if (status == CT_OK)
		maker->events[maker->count++] = event;
	return status;
}

static enum ct_status make(struct maker *maker, const struct ct_finding *finding)
{
	enum ct_status status = CT_OK;
	size_t told;

	mark_involved(maker);
	for (size_t at = 0, end; !status && at < maker->run->done; at = end) {
		end = run_end(maker, at, &told);
		status = add_run(maker, at, end, told);
	}
	for (size_t i = 0; !status && i < finding->step_count; i++)
		status = add_way(maker, &finding->steps[i]);
	return status ? status : add_others(maker, finding);
}

enum ct_status ct_extremes_witness(struct ct_findings *findings, struct ct_finding *finding,
				   const struct ct_replay_run *run)
{
	struct ct_witness *witness = ct_arena_alloc(&findings->arena, sizeof(*witness));
	struct maker maker = {
		.run = run,
		.involved = calloc(run->replay->resource_count + 1, sizeof(*maker.involved)),
	};
	enum ct_status status = CT_ENOMEM;

	if (witness && maker.involved)
		status = make(&maker, finding);
	if (status == CT_OK) {
		witness->left_out = maker.count > LISTED ? maker.count - LISTED : 0;
		witness->count = maker.count - witness->left_out;
		witness->events =
			ct_arena_memdup(&findings->arena, maker.events + witness->left_out,
					witness->count * sizeof(*maker.events));
		finding->witness = witness;
		if (witness->count && !witness->events)
			status = CT_ENOMEM;
	}
	free(maker.involved);
	free(maker.events);
	return status;
}
