/*
 * Calls in signal handlers that are not async-signal-safe: what the handler interrupted may be in
 * the middle of such a call. What that can come to is told by what the thread does outside of its
 * handlers while the signal is not blocked:
 *
 *   it holds the lock that the handler locks	error, predicted
 *   it was interrupted within stdio, by stdio	error
 *   it makes such calls			warning: POSIX leaves undefined what happens
 *   it only waits where that is allowed		note
 */
#include "detect/detector.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "detect/handler_call.h"
#include "detect/handler_runs.h"
#include "detect/handler_same.h"
#include "detect/misuse.h"
#include "model/holders.h"
#include "model/unsafe_calls.h"

#define CALLS_MAX 4096u
#define HOLDS_MAX (1u << 20)

const struct ct_rule ct_rule_in_handler = {
	.id = "lock-in-signal-handler",
	.title = "a signal handler calls what is not async-signal-safe",
	.help = "Do not lock, allocate or print in a signal handler: let it set a flag, write() to "
		"a pipe or an eventfd, or post a semaphore, and do the work in a thread; or block "
		"the signal except where the program waits for it (sigsuspend, ppoll).",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

/* A thread took a lock, or set a handler. */
struct deed {
	const struct ct_thread *thread;
	uint32_t stack;
	uint64_t time;
	uint64_t open; /* handled signals that were not blocked */
};

/* What a handler calls, in one thread. */
struct call {
	const struct ct_thread *thread;
	const struct ct_object *object; /* or NULL */
	const char *api;
	uint64_t function, time;
	uint32_t signal, stack;
	bool locks, stdio, unsafe; /* unsafe: of unsafe.def */
	bool leaving;		   /* the handler called pthread_exit before */
	uint64_t open;		   /* of UNSAFE_CALL: the thread makes such calls outside */
	enum ct_interrupted interrupted;
	uint16_t interrupted_call;
	uint64_t same; /* at the end: equal for the same call of another process */
};

struct state {
	struct ct_misuses *misuses;
	struct ct_handler_runs runs;
	struct call *calls;
	size_t call_count, call_cap;
	struct ct_map call_of; /* hash: index */
	struct deed *deeds;
	size_t deed_count, deed_cap;
	struct ct_map hold_of;	 /* thread << 32 | object: index in deeds */
	struct ct_map action_of; /* process << 8 | signal: index in deeds */
	struct ct_map handled;	 /* process: signals that have a handler */
	struct ct_map calling;	 /* thread: signals that were open when it made such calls */
	struct ct_map callers;	 /* at the end: `same` of a call: processes that make it */
	struct ct_map told;	 /* at the end: `same` */
};

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state = calloc(1, sizeof(*state));
	void *misuses;
	enum ct_status status;

	(void)model;
	if (!state)
		return CT_ENOMEM;
	status = ct_misuses_new(&misuses);
	if (status) {
		free(state);
		return status;
	}
	state->misuses = misuses;
	ct_map_init(&state->call_of);
	ct_map_init(&state->hold_of);
	ct_map_init(&state->action_of);
	ct_map_init(&state->handled);
	ct_map_init(&state->calling);
	ct_map_init(&state->callers);
	ct_map_init(&state->told);
	*out_state = state;
	return CT_OK;
}

static uint64_t get(const struct ct_map *map, uint64_t key)
{
	uint64_t value = 0;

	(void)ct_map_get(map, key, &value);
	return value;
}

/* The deed of the key, a new one if there was none; NULL: out of memory. */
static struct deed *deed_at(struct state *state, struct ct_map *map, uint64_t key)
{
	uint64_t index;

	if (ct_map_get(map, key, &index))
		return &state->deeds[index];
	index = state->deed_count;
	if (ct_vec_grow(&state->deeds, &state->deed_cap, index + 1, sizeof(*state->deeds)) ||
	    ct_map_put(map, key, index))
		return NULL;
	state->deeds[state->deed_count++] = (struct deed){0};
	return &state->deeds[index];
}

static const struct deed *find_deed(const struct state *state, const struct ct_map *map,
				    uint64_t key)
{
	uint64_t index;

	return ct_map_get(map, key, &index) ? &state->deeds[index] : NULL;
}

static void do_deed(struct deed *deed, const struct ct_step *step, uint64_t open)
{
	*deed = (struct deed){step->thread, step->record->stack, step->record->time,
			      deed->open | open};
}

static uint64_t action_key(const struct ct_process *process, uint64_t signal)
{
	return (uint64_t)process->number << 8 | signal;
}

