/*
 * A lock that is never given back, as its holder ends: a thread; or a process, of a lock in memory
 * that processes share. Who waits for it in vain is told by orphaned-lock, which says the same.
 *
 * Of locks that only one process has, its end makes an end, too. So that is a note, and only where
 * the program ended as if all was well, by the thread that holds the lock.
 */
#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "detect/misuse.h"
#include "model/holders.h"
#include "model/past.h"
#include "model/process_end.h"

static const struct ct_rule exit_holding = {
	.id = "exit-holding-lock",
	.title = "a thread or process ends with a lock that it holds",
	.help = "Give the lock back on every way out, also by pthread_exit, cancellation "
		"(pthread_cleanup_push), an exception and exit.",
	.severity = CT_WARNING,
	.family = CT_FAMILY_MISUSE,
};

enum { HOLDS_MAX = 1000 }; /* that are watched */

enum how { THREAD_ENDS, PROCESS_ENDS, ANOTHER_ENDS, EXECS };

/* A lock whose holder is gone. */
struct hold {
	enum how how;
	bool over;	/* somebody gave it back, or got it, or the holder lives on */
	bool destroyed; /* it is over by that, unless the thread's next record says: refused */
	const struct ct_thread *holder, *ender;
	struct ct_held_lock lock;
	struct ct_deed asked;	/* the first who asked for it since and had to wait */
	struct ct_deed refused; /* who destroyed it in vain, as it is locked */
	struct ct_deed buried;	/* or so that nothing refuses it: mtx_destroy */
	uint64_t index;		/* of the step that ended the holder */
};

struct state {
	struct ct_misuses *misuses;
	struct ct_map newest; /* object id: index in holds of its newest */
	struct ct_map begun;  /* process number: index of the last step that began something new */
	struct hold *holds;
	size_t count, cap;
};

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_map_fini(&state->newest);
	ct_map_fini(&state->begun);
	free(state->holds);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state = calloc(1, sizeof(*state));
	enum ct_status status;
	void *misuses = NULL;

	(void)model;
	if (!state)
		return CT_ENOMEM;
	ct_map_init(&state->newest);
	ct_map_init(&state->begun);
	status = ct_misuses_new(&misuses);
	state->misuses = misuses;
	if (status)
		end(state);
	else
		*out_state = state;
	return status;
}

/* Whether the lock should have been given back. The program's own locks have rules of their own; a
 * robust mutex tells its next holder; a shared one that others initialised may be robust. What a
 * fork copied was not locked by the child. */
static bool should_be_free(const struct ct_held_lock *lock)
{
	const struct ct_object *object = lock->object;

	if (object->kind == CT_OBJECT_USER_LOCK || !lock->stack)
		return false;
	if (object->kind != CT_OBJECT_MUTEX)
		return true;
	return (object->process || object->initialised) && !ct_is_robust(object);
}

/* On its stack, or in its thread-local storage, which glibc puts between the stack and what its
 * pthread_t points at. */
static bool ends_with(const struct ct_thread *thread, const struct ct_object *object)
{
	uint64_t high = thread->stack_low + thread->stack_size;

	if (!object->process || !thread->stack_low || object->address < thread->stack_low)
		return false;
	return object->address < (thread->pthread > high ? thread->pthread : high);
}

static enum ct_status keep(struct state *state, const struct ct_step *step, enum how how,
			   const struct ct_thread *holder, const struct ct_held_lock *lock)
{
	enum ct_status status;

	if (state->count == HOLDS_MAX || !should_be_free(lock))
		return CT_OK;
	status = ct_vec_grow(&state->holds, &state->cap, state->count + 1, sizeof(*state->holds));
	if (status == CT_OK)
		status = ct_map_put(&state->newest, lock->object->id, state->count);
	if (status == CT_OK)
		state->holds[state->count++] = (struct hold){
			.how = how,
			.holder = holder,
			.ender = step->thread,
			.lock = *lock,
			.index = step->index,
		};
	return status;
}

static enum ct_status thread_ends(struct state *state, const struct ct_step *step)
{
	const struct ct_thread *thread = step->thread;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < thread->held_count && state->count < HOLDS_MAX; i++)
		if (!ends_with(thread, thread->held[i].object))
			status = keep(state, step, THREAD_ENDS, thread, &thread->held[i]);
	return status;
}

