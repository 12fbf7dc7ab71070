#include "detect/handler_runs.h"

#include <signal.h>
#include <stdlib.h>

#include "base/vec.h"
#include "model/unsafe_calls.h"

void ct_handler_runs_fini(struct ct_handler_runs *runs)
{
	free(runs->threads);
}

struct ct_handler_thread *ct_handler_runs_of(struct ct_handler_runs *runs,
					     const struct ct_thread *thread)
{
	return &runs->threads[thread->id];
}

static enum ct_status make_room(struct ct_handler_runs *runs, size_t count)
{
	enum ct_status status =
		ct_vec_grow(&runs->threads, &runs->cap, count, sizeof(*runs->threads));

	while (status == CT_OK && runs->count < count)
		runs->threads[runs->count++] = (struct ct_handler_thread){0};
	return status;
}

/* A program begins with nothing blocked, nearly always; a forked child as its parent, whose thread
 * is not known here. */
static void begin(struct ct_handler_thread *self, const struct ct_thread *thread)
{
	if (self->begun)
		return;
	self->begun = true;
	self->blocked = thread->number == 1 && !thread->process->parent ? 0 : ~UINT64_C(0);
}

static void inherit(struct ct_handler_runs *runs, const struct ct_thread *creator,
		    const struct ct_thread *created)
{
	struct ct_handler_thread *child = ct_handler_runs_of(runs, created);

	if (child->begun || !ct_handler_runs_of(runs, creator)->begun)
		return;
	child->begun = true;
	child->blocked = ct_handler_runs_of(runs, creator)->blocked;
	child->was_blocked = child->blocked;
}

static void set_mask(struct ct_handler_thread *self, const struct ct_record *record)
{
	uint64_t mask = record->arg;

	if (record->object == SIG_BLOCK)
		self->blocked |= mask;
	else if (record->object == SIG_UNBLOCK)
		self->blocked &= ~mask;
	else if (record->object == SIG_SETMASK)
		self->blocked = mask;
	self->was_blocked |= self->blocked;
}

/* Whom kill() reaches with 0 or less, is not known: it may be itself. */
static uint32_t sent_to_itself(const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	bool itself = false;

	if (step->effect != CT_EFFECT_SIGNAL_SEND)
		return 0;
	if (record->event == CT_EV_PTHREAD_KILL)
		itself = record->object == step->thread->pthread;
	else if (record->event == CT_EV_TGKILL)
		itself = record->object == step->thread->tid;
	else
		itself = record->object == step->thread->process->pid ||
			 (int64_t)record->object <= 0;
	return itself ? (uint32_t)record->arg : 0;
}

static enum ct_interrupted interrupted_of(const struct ct_wait *wait, bool stdio)
{
	switch (wait->kind) {
	case CT_WAIT_LOCK:
	case CT_WAIT_COND:
	case CT_WAIT_SEM:
	case CT_WAIT_BARRIER:
	case CT_WAIT_ONCE:
	case CT_WAIT_JOIN:
	case CT_WAIT_DESTROY:
		return CT_INTERRUPTED_UNSAFE;
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
		return stdio ? CT_INTERRUPTED_STDIO : CT_INTERRUPTED_CALM;
	case CT_WAIT_NONE:
	case CT_WAIT_FUTEX:
	case CT_WAIT_NAMED:
		return CT_INTERRUPTED_UNKNOWN;
	default:
		return CT_INTERRUPTED_CALM;
	}
}

static void enter(struct ct_handler_thread *self, const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	struct ct_handler_run run = {
		.function = record->arg,
		.signal = (uint32_t)record->object,
		.back = record->stack,
		.awaited = record->flags & CT_F_AWAITED || self->sent == record->object,
		.interrupted = interrupted_of(&step->thread->wait, self->stdio_asked),
		.call = step->thread->wait.event,
	};

	if (self->count == CT_HANDLER_DEPTH) {
		for (uint32_t i = 1; i < CT_HANDLER_DEPTH; i++)
			self->runs[i - 1] = self->runs[i];
		self->count--;
	}
	self->runs[self->count++] = run;
	if (!run.awaited)
		self->blocked &= ~ct_signal_bit(run.signal);
}

/* Those above it were left. */
static void leave(struct ct_handler_thread *self, uint64_t signal)
{
	for (uint32_t i = self->count; i-- > 0;) {
		if (self->runs[i].signal == signal) {
			self->count = i;
			return;
		}
	}
}

static bool goes_through(const struct ct_model *model, const struct ct_thread *thread,
			 uint32_t stack, uint32_t back)
{
	uint32_t process = thread->process->number;
	const struct ct_trace_stack *frames, *last;

	if (!stack || !back)
		return false;
	frames = ct_trace_stack(model->trace, process, stack);
	last = ct_trace_stack(model->trace, process, back);
	if (!frames || !last || !last->depth)
		return false;
	for (uint32_t i = 1; i < frames->depth; i++)
		if (frames->frames[i] == last->frames[0])
			return true;
	return false;
}

const struct ct_handler_run *ct_handler_runs_at(struct ct_handler_runs *runs,
						const struct ct_model *model,
						const struct ct_step *step)
{
	const struct ct_handler_thread *self = ct_handler_runs_of(runs, step->thread);
	const struct ct_handler_run *run;

	if (!self->count)
		return NULL;
	run = &self->runs[self->count - 1];
	if (step->record->event == CT_EV_UNSAFE_CALL && step->record->arg & CT_UNSAFE_ON_ALTERNATE)
		return run;
	return goes_through(model, step->thread, step->record->stack, run->back) ? run : NULL;
}

bool ct_handler_runs_open(struct ct_handler_runs *runs, const struct ct_thread *thread)
{
	return ct_handler_runs_of(runs, thread)->count != 0;
}

enum ct_status ct_handler_runs_step(struct ct_handler_runs *runs, const struct ct_model *model,
				    const struct ct_step *step)
{
	enum ct_status status = make_room(runs, model->thread_count);
	struct ct_handler_thread *self;

	if (status)
		return status;
	self = ct_handler_runs_of(runs, step->thread);
	if (step->effect == CT_EFFECT_THREAD_START && step->other)
		inherit(runs, step->other, step->thread);
	begin(self, step->thread);
	if (step->effect == CT_EFFECT_THREAD_CREATE && step->other && !step->other->started)
		inherit(runs, step->thread, step->other);
	else if (step->effect == CT_EFFECT_HANDLER_ENTER)
		enter(self, step);
	else if (step->effect == CT_EFFECT_HANDLER_LEAVE)
		leave(self, step->record->object);
	else if (step->record->event == CT_EV_SIGNAL_MASK &&
		 !ct_handler_runs_at(runs, model, step) &&
		 !ct_handler_runs_open(runs, step->thread))
		set_mask(self, step->record);
	self->leaving = self->ending;
	if (step->record->event == CT_EV_THREAD_EXIT_CALL)
		self->ending = true;
	self->sent = sent_to_itself(step);
	if (step->request)
		self->stdio_asked = step->record->flags & CT_F_STDIO;
	return CT_OK;
}