/* 0 and 1 are SIG_DFL and SIG_IGN. */
static enum ct_status set_action(struct state *state, const struct ct_step *step)
{
	uint32_t process = step->thread->process->number;
	uint64_t bit = ct_signal_bit(step->record->object), handled = get(&state->handled, process);
	struct deed *deed;
	enum ct_status status;

	if (!bit)
		return CT_OK;
	handled = step->record->arg > 1 ? handled | bit : handled & ~bit;
	status = ct_map_put(&state->handled, process, handled);
	if (status || step->record->arg <= 1)
		return status;
	deed = deed_at(state, &state->action_of,
		       action_key(step->thread->process, step->record->object));
	if (!deed)
		return CT_ENOMEM;
	do_deed(deed, step, 0);
	return CT_OK;
}

static uint64_t hold_key(const struct ct_thread *thread, const struct ct_object *object)
{
	return (uint64_t)thread->id << 32 | object->id;
}

/* Signals whose handlers may come now. */
static uint64_t open_of(struct state *state, const struct ct_thread *thread)
{
	return get(&state->handled, thread->process->number) &
	       ~ct_handler_runs_of(&state->runs, thread)->blocked;
}

/* Outside of handlers such a call is made. */
static enum ct_status calls_unsafe(struct state *state, const struct ct_step *step)
{
	uint64_t known = get(&state->calling, step->thread->id);
	uint64_t open = open_of(state, step->thread);

	return open & ~known ? ct_map_put(&state->calling, step->thread->id, known | open) : CT_OK;
}

/* Outside of handlers a lock is taken: where, with as many signals open as possible. */
static enum ct_status takes(struct state *state, const struct ct_step *step)
{
	const struct ct_thread *thread = step->thread;
	uint64_t open = open_of(state, thread);
	const struct deed *known =
		find_deed(state, &state->hold_of, hold_key(thread, step->object));
	struct deed *deed;

	if (!open || (known && !(open & ~known->open)) || state->deed_count >= HOLDS_MAX)
		return CT_OK;
	deed = deed_at(state, &state->hold_of, hold_key(thread, step->object));
	if (!deed)
		return CT_ENOMEM;
	do_deed(deed, step, open);
	return calls_unsafe(state, step);
}

/* False: it may stand in a handler, or cannot do harm there. */
static bool is_unsafe(const struct ct_step *step, struct call *out_call)
{
	uint64_t which = step->record->object;

	out_call->api = step->info->api;
	switch (step->effect) {
	case CT_EFFECT_NOTE:
		if (step->record->event == CT_EV_THREAD_EXIT_CALL)
			return true;
		if (step->record->event != CT_EV_UNSAFE_CALL)
			return false;
		out_call->api = ct_unsafe_name(which);
		out_call->unsafe = true;
		out_call->stdio = ct_unsafe_is_stdio(which);
		out_call->open = step->record->arg & CT_UNSAFE_OPEN;
		return out_call->api;
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		out_call->locks = true;
		out_call->object = step->object;
		return step->object && step->object->kind != CT_OBJECT_USER_LOCK &&
		       !(step->record->flags & CT_F_TRY);
	case CT_EFFECT_WAIT:
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_BARRIER:
	case CT_EFFECT_ONCE:
	case CT_EFFECT_SEM_WAIT:
		out_call->object = step->object;
		return step->object && !(step->record->flags & CT_F_TRY);
	case CT_EFFECT_THREAD_CREATE:
	case CT_EFFECT_THREAD_JOIN:
		return !(step->record->flags & CT_F_TRY);
	default:
		return false;
	}
}

static uint64_t key_of(const struct call *call)
{
	uint64_t key = ct_map_mix(call->function ^ (uint64_t)call->signal << 56);

	key = ct_map_mix(key ^ call->thread->process->number);
	key = ct_map_mix(key ^ (call->object ? call->object->id + UINT64_C(1) : 0));
	return ct_map_mix(key ^ (uintptr_t)call->api);
}

/* Of a call that a handler makes again and again, the worst. */
static enum ct_status keep(struct state *state, const struct call *call)
{
	uint64_t key = ct_map_mix(key_of(call) ^ call->thread->id), index;
	enum ct_status status;

	if (ct_map_get(&state->call_of, key, &index)) {
		struct call *known = &state->calls[index];

		if (call->leaving)
			return CT_OK;
		if (call->interrupted > known->interrupted || call->open > known->open) {
			uint64_t open = known->open | call->open;
			enum ct_interrupted interrupted = known->interrupted;

			if (call->interrupted >= interrupted)
				*known = *call;
			known->open = open;
		}
		return CT_OK;
	}
	if (state->call_count == CALLS_MAX)
		return CT_OK;
	status = ct_vec_grow(&state->calls, &state->call_cap, state->call_count + 1,
			     sizeof(*state->calls));
	if (status == CT_OK)
		status = ct_map_put(&state->call_of, key, state->call_count);
	if (status == CT_OK)
		state->calls[state->call_count++] = *call;
	return status;
}

