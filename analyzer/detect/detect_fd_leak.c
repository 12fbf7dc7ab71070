/*
 * An end of a pipe stays open in a program that was not meant to have it: it came through exec, as
 * nobody had said O_CLOEXEC, and the program never uses it. Who reads then waits for the end of
 * file until that program ends.
 *
 * Descriptors are handed on by intention as well (a job server's, a status pipe, those of
 * LISTEN_FDS), and that intention is not recorded. So nothing is said unless the end has other
 * users, all of them of the program that made it, or with the end as their standard input or
 * output; the number is that which pipe() gave, as what is meant for another program often gets a
 * number of its own; and it does not stand in the command line.
 */
#include "detect/detector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "detect/leak_uses.h"
#include "detect/misuse.h"

static const struct ct_rule fd_leak = {
	.id = "fd-leak",
	.title = "a program has an end of a pipe open that it never uses",
	.help = "Make the pipe with O_CLOEXEC (pipe2), or close its ends in the child between fork "
		"and exec.",
	.severity = CT_NOTE,
	.family = CT_FAMILY_MISUSE,
};

struct state {
	struct ct_misuses *misuses;
	struct ct_leak_uses uses;
	struct ct_map processes; /* number: index in the model's; made at the end */
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
	ct_leak_uses_init(&state->uses);
	ct_map_init(&state->processes);
	*out_state = state;
	return CT_OK;
}

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_leak_uses_fini(&state->uses);
	ct_map_fini(&state->processes);
	free(state);
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;

	(void)model;
	return ct_leak_uses_step(&state->uses, step);
}

/* Whether the number stands somewhere in the arguments, as "--fd=5" or "/dev/fd/63". */
static bool says_number(const char *command, uint32_t number)
{
	/* the program's own path may have any number in it */
	const char *text = command ? strchr(command, ' ') : NULL;

	while (text && *text) {
		char *rest;

		if (!isdigit((unsigned char)*text)) {
			text++;
			continue;
		}
		if (strtoul(text, &rest, 10) == number)
			return true;
		text = rest;
	}
	return false;
}

/* Made with that number, and not copied to it. */
static bool has_first_number(const struct ct_pipe_past *past, const struct ct_trace_fd *fd)
{
	return (fd->access == CT_END_READ && fd->fd == past->fds[0]) ||
	       (fd->access == CT_END_WRITE && fd->fd == past->fds[1]);
}

static const struct ct_process *process_of(const struct state *state, const struct ct_model *model,
					   uint32_t number)
{
	uint64_t index;

	return ct_map_get(&state->processes, number, &index) ? model->processes[index] : NULL;
}

/* Who else kept the end open until after `time`, as it ended or closed it later. */
static bool is_kept_by_others(const struct state *state, const struct ct_model *model,
			      const struct ct_leak_pipe *pipe, const struct ct_process *holder,
			      uint64_t time)
{
	if (pipe->closed_time > time)
		return true;
	for (size_t i = 0; i < model->process_count; i++) {
		const struct ct_process *other = model->processes[i];
		struct ct_process_end ended = ct_process_end_of(&state->uses.pasts, other);

		if (other != holder && (!ended.exit.thread || ended.exit.time > time) &&
		    ct_descriptor_held(other, pipe->object, CT_END_WRITE, 0))
			return true;
	}
	return false;
}

/* Whether a reader waited for the end of file until the process ended, though all others who could
 * write had gone. */
static bool did_harm(const struct state *state, const struct ct_model *model,
		     const struct ct_leak_pipe *pipe, const struct ct_process *holder,
		     const struct ct_trace_fd *fd)
{
	struct ct_process_end ended = ct_process_end_of(&state->uses.pasts, holder);

	return fd->access == CT_END_WRITE && pipe->eof.thread && ended.exit.thread &&
	       pipe->eof_since < ended.exit.time && ended.exit.time < pipe->eof.time &&
	       !is_kept_by_others(state, model, pipe, holder, ended.exit.time);
}

/* A hang at the pipe is told as such, with all who have the other end. */
static bool is_told(const struct ct_findings *findings, const struct ct_object *pipe)
{
	for (size_t i = 0; i < findings->count; i++)
		for (size_t k = 0; k < findings->items[i]->step_count; k++)
			if (findings->items[i]->steps[k].wants == pipe)
				return true;
	return false;
}

