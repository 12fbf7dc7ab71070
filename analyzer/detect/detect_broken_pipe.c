/*
 * A thread writes to a pipe that nobody can read any more: SIGPIPE ends the program, or the write
 * fails with EPIPE, which the program does not look at. In a pipeline of a shell that is how the
 * first programs end, so only pipes count that the program made for itself.
 */
#include "detect/detector.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/vec.h"
#include "detect/misuse.h"
#include "detect/pipe_past.h"
#include "model/ends.h"

static const struct ct_rule broken_pipe = {
	.id = "broken-pipe",
	.title = "a pipe is written to that nobody reads any more",
	.help = "Stop writing when the reader has gone: ignore SIGPIPE (signal(SIGPIPE, SIG_IGN)) "
		"and look for EPIPE; or let the reader live until the writer is done.",
	.severity = CT_WARNING,
	.family = CT_FAMILY_MISUSE,
};

/* Of the writes that fail with EPIPE the first shows that the reader has gone; a buffer that is
 * written out as its file is closed may make one more. */
enum { ALLOWED = 2 };

/* Writes of a thread to a pipe that failed with EPIPE. */
struct refused {
	struct ct_deed first;
	unsigned count;
};

struct state {
	struct ct_misuses *misuses;
	struct ct_pipe_pasts pasts;
	struct ct_map index; /* mix of thread and object: place in `refused` */
	struct refused *refused;
	size_t count, cap;
};

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state = calloc(1, sizeof(*state));
	void *misuses = NULL;

	(void)model;
	if (!state || ct_misuses_new(&misuses)) {
		free(state);
		return CT_ENOMEM;
	}
	state->misuses = misuses;
	ct_pipe_pasts_init(&state->pasts);
	ct_map_init(&state->index);
	*out_state = state;
	return CT_OK;
}

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_pipe_pasts_fini(&state->pasts);
	ct_map_fini(&state->index);
	free(state->refused);
	free(state);
}

/* The process that ended last of those that still could read it then, or NULL. */
static const struct ct_process *last_to_end(const struct ct_model *model,
					    const struct ct_pipe_pasts *pasts,
					    const struct ct_object *pipe)
{
	const struct ct_process *last = NULL;
	uint64_t time = 0;

	for (size_t i = 0; i < model->process_count; i++) {
		const struct ct_process *process = model->processes[i];
		struct ct_process_end ended = ct_process_end_of(pasts, process);

		if (!ended.exit.thread || ended.exit.time < time ||
		    !ct_descriptor_held(process, pipe, CT_END_READ, 0))
			continue;
		last = process;
		time = ended.exit.time;
	}
	return last;
}

/* How the last reader went, and where the pipe comes from. */
static void add_history(struct state *state, const struct ct_model *model,
			const struct ct_pipe_past *past, struct ct_misuse *misuse)
{
	const struct ct_object *far = ct_far_end(past->object);
	const struct ct_pipe_past *readers = ct_pipe_past_of(&state->pasts, far);
	const struct ct_process *ended = last_to_end(model, &state->pasts, far);
	struct ct_deed closed = readers ? readers->closed : past->closed;
	struct ct_deed ending = {.thread = NULL};

	if (ended)
		ending = ct_process_end_of(&state->pasts, ended).exit;
	if (ending.thread && (!closed.thread || ending.time > closed.time))
		ct_misuse_place(misuse, ending.thread, ending.stack, ending.time,
				"ended its process, which was the last that could read it");
	else
		ct_misuse_place(misuse, closed.thread, closed.stack, closed.time,
				"closed the last descriptor to read it by");
	ct_misuse_place(misuse, past->made.thread, past->made.stack, past->made.time, "made it");
}

/* In a forked child, and with sockets, death by SIGPIPE may be meant, or come from outside. */
static enum ct_severity severity_of(const struct ct_pipe_past *past,
				    const struct ct_process *process)
{
	return past->object->kind == CT_OBJECT_PIPE && process == past->made.thread->process
		       ? CT_ERROR
		       : CT_WARNING;
}

static bool nobody_reads(const struct ct_model *model, const struct ct_pipe_past *past,
			 const struct ct_wait *wait)
{
	return past->object->kind == CT_OBJECT_PIPE && wait->event == CT_EV_WRITE &&
	       ct_is_nameless(model, past->object) && !ct_descriptors_may_travel(model) &&
	       past->closed.time < wait->since && !ct_end_is_open(model, past->object, CT_END_READ);
}

