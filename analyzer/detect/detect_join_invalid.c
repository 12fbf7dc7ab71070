/*
 * A call that names a thread which nobody may name any more: one that was joined, or that is
 * detached, or that somebody else joins at the time.
 *
 * A pthread_t is given to a new thread once the old one is gone, and whose it is the record tells
 * at the first instruction of the new one. So a call that seems wrong may mean a thread that was
 * created and has not run yet: what the call does, or that thread, tells then.
 */
#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "detect/join_call.h"
#include "model/past.h"

static const struct ct_rule join_invalid = {
	.id = "join-invalid",
	.title = "a thread is joined, detached or called that is no longer there to be",
	.help = "Join or detach each thread exactly once, and forget its pthread_t then.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

enum { OPEN_MAX = 1000 }; /* calls that are looked at again */

struct process {
	uint64_t created, unborn; /* threads; those that had no record yet */
	struct ct_join_owner
		newest; /* of the threads that it created: CT_FATE_LIVE or CT_FATE_BORN_DETACHED */
	uint32_t image; /* the programs that it ran before, by exec */
	bool failed;	/* a creation: ignored-error tells what comes of it */
};

struct state {
	struct ct_misuses *misuses;
	struct ct_map numbers; /* process number: index */
	struct process *processes;
	struct ct_map pthreads; /* mixed with the process number: index in owners */
	struct ct_join_owner *owners;
	size_t owner_count, owner_cap;
	struct ct_map pending; /* thread id: index in calls */
	struct ct_join_call *calls;
	size_t call_count, call_cap, first_free;
};

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_map_fini(&state->numbers);
	ct_map_fini(&state->pthreads);
	ct_map_fini(&state->pending);
	free(state->processes);
	free(state->owners);
	free(state->calls);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state = calloc(1, sizeof(*state));
	enum ct_status status = CT_OK;
	void *misuses = NULL;

	if (!state)
		return CT_ENOMEM;
	ct_map_init(&state->numbers);
	ct_map_init(&state->pthreads);
	ct_map_init(&state->pending);
	state->processes = calloc(model->process_count + 1, sizeof(*state->processes));
	if (!state->processes)
		status = CT_ENOMEM;
	for (size_t i = 0; !status && i < model->process_count; i++)
		status = ct_map_put(&state->numbers, model->processes[i]->number, i);
	if (status == CT_OK)
		status = ct_misuses_new(&misuses);
	state->misuses = misuses;
	if (status)
		end(state);
	else
		*out_state = state;
	return status;
}

static struct process *process_of(const struct state *state, const struct ct_thread *thread)
{
	uint64_t index = 0;

	ct_map_get(&state->numbers, thread->process->number, &index);
	return &state->processes[index];
}

/* The entry of a pthread_t in the caller's process; NULL with CT_OK: there is none, and none is to
 * be made. */
static enum ct_status owner_of(struct state *state, const struct ct_thread *caller,
			       uint64_t pthread, bool make, struct ct_join_owner **out_owner)
{
	uint64_t key = ct_map_mix(pthread ^ ct_map_mix(caller->process->number)), index;
	uint32_t image = process_of(state, caller)->image;
	enum ct_status status;

	*out_owner = NULL;
	if (ct_map_get(&state->pthreads, key, &index)) {
		*out_owner = &state->owners[index];
		if ((*out_owner)->image != image)
			**out_owner = (struct ct_join_owner){.image = image};
		return CT_OK;
	}
	if (!make)
		return CT_OK;
	status = ct_vec_grow(&state->owners, &state->owner_cap, state->owner_count + 1,
			     sizeof(*state->owners));
	if (status == CT_OK)
		status = ct_map_put(&state->pthreads, key, state->owner_count);
	if (status)
		return status;
	*out_owner = &state->owners[state->owner_count++];
	**out_owner = (struct ct_join_owner){.image = image};
	return CT_OK;
}

/* Whether a thread that is in this state may not be the target of the call. */
static bool is_wrong(const struct ct_join_owner *owner, const struct ct_thread *caller,
		     enum ct_effect effect)
{
	switch (owner->fate) {
	case CT_FATE_UNKNOWN:
		return false;
	case CT_FATE_LIVE:
		return effect == CT_EFFECT_THREAD_JOIN && owner->joining.thread &&
		       owner->joining.thread != caller && !owner->joining.thread->exited;
	case CT_FATE_JOINED:
		return true;
	default: /* detached: until it ends it may be called */
		return effect == CT_EFFECT_THREAD_JOIN || effect == CT_EFFECT_THREAD_DETACH ||
		       owner->thread->exited;
	}
}