static enum ct_status in_handler(struct state *state, const struct ct_step *step,
				 const struct ct_handler_run *run)
{
	struct call call = {
		.thread = step->thread,
		.function = run->function,
		.signal = run->signal,
		.stack = step->record->stack,
		.time = step->record->time,
		.interrupted = run->interrupted,
		.interrupted_call = run->call,
		.leaving = ct_handler_runs_of(&state->runs, step->thread)->leaving,
	};

	return run->awaited || !is_unsafe(step, &call) ? CT_OK : keep(state, &call);
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	const struct ct_handler_run *run;
	enum ct_status status;

	if (model->trace->text)
		return CT_OK;
	status = ct_handler_runs_step(&state->runs, model, step);
	if (status)
		return status;
	if (step->record->event == CT_EV_SIGACTION)
		return set_action(state, step);
	if (step->effect == CT_EFFECT_HANDLER_ENTER || step->effect == CT_EFFECT_HANDLER_LEAVE)
		return CT_OK;
	run = ct_handler_runs_at(&state->runs, model, step);
	if (run)
		return in_handler(state, step, run);
	if (ct_handler_runs_open(&state->runs, step->thread))
		return CT_OK;
	if ((step->effect == CT_EFFECT_ACQUIRE || step->effect == CT_EFFECT_ACQUIRE_SHARED) &&
	    step->object && !step->request)
		return takes(state, step);
	return is_unsafe(step, &(struct call){0}) ? calls_unsafe(state, step) : CT_OK;
}

/* What is known of a call, from the worst. */
enum harm { NO_HARM, ALLOWED, UNDEFINED, IN_STDIO, HOLDS_IT };

static enum harm harm_of(struct state *state, const struct call *call)
{
	uint64_t bit = ct_signal_bit(call->signal);
	const struct deed *hold = call->locks ? find_deed(state, &state->hold_of,
							  hold_key(call->thread, call->object))
					      : NULL;

	if (hold && hold->open & bit)
		return ct_is_recursive(call->object) ? UNDEFINED : HOLDS_IT;
	if (call->leaving)
		return NO_HARM; /* pthread_exit is told */
	if (call->stdio && call->interrupted == CT_INTERRUPTED_STDIO)
		return IN_STDIO;
	if (call->interrupted >= CT_INTERRUPTED_UNSAFE ||
	    (call->unsafe ? call->open : get(&state->calling, call->thread->id) & bit))
		return UNDEFINED;
	return ct_handler_runs_of(&state->runs, call->thread)->was_blocked & bit ? NO_HARM
										 : ALLOWED;
}

static const char *because_of(struct state *state, const struct call *call, enum harm harm)
{
	const struct ct_event_info *within = ct_event_info(call->interrupted_call);
	const char *because;

	if (harm == HOLDS_IT)
		return ", which may interrupt it while it holds that lock";
	if (harm == IN_STDIO)
		return ", which interrupted it within stdio";
	if (harm == ALLOWED)
		return ", which is right only while it interrupts nothing of the kind";
	if (call->interrupted == CT_INTERRUPTED_UNSAFE && within) {
		because = ct_arena_printf(&state->misuses->arena, ", which interrupted %s",
					  within->api);
		return because;
	}
	return ", which may interrupt it in the middle of such a call";
}

static const char *headline_of(struct state *state, const struct call *call, enum harm harm)
{
	const char *name = sigabbrev_np((int)call->signal), *because;
	struct ct_arena *arena = &state->misuses->arena;
	const char *what;

	if (call->locks)
		what = "locks " CT_ITS_OBJECT;
	else if (call->object)
		what = ct_arena_printf(arena, "calls %s of " CT_ITS_OBJECT, call->api);
	else
		what = ct_arena_printf(arena, "calls %s", call->api);
	because = because_of(state, call, harm);
	if (!what || !because)
		return NULL;
	return ct_arena_printf(arena, "%s %s in its handler of %s%s%s", call->thread->name, what,
			       name ? "SIG" : "a signal", name ? name : "", because);
}

/* "calls it in the handler, as 4 more processes do" */
static const char *place_of(struct state *state, const struct call *call)
{
	const char *text = call->locks ? "locks it in the handler" : "calls it in the handler";
	uint64_t others = get(&state->callers, call->same) - 1;

	if (!others)
		return text;
	return ct_arena_printf(&state->misuses->arena, "%s, as %llu more process%s", text,
			       (unsigned long long)others, others > 1 ? "es do" : " does");
}