/* Both ends together may be meant for it, as a job server's are, unless they do harm. */
static bool is_leak(const struct state *state, const struct ct_model *model,
		    const struct ct_findings *findings, const struct ct_trace_fd *fd, bool harm)
{
	const struct ct_leak_pipe *pipe = ct_leak_pipe_of(&state->uses, fd->inode);
	const struct ct_pipe_past *past = ct_pipe_past_of(&state->uses.pasts, pipe->object);
	const struct ct_trace_image *image = ct_leak_image_of(&state->uses, model->trace, fd);

	return past && image && image->time > past->made.time && !pipe->handed_on &&
	       has_first_number(past, fd) && !ct_leak_is_used(&state->uses, fd, image->time) &&
	       (fd->access == CT_END_READ ? pipe->read : pipe->written) &&
	       (harm || !ct_leak_found_both(&state->uses, fd)) &&
	       !says_number(image->command, fd->fd) && !is_told(findings, pipe->object);
}

static enum ct_status tell(struct state *state, const struct ct_leak_pipe *pipe,
			   const struct ct_process *holder, const struct ct_trace_fd *fd, bool harm)
{
	const struct ct_pipe_past *past = ct_pipe_past_of(&state->uses.pasts, pipe->object);
	const struct ct_deed *start = ct_leak_start_of(&state->uses, fd->process, fd->image);
	struct ct_misuse misuse = ct_misuse_of(&fd_leak, pipe->object);

	if (!start)
		return CT_OK;
	misuse.headline = ct_arena_printf(
		&state->misuses->arena,
		"%s has the %s end of " CT_ITS_OBJECT
		" open as descriptor %u and never uses it%s%s%s",
		holder->threads[0]->name, fd->access == CT_END_READ ? "read" : "write", fd->fd,
		harm ? "; until it ends, " : "", harm ? pipe->eof.thread->name : "",
		harm ? " waits for the end of file" : "");
	ct_misuse_place(&misuse, start->thread, start->stack, start->time,
			"started the program with the descriptor open");
	ct_misuse_place(&misuse, past->made.thread, past->made.stack, past->made.time, "made it");
	if (harm) {
		misuse.severity = CT_WARNING;
		ct_misuse_place(&misuse, pipe->eof.thread, pipe->eof.stack, pipe->eof.time,
				"waited for the end of file");
	}
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status look_at(struct state *state, const struct ct_model *model,
			      const struct ct_findings *findings, const struct ct_trace_fd *fd)
{
	const struct ct_leak_pipe *pipe = ct_leak_pipe_of(&state->uses, fd->inode);
	const struct ct_process *holder = pipe ? process_of(state, model, fd->process) : NULL;
	bool harm;

	if (!holder || !holder->thread_count)
		return CT_OK;
	harm = did_harm(state, model, pipe, holder, fd);
	return is_leak(state, model, findings, fd, harm) ? tell(state, pipe, holder, fd, harm)
							 : CT_OK;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	const struct ct_trace *trace = model->trace;
	enum ct_status status = CT_OK;

	if (trace->text || !ct_all_are_known(model))
		return CT_OK;
	status = ct_leak_uses_finish(&state->uses, trace);
	for (size_t i = 0; status == CT_OK && i < model->process_count; i++)
		status = ct_map_put(&state->processes, model->processes[i]->number, i);
	for (size_t i = 0; status == CT_OK && i < trace->fd_count; i++)
		status = look_at(state, model, findings, &trace->fds[i]);
	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&fd_leak, NULL};

static const int wants[] = {
	CT_EFFECT_FD_OPEN, CT_EFFECT_FD_PAIR, CT_EFFECT_FD_CLOSE,     CT_EFFECT_FD_SEND,
	CT_EFFECT_READ,	   CT_EFFECT_WRITE,   CT_EFFECT_POLL,	      CT_EFFECT_POLL_SET,
	CT_EFFECT_LISTEN,  CT_EFFECT_CONNECT, CT_EFFECT_ACCEPT,	      CT_EFFECT_NOTE,
	CT_EFFECT_FORK,	   CT_EFFECT_EXEC,    CT_EFFECT_PROCESS_WAIT, CT_EFFECT_PROCESS_EXIT,
	CT_EFFECT_FAILURE, CT_WANTS_END,
};

const struct ct_detector ct_detect_fd_leak = {
	.name = "fd_leak",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