static void drop(struct state *state, struct ct_join_call *call)
{
	call->outcome = CT_CALL_FREE;
	call->next_free = state->first_free;
	state->first_free = (size_t)(call - state->calls) + 1;
}

static enum ct_status take_slot(struct state *state, struct ct_join_call **out_call)
{
	enum ct_status status;

	*out_call = NULL;
	if (state->first_free) {
		*out_call = &state->calls[state->first_free - 1];
		state->first_free = (*out_call)->next_free;
		return CT_OK;
	}
	if (state->call_count == OPEN_MAX)
		return CT_OK;
	status = ct_vec_grow(&state->calls, &state->call_cap, state->call_count + 1,
			     sizeof(*state->calls));
	if (status == CT_OK)
		*out_call = &state->calls[state->call_count++];
	return status;
}

/* The only thread that was created and has no record yet, if it is detached: by its pthread_t, with
 * no other created since, or from birth. */
static struct ct_join_owner detached_unborn(const struct process *process,
					    const struct ct_join_owner *owner)
{
	struct ct_join_owner unborn = process->newest;

	if (process->unborn != 1)
		return (struct ct_join_owner){0};
	if (owner->early.thread && owner->early_created == process->created) {
		unborn.fate = CT_FATE_DETACHED;
		unborn.deed = owner->early;
	}
	return unborn.fate == CT_FATE_LIVE ? (struct ct_join_owner){0} : unborn;
}

static enum ct_status keep(struct state *state, const struct ct_step *step, uint16_t event,
			   const struct ct_join_owner *owner, enum ct_join_outcome outcome)
{
	struct ct_join_call *call;
	enum ct_status status = take_slot(state, &call);

	if (status || !call)
		return status;
	*call = (struct ct_join_call){.caller = step->thread,
				      .deed = ct_deed_of(step),
				      .event = event,
				      .outcome = outcome,
				      .certain = !process_of(state, step->thread)->unborn,
				      .pthread = step->record->object,
				      .owner = *owner};
	if (owner->fate == CT_FATE_UNKNOWN && step->effect == CT_EFFECT_THREAD_JOIN &&
	    call->pthread)
		call->unborn = detached_unborn(process_of(state, step->thread), owner);
	if (outcome != CT_CALL_PENDING)
		return CT_OK;
	return ct_map_put(&state->pending, step->thread->id, (uint64_t)(call - state->calls));
}

static bool is_join_or_detach(uint16_t event)
{
	return ct_join_call_effect(event) == CT_EFFECT_THREAD_JOIN ||
	       ct_join_call_effect(event) == CT_EFFECT_THREAD_DETACH;
}

/* A detach that was refused has detached no unborn thread. */
static enum ct_status refuse(struct state *state, struct ct_join_call *call)
{
	struct ct_join_owner *owner;
	enum ct_status status = owner_of(state, call->caller, call->pthread, false, &owner);

	call->outcome = CT_CALL_REFUSED;
	if (status || !owner || call->deed.time != owner->early.time)
		return status;
	if (owner->early.thread == call->caller)
		owner->early = (struct ct_deed){0};
	return CT_OK;
}

/* What came of the thread's last call that seemed wrong. A join is over with a record that says so,
 * as a signal handler may run meanwhile; the others are with the thread's next one. */
static enum ct_status settle(struct state *state, const struct ct_step *step)
{
	const struct ct_event_info *failed = NULL;
	struct ct_join_call *call;
	bool is_answer;
	uint64_t index;
	int error = 0;

	if (!ct_map_get(&state->pending, step->thread->id, &index))
		return CT_OK;
	call = &state->calls[index];
	is_answer = ct_misuse_failure(step, &failed, &error) && failed && failed->id == call->event;
	if (ct_join_call_effect(call->event) == CT_EFFECT_THREAD_JOIN && !is_answer &&
	    step->record->event != call->event)
		return CT_OK;
	ct_map_remove(&state->pending, step->thread->id);
	if (call->outcome != CT_CALL_PENDING || call->caller != step->thread)
		return CT_OK;
	if (is_answer && (error == EINVAL || error == ESRCH))
		return refuse(state, call);
	call->outcome = CT_CALL_DONE;
	if (is_join_or_detach(call->event) && call->owner.fate != CT_FATE_LIVE)
		drop(state, call);
	return CT_OK;
}

/* A thread begins, which the calls with its pthread_t may have meant: it tells whether they were
 * wrong. The first that waits to join it is not. */