/* The locks of the thread by which the process ends, and what others have of shared ones. */
static enum ct_status process_ends(struct state *state, const struct ct_step *step)
{
	const struct ct_process *process = step->thread->process;
	bool all_well = step->effect == CT_EFFECT_PROCESS_EXIT && !step->record->object;
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < process->thread_count; i++) {
		const struct ct_thread *holder = process->threads[i];
		enum how how = step->effect == CT_EFFECT_EXEC ? EXECS
			       : holder == step->thread	      ? PROCESS_ENDS
							      : ANOTHER_ENDS;

		if (holder->exited || (how == EXECS && holder != step->thread))
			continue;
		for (size_t k = 0; !status && k < holder->held_count; k++)
			if (!holder->held[k].object->process || (all_well && how == PROCESS_ENDS))
				status = keep(state, step, how, holder, &holder->held[k]);
	}
	return status;
}

/* The exec failed: the thread goes on, with its locks. */
static void lives_on(struct state *state, const struct ct_thread *thread)
{
	for (size_t i = state->count; i-- > 0;)
		if (state->holds[i].how == EXECS && state->holds[i].holder == thread)
			state->holds[i].over = true;
}

static bool takes(enum ct_effect effect)
{
	return effect == CT_EFFECT_ACQUIRE || effect == CT_EFFECT_ACQUIRE_SHARED;
}

/* Whether who wants the lock so is kept out. */
static bool excludes(const struct hold *hold, enum ct_effect effect)
{
	return effect == CT_EFFECT_ACQUIRE || hold->lock.mode == CT_MODE_EXCLUSIVE;
}

static bool holds(const struct ct_thread *thread, const struct ct_object *lock)
{
	for (size_t i = 0; i < thread->held_count; i++)
		if (thread->held[i].object == lock)
			return true;
	return false;
}

/* A release by who has it, too (a reader), is of his own share. */
static bool frees(const struct ct_step *step)
{
	return step->effect == CT_EFFECT_INIT || step->effect == CT_EFFECT_DESTROY ||
	       (step->effect == CT_EFFECT_RELEASE && !holds(step->thread, step->object));
}

/* A mutex that is destroyed is told by glibc to be locked: nobody has given it back. */
static void note_refusal(struct hold *hold, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	int error = 0;

	if (ct_misuse_failure(step, &call, &error) && call && error == EBUSY &&
	    call->effect == CT_EFFECT_DESTROY) {
		hold->over = false;
		hold->refused = ct_deed_of(step);
	}
	hold->destroyed = false;
}

/* Somebody else does something with a lock whose holder is gone. */
static void note_use(struct hold *hold, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	enum ct_effect effect = step->effect;
	bool in_vain = step->request;
	int error = 0;

	if (ct_misuse_failure(step, &call, &error)) {
		in_vain = error == EBUSY || error == ETIMEDOUT;
		effect = call ? call->effect : CT_EFFECT_NOTE;
		if (!in_vain)
			return;
	}
	if (takes(effect) && !excludes(hold, effect))
		return;
	if (takes(effect) && in_vain && !hold->asked.thread)
		hold->asked = ct_deed_of(step);
	else if (takes(effect) ? !in_vain : frees(step))
		hold->over = true;
	hold->destroyed = effect == CT_EFFECT_DESTROY;
	if (step->record->event == CT_EV_MTX_DESTROY && hold->how == THREAD_ENDS)
		hold->buried = ct_deed_of(step);
}

/* A program that is about to end makes nothing new. */
static bool begins_something(enum ct_effect effect)
{
	return effect == CT_EFFECT_THREAD_CREATE || effect == CT_EFFECT_FORK ||
	       effect == CT_EFFECT_INIT;
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	const struct ct_event_info *call = NULL;
	uint64_t index;
	int error = 0;

	(void)model;
	switch (step->effect) {
	case CT_EFFECT_THREAD_EXIT:
		return step->thread->exited ? CT_OK : thread_ends(state, step);
	case CT_EFFECT_PROCESS_EXIT:
		return step->thread->process->exited ? CT_OK : process_ends(state, step);
	case CT_EFFECT_EXEC:
		return process_ends(state, step);
	default:
		break;
	}
	if (!state->count)
		return CT_OK;
	if (begins_something(step->effect) &&
	    ct_map_put(&state->begun, step->thread->process->number, step->index))
		return CT_ENOMEM;
	if (ct_misuse_failure(step, &call, &error) && call && call->effect == CT_EFFECT_EXEC)
		lives_on(state, step->thread);
	if (!step->object || !ct_map_get(&state->newest, step->object->id, &index))
		return CT_OK;
	if (state->holds[index].destroyed)
		note_refusal(&state->holds[index], step);
	else if (!state->holds[index].over)
		note_use(&state->holds[index], step);
	return CT_OK;
}

