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
#include "detect/misuse.h"
#include "model/traffic.h"

static const struct ct_rule join_invalid = {
	.id = "join-invalid",
	.title = "a thread is joined, detached or called that is no longer there to be",
	.help = "Join or detach each thread exactly once, and forget its pthread_t then.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

enum { OPEN_MAX = 1000 }; /* calls that are looked at again */

enum fate { UNKNOWN, LIVE, JOINED, BORN_DETACHED, DETACHED };

/* Who has a pthread_t, and what became of it. */
struct owner {
	const struct ct_thread *thread;
	enum fate fate;
	struct ct_deed deed; /* that joined or detached it */
	struct ct_deed joining;
	struct ct_deed early; /* detached what had no record yet */
	uint32_t image;
};

struct process {
	uint64_t unborn; /* threads that were created and had no record yet */
	uint32_t image;	 /* the programs that it ran before, by exec */
};

enum outcome { PENDING, REFUSED, DONE, FREE };

/* A call that seems wrong. */
struct call {
	const struct ct_thread *caller;
	struct ct_deed deed;
	uint16_t event;
	enum outcome outcome;
	bool certain; /* no unborn thread can be meant */
	bool both;    /* who joined the thread at the time did join it */
	uint64_t pthread;
	struct owner owner; /* as it was; of an unknown one: nothing is wrong so far */
	size_t next_free;   /* index + 1 */
};

struct state {
	struct ct_misuses *misuses;
	struct ct_map numbers; /* process number: index */
	struct process *processes;
	struct ct_map pthreads; /* mixed with the process number: index in owners */
	struct owner *owners;
	size_t owner_count, owner_cap;
	struct ct_map pending; /* thread id: index in calls */
	struct call *calls;
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

static struct ct_deed deed_of(const struct ct_step *step)
{
	return (struct ct_deed){step->thread, step->record->stack, step->record->time};
}

/* The entry of a pthread_t in the caller's process; NULL with CT_OK: there is none, and none is to
 * be made. */
static enum ct_status owner_of(struct state *state, const struct ct_thread *caller,
			       uint64_t pthread, bool make, struct owner **out_owner)
{
	uint64_t key = ct_map_mix(pthread ^ ct_map_mix(caller->process->number)), index;
	uint32_t image = process_of(state, caller)->image;
	enum ct_status status;

	*out_owner = NULL;
	if (ct_map_get(&state->pthreads, key, &index)) {
		*out_owner = &state->owners[index];
		if ((*out_owner)->image != image)
			**out_owner = (struct owner){.image = image};
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
	**out_owner = (struct owner){.image = image};
	return CT_OK;
}

/* Whether a thread that is in this state may not be the target of the call. */
static bool is_wrong(const struct owner *owner, const struct ct_thread *caller,
		     enum ct_effect effect)
{
	switch (owner->fate) {
	case UNKNOWN:
		return false;
	case LIVE:
		return effect == CT_EFFECT_THREAD_JOIN && owner->joining.thread &&
		       owner->joining.thread != caller && !owner->joining.thread->exited;
	case JOINED:
		return true;
	default: /* detached: until it ends it may be called */
		return effect == CT_EFFECT_THREAD_JOIN || effect == CT_EFFECT_THREAD_DETACH ||
		       owner->thread->exited;
	}
}

static void drop(struct state *state, struct call *call)
{
	call->outcome = FREE;
	call->next_free = state->first_free;
	state->first_free = (size_t)(call - state->calls) + 1;
}

static enum ct_status take_slot(struct state *state, struct call **out_call)
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

static enum ct_status keep(struct state *state, const struct ct_step *step, uint16_t event,
			   const struct owner *owner, enum outcome outcome)
{
	struct call *call;
	enum ct_status status = take_slot(state, &call);

	if (status || !call)
		return status;
	*call = (struct call){.caller = step->thread,
			      .deed = deed_of(step),
			      .event = event,
			      .outcome = outcome,
			      .certain = !process_of(state, step->thread)->unborn,
			      .pthread = step->record->object,
			      .owner = *owner};
	if (outcome != PENDING)
		return CT_OK;
	return ct_map_put(&state->pending, step->thread->id, (uint64_t)(call - state->calls));
}

static enum ct_effect effect_of(uint16_t event)
{
	const struct ct_event_info *info = ct_event_info(event);

	return info ? info->effect : CT_EFFECT_NOTE;
}

static bool is_join_or_detach(uint16_t event)
{
	return effect_of(event) == CT_EFFECT_THREAD_JOIN ||
	       effect_of(event) == CT_EFFECT_THREAD_DETACH;
}

/* A detach that was refused has detached no unborn thread. */
static enum ct_status refuse(struct state *state, struct call *call)
{
	struct owner *owner;
	enum ct_status status = owner_of(state, call->caller, call->pthread, false, &owner);

	call->outcome = REFUSED;
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
	struct call *call;
	bool is_answer;
	uint64_t index;
	int error = 0;

	if (!ct_map_get(&state->pending, step->thread->id, &index))
		return CT_OK;
	call = &state->calls[index];
	is_answer = ct_misuse_failure(step, &failed, &error) && failed && failed->id == call->event;
	if (effect_of(call->event) == CT_EFFECT_THREAD_JOIN && !is_answer &&
	    step->record->event != call->event)
		return CT_OK;
	ct_map_remove(&state->pending, step->thread->id);
	if (call->outcome != PENDING || call->caller != step->thread)
		return CT_OK;
	if (is_answer && (error == EINVAL || error == ESRCH))
		return refuse(state, call);
	call->outcome = DONE;
	if (is_join_or_detach(call->event) && call->owner.fate != LIVE)
		drop(state, call);
	return CT_OK;
}

/* A thread begins, which the calls with its pthread_t may have meant: it tells whether they were
 * wrong. The first that waits to join it is not. */
static void explain(struct state *state, struct owner *owner, uint64_t pthread, bool stranger)
{
	for (size_t i = 0; i < state->call_count; i++) {
		struct call *call = &state->calls[i];
		enum ct_effect effect = effect_of(call->event);

		if (call->outcome == FREE || call->pthread != pthread ||
		    call->caller->process != owner->thread->process || (call->certain && !stranger))
			continue;
		if (is_join_or_detach(call->event) && call->deed.time != owner->deed.time &&
		    is_wrong(owner, call->caller, effect)) {
			call->owner = *owner;
			call->certain = true;
			continue;
		}
		if (effect == CT_EFFECT_THREAD_JOIN && call->outcome == PENDING)
			owner->joining = call->deed;
		drop(state, call);
	}
}

static enum ct_status start(struct state *state, const struct ct_step *step)
{
	const struct ct_thread *thread = step->thread;
	struct process *process = process_of(state, thread);
	struct owner *owner, now = {.thread = thread, .fate = LIVE};
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
	now.deed = owner->early;
	if (thread->detached)
		now.fate = BORN_DETACHED;
	else if (now.deed.thread)
		now.fate = DETACHED;
	*owner = now;
	explain(state, owner, start.pthread, !start.creator && thread->number != 1);
	return CT_OK;
}

/* The thread that joined first has joined it: so did those who came meanwhile. */
static void note_both(struct state *state, const struct owner *owner)
{
	for (size_t i = 0; i < state->call_count; i++) {
		struct call *call = &state->calls[i];

		if (call->owner.thread == owner->thread && call->owner.fate == LIVE)
			call->both = true;
	}
}

static enum ct_status join(struct state *state, const struct ct_step *step)
{
	struct owner *owner;
	enum ct_status status = owner_of(state, step->thread, step->record->object, true, &owner);

	if (status)
		return status;
	if (step->request &&
	    (owner->fate == UNKNOWN || is_wrong(owner, step->thread, CT_EFFECT_THREAD_JOIN)))
		return keep(state, step, step->record->event, owner, PENDING);
	if (owner->fate != LIVE)
		return CT_OK;
	if (step->request) {
		owner->joining = deed_of(step);
		return CT_OK;
	}
	if (owner->joining.thread == step->thread)
		note_both(state, owner);
	owner->fate = JOINED;
	owner->deed = deed_of(step);
	return CT_OK;
}

static enum ct_status detach(struct state *state, const struct ct_step *step)
{
	struct owner *owner;
	enum ct_status status = owner_of(state, step->thread, step->record->object, true, &owner);

	if (status)
		return status;
	if (owner->fate == LIVE) {
		owner->fate = DETACHED;
		owner->deed = deed_of(step);
		return CT_OK;
	}
	if (!owner->early.thread && process_of(state, step->thread)->unborn)
		owner->early = deed_of(step);
	return keep(state, step, step->record->event, owner, PENDING);
}

static enum ct_status send(struct state *state, const struct ct_step *step)
{
	struct owner *owner;
	enum ct_status status = owner_of(state, step->thread, step->record->object, false, &owner);

	if (status || !owner || !is_wrong(owner, step->thread, step->effect))
		return status;
	return keep(state, step, step->record->event, owner, PENDING);
}

static enum ct_status fail(struct state *state, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	struct owner *owner = NULL;
	enum ct_status status;
	int error = 0;

	if (!ct_misuse_failure(step, &call, &error) || !call)
		return CT_OK;
	if (call->effect == CT_EFFECT_THREAD_CREATE && process_of(state, step->thread)->unborn)
		process_of(state, step->thread)->unborn--;
	if (call->effect != CT_EFFECT_THREAD_JOIN)
		return CT_OK;
	status = owner_of(state, step->thread, step->record->object, false, &owner);
	if (status || !owner)
		return status;
	if (owner->joining.thread == step->thread)
		owner->joining.thread = NULL;
	if (call->id == CT_EV_THREAD_TRYJOIN && owner->fate != LIVE &&
	    is_wrong(owner, step->thread, CT_EFFECT_THREAD_JOIN))
		return keep(state, step, call->id, owner, REFUSED);
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
		process_of(state, step->thread)->unborn++;
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

static const char *verb_of(const struct call *call)
{
	switch (effect_of(call->event)) {
	case CT_EFFECT_THREAD_JOIN:
		return "joins";
	case CT_EFFECT_THREAD_DETACH:
		return "detaches";
	case CT_EFFECT_THREAD_CANCEL:
		return "cancels";
	default:
		return "sends a signal to";
	}
}

/* ", which main has joined already"; ", which detached itself" */
static const char *why_of(struct ct_arena *arena, const struct call *call)
{
	const struct owner *owner = &call->owner;
	const struct ct_thread *by = owner->deed.thread;

	switch (owner->fate) {
	case LIVE:
		return ct_arena_printf(arena, "while %s does", owner->joining.thread->name);
	case JOINED:
		if (by == call->caller)
			return "which it has joined already";
		return ct_arena_printf(arena, "which %s has joined already", by->name);
	case DETACHED:
		if (by == owner->thread)
			return "which detached itself";
		if (by == call->caller)
			return "which it has detached";
		return ct_arena_printf(arena, "which %s has detached", by->name);
	default:
		return "which was created detached";
	}
}

static void add_places(struct ct_misuse *misuse, const struct call *call)
{
	static const char *const calls[] = {"joins it", "detaches it", "cancels it", "calls it"};
	const struct owner *owner = &call->owner;
	const struct ct_deed *deed = owner->fate == LIVE ? &owner->joining : &owner->deed;
	const char *verb = verb_of(call);
	size_t which = verb[0] == 'j' ? 0 : verb[0] == 'd' ? 1 : verb[0] == 'c' ? 2 : 3;

	ct_misuse_place(misuse, call->caller, call->deed.stack, call->deed.time, calls[which]);
	ct_misuse_place(misuse, deed->thread, deed->stack, deed->time,
			owner->fate == LIVE	? "joins it, too"
			: owner->fate == JOINED ? "joined it"
						: "detached it");
	if (owner->thread->creator && owner->thread->create_stack)
		ct_misuse_place(misuse, owner->thread->creator, owner->thread->create_stack, 0,
				owner->fate == BORN_DETACHED ? "created it detached"
							     : "created it");
}

/* Two joined it at a time, unless the first gave up, as its time was over or it was cancelled. */
static bool was_simultaneous(const struct call *call)
{
	const struct ct_deed *first = &call->owner.joining;

	return call->outcome == REFUSED || call->both ||
	       (first->thread->wait.kind == CT_WAIT_JOIN &&
		first->thread->wait.since == first->time);
}

/* A call that never returned crashed, or hung; one that was refused was refused for that. */
static bool is_told(const struct state *state, const struct call *call)
{
	if (call->outcome == FREE || call->owner.fate == UNKNOWN)
		return false;
	if (!call->certain && process_of(state, call->caller)->unborn)
		return false;
	return call->owner.fate != LIVE || was_simultaneous(call);
}

static enum ct_status report(struct state *state, const struct call *call)
{
	struct ct_misuse misuse = ct_misuse_of(&join_invalid, NULL);
	struct ct_arena *arena = &state->misuses->arena;
	const char *why = why_of(arena, call);

	if (!why)
		return CT_ENOMEM;
	misuse.headline = ct_arena_printf(arena, "%s %s %s%s%s", call->caller->name, verb_of(call),
					  call->owner.thread->name,
					  call->owner.fate == LIVE ? " " : ", ", why);
	add_places(&misuse, call);
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < state->call_count; i++)
		if (is_told(state, &state->calls[i]))
			status = report(state, &state->calls[i]);
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