static void explain(struct state *state, struct ct_join_owner *owner, uint64_t pthread,
		    bool stranger)
{
	for (size_t i = 0; i < state->call_count; i++) {
		struct ct_join_call *call = &state->calls[i];
		enum ct_effect effect = ct_join_call_effect(call->event);

		if (call->outcome == CT_CALL_FREE || call->pthread != pthread ||
		    call->caller->process != owner->thread->process || (call->certain && !stranger))
			continue;
		if (is_join_or_detach(call->event) && call->deed.time != owner->deed.time &&
		    is_wrong(owner, call->caller, effect)) {
			call->owner = *owner;
			call->certain = true;
			continue;
		}
		if (effect == CT_EFFECT_THREAD_JOIN && call->outcome == CT_CALL_PENDING)
			owner->joining = call->deed;
		drop(state, call);
	}
}

static void create(struct process *process, const struct ct_step *step)
{
	process->created++;
	process->unborn++;
	process->newest = (struct ct_join_owner){
		.thread = step->other,
		.fate = step->record->flags & CT_F_DETACHED ? CT_FATE_BORN_DETACHED : CT_FATE_LIVE,
		.created = ct_deed_of(step),
	};
}

static enum ct_status start(struct state *state, const struct ct_step *step)
{
	const struct ct_thread *thread = step->thread;
	struct process *process = process_of(state, thread);
	struct ct_join_owner *owner, now = {.thread = thread, .fate = CT_FATE_LIVE};
	struct ct_payload_start start;
	enum ct_status status;

	if (step->record->payload_size < sizeof(start))
		return CT_OK;
	memcpy(&start, step->record->payload, sizeof(start));
	if (thread->number == 1) {
		process->image++;
		process->unborn = 0;
	} else if (start.creator && process->unborn) {
		process->unborn--;
	}
	if (!start.pthread)
		return CT_OK;
	status = owner_of(state, thread, start.pthread, true, &owner);
	if (status)
		return status;
	now.image = process->image;
	now.created = (struct ct_deed){thread->creator, thread->create_stack, 0};
	now.deed = owner->early;
	if (thread->detached)
		now.fate = CT_FATE_BORN_DETACHED;
	else if (now.deed.thread)
		now.fate = CT_FATE_DETACHED;
	*owner = now;
	explain(state, owner, start.pthread, !start.creator && thread->number != 1);
	return CT_OK;
}

/* The thread that joined first has joined it: so did those who came meanwhile. */
static void note_both(struct state *state, const struct ct_join_owner *owner)
{
	for (size_t i = 0; i < state->call_count; i++) {
		struct ct_join_call *call = &state->calls[i];

		if (call->owner.thread == owner->thread && call->owner.fate == CT_FATE_LIVE)
			call->both = true;
	}
}

static enum ct_status join(struct state *state, const struct ct_step *step)
{
	struct ct_join_owner *owner;
	enum ct_status status = owner_of(state, step->thread, step->record->object, true, &owner);

	if (status)
		return status;
	if (step->request && (owner->fate == CT_FATE_UNKNOWN ||
			      is_wrong(owner, step->thread, CT_EFFECT_THREAD_JOIN)))
		return keep(state, step, step->record->event, owner, CT_CALL_PENDING);
	if (owner->fate != CT_FATE_LIVE)
		return CT_OK;
	if (step->request) {
		owner->joining = ct_deed_of(step);
		return CT_OK;
	}
	if (owner->joining.thread == step->thread)
		note_both(state, owner);
	owner->fate = CT_FATE_JOINED;
	owner->deed = ct_deed_of(step);
	return CT_OK;
}

static enum ct_status detach(struct state *state, const struct ct_step *step)
{
	const struct process *process = process_of(state, step->thread);
	struct ct_join_owner *owner;
	enum ct_status status = owner_of(state, step->thread, step->record->object, true, &owner);

	if (status)
		return status;
	if (owner->fate == CT_FATE_LIVE) {
		owner->fate = CT_FATE_DETACHED;
		owner->deed = ct_deed_of(step);
		return CT_OK;
	}
	if (!owner->early.thread && process->unborn) {
		owner->early = ct_deed_of(step);
		owner->early_created = process->created;
	}
	return keep(state, step, step->record->event, owner, CT_CALL_PENDING);
}

static enum ct_status send(struct state *state, const struct ct_step *step)
{
	struct ct_join_owner *owner;
	enum ct_status status = owner_of(state, step->thread, step->record->object, false, &owner);