/* Whether a finding about threads that wait names the lock. */
static bool is_told(const struct ct_findings *findings, const struct ct_object *lock)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];

		for (size_t k = 0; ct_finding_hang(finding) && k < finding->step_count; k++)
			if (finding->steps[k].wants == lock)
				return true;
	}
	return false;
}

/* Who ends the process may want to keep others out meanwhile. */
static bool keeps_out(const struct hold *hold, const struct ct_model *model)
{
	if (hold->how != PROCESS_ENDS || !hold->lock.object->process)
		return false;
	for (size_t i = 0; i < model->thread_count; i++)
		if (model->threads[i]->wait.object == hold->lock.object)
			return true;
	return false;
}

static bool stands(const struct hold *hold, const struct ct_model *model,
		   const struct ct_findings *findings)
{
	const struct ct_object *lock = hold->lock.object;

	if (hold->buried.thread)
		return !is_told(findings, lock);
	if (keeps_out(hold, model) || hold->over || ct_past_ended(lock) || is_told(findings, lock))
		return false;
	if (hold->how == ANOTHER_ENDS && !hold->asked.thread)
		return false; /* it may have been about to give it back */
	return hold->how == EXECS || holds(hold->holder, lock);
}

/* A thread that nobody joins, in a program that ends: it may stop so on purpose, to keep others out
 * meanwhile. */
static bool ends_with_process(const struct state *state, const struct hold *hold)
{
	const struct ct_process *process = hold->holder->process;
	uint64_t begun = 0;

	ct_map_get(&state->begun, process->number, &begun);
	return hold->how == THREAD_ENDS && hold->lock.object->process && !hold->holder->joined &&
	       begun < hold->index && ct_process_ended_itself(process);
}

static enum ct_severity severity_of(const struct state *state, const struct hold *hold)
{
	if (hold->asked.thread)
		return CT_ERROR;
	if (hold->how == PROCESS_ENDS && hold->lock.object->process)
		return CT_NOTE;
	return ends_with_process(state, hold) ? CT_NOTE : CT_WARNING;
}

static const char *headline_of(struct ct_arena *arena, const struct hold *hold)
{
	static const char *const hows[] = {
		[THREAD_ENDS] = "ends",
		[PROCESS_ENDS] = "ends its process",
		[ANOTHER_ENDS] = "ends with its process",
		[EXECS] = "runs another program",
	};
	const char *shared = hold->lock.object->process || hold->how == THREAD_ENDS
				     ? ""
				     : ", which processes share";

	if (hold->lock.depth > 1)
		return ct_arena_printf(
			arena,
			"%s %s and has " CT_ITS_OBJECT "%s, which it locked %u times more "
			"than it unlocked it",
			hold->holder->name, hows[hold->how], shared, hold->lock.depth);
	return ct_arena_printf(arena, "%s %s and holds " CT_ITS_OBJECT "%s", hold->holder->name,
			       hows[hold->how], shared);
}

static enum ct_status report(struct state *state, const struct hold *hold)
{
	struct ct_misuse misuse = ct_misuse_of(&exit_holding, hold->lock.object);
	const struct ct_thread *holder = hold->holder;

	misuse.severity = severity_of(state, hold);
	misuse.headline = headline_of(&state->misuses->arena, hold);
	ct_misuse_place(&misuse, holder, hold->lock.stack, hold->lock.since,
			hold->lock.mode == CT_MODE_SHARED ? "locked it for reading, and never "
							    "unlocked it"
							  : "locked it, and never unlocked it");
	ct_misuse_place(&misuse, hold->asked.thread, hold->asked.stack, hold->asked.time,
			"asked for it after that, in vain");
	ct_misuse_place(&misuse, hold->refused.thread, hold->refused.stack, hold->refused.time,
			"destroyed it after that, in vain (EBUSY)");
	ct_misuse_place(&misuse, hold->buried.thread, hold->buried.stack, hold->buried.time,
			"destroyed it after that, locked as it was");
	if (hold->how == THREAD_ENDS && holder->creator && holder->create_stack)
		ct_misuse_place(&misuse, holder->creator, holder->create_stack, 0,
				"created the thread that ended");
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < state->count; i++)
		if (stands(&state->holds[i], model, findings))
			status = report(state, &state->holds[i]);
	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&exit_holding, NULL};

const struct ct_detector ct_detect_exit_holding = {
	.name = "exit_holding",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