/* Its last record is the request, and it was not seen to end by itself. Where nobody saw how it
 * ended, the pipe must tell. */
static bool died_of_it(const struct state *state, const struct ct_model *model,
		       const struct ct_pipe_past *past, const struct ct_thread *thread)
{
	struct ct_process_end ended = ct_process_end_of(&state->pasts, thread->process);

	if (thread->exited || ended.exit.thread || model->trace->until)
		return false;
	if (ended.reaped)
		return WIFSIGNALED((int)ended.status) && WTERMSIG((int)ended.status) == SIGPIPE;
	return nobody_reads(model, past, &thread->wait);
}

static enum ct_status look_at_last_write(struct state *state, const struct ct_model *model,
					 const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;
	const struct ct_pipe_past *past = ct_pipe_past_of(&state->pasts, wait->object);
	struct ct_misuse misuse = ct_misuse_of(&broken_pipe, wait->object);

	if (wait->kind != CT_WAIT_WRITE || !past ||
	    !ct_pipe_is_own(model, past, thread->process, CT_END_WRITE) ||
	    !died_of_it(state, model, past, thread))
		return CT_OK;
	misuse.severity = severity_of(past, thread->process);
	misuse.headline = ct_arena_printf(
		&state->misuses->arena,
		"%s writes to " CT_ITS_OBJECT
		", which nobody reads any more, and SIGPIPE ends it (status %d in a shell)",
		thread->name, 128 + SIGPIPE);
	if (past->object->kind == CT_OBJECT_SOCKET)
		misuse.fix = "Send with MSG_NOSIGNAL, or ignore SIGPIPE, and look for EPIPE.";
	ct_misuse_place(&misuse, thread, wait->stack, wait->since, "writes to it");
	add_history(state, model, past, &misuse);
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status count_refusal(struct state *state, const struct ct_step *step,
				    struct refused **out_refused)
{
	uint64_t key = ct_map_mix(ct_map_mix(step->object->id) ^ step->thread->id), place;
	enum ct_status status;

	if (!ct_map_get(&state->index, key, &place)) {
		place = state->count;
		status = ct_vec_grow(&state->refused, &state->cap, place + 1,
				     sizeof(*state->refused));
		if (status == CT_OK)
			status = ct_map_put(&state->index, key, place);
		if (status)
			return status;
		state->refused[state->count++] = (struct refused){.first = ct_deed_of(step)};
	}
	*out_refused = &state->refused[place];
	(*out_refused)->count++;
	return CT_OK;
}

static enum ct_status refused_write(struct state *state, const struct ct_model *model,
				    const struct ct_step *step)
{
	const struct ct_pipe_past *past = ct_pipe_past_of(&state->pasts, step->object);
	struct ct_misuse misuse = ct_misuse_of(&broken_pipe, step->object);
	struct refused *refused = NULL;
	enum ct_status status;

	if (!past || past->object->kind != CT_OBJECT_PIPE)
		return CT_OK;
	status = count_refusal(state, step, &refused);
	if (status || refused->count != ALLOWED + 1 ||
	    !ct_pipe_is_own(model, past, step->thread->process, CT_END_WRITE))
		return status;
	misuse.headline = ct_arena_printf(&state->misuses->arena,
					  "%s goes on writing to " CT_ITS_OBJECT
					  ", which nobody reads any more (EPIPE)",
					  step->thread->name);
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			"writes to it again");
	ct_misuse_place(&misuse, refused->first.thread, refused->first.stack, refused->first.time,
			"wrote to it, and got EPIPE");
	add_history(state, model, past, &misuse);
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	const struct ct_event_info *call = NULL;
	enum ct_status status = ct_pipe_pasts_step(&state->pasts, step);
	int error;

	if (status == CT_OK && step->object && ct_misuse_failure(step, &call, &error) && call &&
	    call->effect == CT_EFFECT_WRITE && error == EPIPE)
		status = refused_write(state, model, step);
	return status;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; status == CT_OK && i < model->thread_count; i++)
		status = look_at_last_write(state, model, model->threads[i]);
	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&broken_pipe, NULL};

static const int wants[] = {
	CT_EFFECT_FD_OPEN,	CT_EFFECT_FD_PAIR, CT_EFFECT_FD_CLOSE, CT_EFFECT_PROCESS_WAIT,
	CT_EFFECT_PROCESS_EXIT, CT_EFFECT_FAILURE, CT_WANTS_END,
};

const struct ct_detector ct_detect_broken_pipe = {
	.name = "broken_pipe",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