	if (status || !owner || !is_wrong(owner, step->thread, step->effect))
		return status;
	return keep(state, step, step->record->event, owner, CT_CALL_PENDING);
}

static enum ct_status fail(struct state *state, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	struct ct_join_owner *owner = NULL;
	enum ct_status status;
	int error = 0;

	if (!ct_misuse_failure(step, &call, &error) || !call)
		return CT_OK;
	if (call->effect == CT_EFFECT_THREAD_CREATE) {
		struct process *process = process_of(state, step->thread);

		process->failed = true;
		if (process->unborn)
			process->unborn--;
	}
	if (call->effect != CT_EFFECT_THREAD_JOIN)
		return CT_OK;
	status = owner_of(state, step->thread, step->record->object, false, &owner);
	if (status || !owner)
		return status;
	if (owner->joining.thread == step->thread)
		owner->joining.thread = NULL;
	if (call->id == CT_EV_THREAD_TRYJOIN && owner->fate != CT_FATE_LIVE &&
	    is_wrong(owner, step->thread, CT_EFFECT_THREAD_JOIN))
		return keep(state, step, call->id, owner, CT_CALL_REFUSED);
	return CT_OK;
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	enum ct_status status = CT_OK;

	(void)model;
	if (step->effect != CT_EFFECT_HELD_SET && ct_map_count(&state->pending))
		status = settle(state, step);
	if (status)
		return status;
	switch (step->effect) {
	case CT_EFFECT_THREAD_CREATE:
		create(process_of(state, step->thread), step);
		return CT_OK;
	case CT_EFFECT_THREAD_START:
		return start(state, step);
	case CT_EFFECT_THREAD_JOIN:
		return join(state, step);
	case CT_EFFECT_THREAD_DETACH:
		return detach(state, step);
	case CT_EFFECT_THREAD_CANCEL:
		return send(state, step);
	case CT_EFFECT_SIGNAL_SEND:
		return step->record->event == CT_EV_PTHREAD_KILL ? send(state, step) : CT_OK;
	case CT_EFFECT_FAILURE:
		return fail(state, step);
	default:
		return CT_OK;
	}
}

/* Two joined it at a time, unless the first gave up, as its time was over or it was cancelled. */
static bool was_simultaneous(const struct ct_join_call *call)
{
	const struct ct_deed *first = &call->owner.joining;

	return call->outcome == CT_CALL_REFUSED || call->both ||
	       (first->thread->wait.kind == CT_WAIT_JOIN &&
		first->thread->wait.since == first->time);
}

/* The process ended before the thread that was to be joined ran, or it ran unseen. */
static void take_unborn(struct ct_join_call *call)
{
	const struct ct_thread *unborn = call->unborn.thread;

	if (call->owner.fate != CT_FATE_UNKNOWN || call->outcome != CT_CALL_REFUSED ||
	    call->unborn.fate == CT_FATE_UNKNOWN || (unborn && unborn->started))
		return;
	call->owner = call->unborn;
	call->certain = true;
}

/* A join of zero, which is no thread's pthread_t; after a failed creation ignored-error tells it.
 */
static bool joins_none(const struct state *state, const struct ct_join_call *call)
{
	return call->owner.fate == CT_FATE_UNKNOWN && !call->pthread &&
	       call->outcome != CT_CALL_DONE &&
	       ct_join_call_effect(call->event) == CT_EFFECT_THREAD_JOIN &&
	       !process_of(state, call->caller)->failed;
}

/* A call that never returned crashed, or hung; one that was refused was refused for that. */
static bool is_told(const struct state *state, const struct ct_join_call *call)
{
	if (call->outcome == CT_CALL_FREE)
		return false;
	if (call->owner.fate == CT_FATE_UNKNOWN)
		return joins_none(state, call);
	if (!call->certain && process_of(state, call->caller)->unborn)
		return false;
	return call->owner.fate != CT_FATE_LIVE || was_simultaneous(call);
}

static enum ct_status report(struct state *state, const struct ct_join_call *call)
{
	struct ct_misuse misuse = ct_misuse_of(&join_invalid, NULL);

	ct_join_call_describe(call, &state->misuses->arena, &misuse);
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < state->call_count; i++) {
		struct ct_join_call *call = &state->calls[i];

		take_unborn(call);
		if (is_told(state, call))
			status = report(state, call);
	}
	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&join_invalid, NULL};

const struct ct_detector ct_detect_join_invalid = {
	.name = "join_invalid",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