static enum ct_status tell_call(struct state *state, const struct call *call, enum harm harm)
{
	static const enum ct_severity severities[] = {[ALLOWED] = CT_NOTE,
						      [UNDEFINED] = CT_WARNING,
						      [IN_STDIO] = CT_ERROR,
						      [HOLDS_IT] = CT_ERROR};
	struct ct_misuse misuse = ct_misuse_of(&ct_rule_in_handler, call->object);
	const struct deed *action = find_deed(state, &state->action_of,
					      action_key(call->thread->process, call->signal));
	const struct deed *hold;

	misuse.severity = severities[harm];
	if (harm == HOLDS_IT)
		misuse.evidence = CT_PREDICTED;
	misuse.headline = headline_of(state, call, harm);
	ct_misuse_place(&misuse, call->thread, call->stack, call->time, place_of(state, call));
	if (harm == HOLDS_IT) {
		hold = find_deed(state, &state->hold_of, hold_key(call->thread, call->object));
		ct_misuse_place(&misuse, hold->thread, hold->stack, hold->time,
				"locks it where the signal may come");
	}
	if (action)
		ct_misuse_place(&misuse, action->thread, action->stack, action->time,
				"set the handler");
	return ct_misuses_add(state->misuses, &misuse);
}

/* The handler hung in it: detect_deadlock has told that. */
static bool is_told(const struct ct_findings *findings, const struct ct_object *object)
{
	for (size_t i = 0; object && i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];

		if (finding->rule == &ct_rule_in_handler && finding->step_count &&
		    finding->steps[0].wants == object)
			return true;
	}
	return false;
}

static uint64_t same_of(const struct ct_modules *modules, const struct call *call)
{
	const struct ct_process *process = call->thread->process;
	uint64_t key = ct_same_address(modules, process, call->function, call->time);

	key = ct_map_mix(key ^ call->signal) ^ ct_same_program(process);
	key = ct_map_mix(key) ^ (call->object ? ct_same_object(modules, call->object) : 0);
	return ct_map_mix(ct_map_mix(key) ^ (uintptr_t)call->api);
}

/* In how many processes. */
static enum ct_status count_callers(struct state *state, const struct call *call)
{
	uint64_t one = ct_map_mix(call->same ^ ct_map_mix(call->thread->process->number + 1));
	enum ct_status status;

	if (harm_of(state, call) == NO_HARM || ct_map_get(&state->callers, one, NULL))
		return CT_OK;
	status = ct_map_put(&state->callers, one, 0);
	if (status)
		return status;
	return ct_map_put(&state->callers, call->same, get(&state->callers, call->same) + 1);
}

static enum ct_status find_same(struct state *state, const struct ct_model *model)
{
	struct ct_modules modules;
	enum ct_status status = ct_modules_init(&modules, model->trace, &state->misuses->arena);

	for (size_t i = 0; status == CT_OK && i < state->call_count; i++) {
		state->calls[i].same = same_of(&modules, &state->calls[i]);
		status = count_callers(state, &state->calls[i]);
	}
	ct_modules_fini(&modules);
	return status;
}

/* One of each function and what it calls, whichever threads and processes ran it: the worst. */
static enum ct_status tell_worst(struct state *state, const struct ct_findings *findings)
{
	enum ct_status status = CT_OK;

	for (int harm = HOLDS_IT; harm >= ALLOWED; harm--) {
		for (size_t i = 0; status == CT_OK && i < state->call_count; i++) {
			const struct call *call = &state->calls[i];

			if (harm_of(state, call) != (enum harm)harm ||
			    is_told(findings, call->object) ||
			    ct_map_get(&state->told, call->same, NULL))
				continue;
			status = ct_map_put(&state->told, call->same, 0);
			if (status == CT_OK)
				status = tell_call(state, call, harm);
		}
	}
	return status;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = find_same(state, model);

	if (status == CT_OK)
		status = tell_worst(state, findings);
	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_handler_runs_fini(&state->runs);
	free(state->calls);
	free(state->deeds);
	ct_map_fini(&state->call_of);
	ct_map_fini(&state->hold_of);
	ct_map_fini(&state->action_of);
	ct_map_fini(&state->handled);
	ct_map_fini(&state->calling);
	ct_map_fini(&state->callers);
	ct_map_fini(&state->told);
	free(state);
}

static const struct ct_rule *const rules[] = {&ct_rule_in_handler, NULL};

const struct ct_detector ct_detect_handler_call = {
	.name = "handler_call",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
