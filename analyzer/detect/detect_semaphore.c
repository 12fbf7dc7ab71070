/*
 * Semaphores whose value is not what their program thinks: of one that nobody initialised it is
 * what the memory held, and one that is full takes no more.
 *
 * That nobody initialised it is said only where nothing can have been missed: all of its process
 * and the ancestors is on record, no sem_init named its address, also none that failed, and it is
 * the program's own. Constructors of libraries run before recording begins, those of programs
 * after. Its memory must be known from its begin on: a variable of the program, a thread's stack, a
 * block of the heap whose allocation was recorded, shared memory without a name. What else there is
 * may be mapped behind the recorder's back, and a stranger's. Nor may it have got its bytes from
 * another one, being a part of a struct that was assigned or moved: that one would not be used at
 * its old place any more.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"
#include "detect/detector.h"
#include "detect/misuse.h"
#include "detect/whole.h"
#include "model/access.h"
#include "model/past.h"

static const struct ct_rule uninitialised = {
	.id = "sem-uninitialised",
	.title = "a semaphore is used that nobody initialised",
	.help = "Call sem_init with its first value before any thread uses it: a semaphore has no "
		"static initialiser.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

static const struct ct_rule overflow = {
	.id = "sem-overflow",
	.title = "a semaphore is to have a value that is too large",
	.help = "Post only what somebody is to take, and look at the result of sem_post: what is "
		"refused wakes nobody.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

struct first_use {
	const struct ct_object *object;
	struct ct_deed deed;
	bool is_local; /* on a stack or the heap: in memory that was known at the time */
};

/* A semaphore that was initialised. */
struct source {
	const struct ct_object *object;
	uint64_t last_use; /* 0: none */
};

struct state {
	struct ct_misuses *misuses;
	struct first_use *uses; /* of semaphores without an init */
	struct source *sources;
	size_t use_count, use_cap, source_count, source_cap;
	struct ct_map source_of; /* object id: index */
	struct ct_map tried;	 /* addresses that a sem_init named, whatever came of it */
};

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	free(state->uses);
	free(state->sources);
	ct_map_fini(&state->source_of);
	ct_map_fini(&state->tried);
	free(state);
}

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
	*out_state = state;
	return CT_OK;
}

static enum ct_status note_init(struct state *state, const struct ct_step *step)
{
	enum ct_status status = ct_map_put(&state->tried, step->record->object, 1);

	if (status || !step->object || ct_map_get(&state->source_of, step->object->id, NULL))
		return status;
	status = ct_vec_grow(&state->sources, &state->source_cap, state->source_count + 1,
			     sizeof(*state->sources));
	if (status == CT_OK)
		status = ct_map_put(&state->source_of, step->object->id, state->source_count);
	if (status == CT_OK)
		state->sources[state->source_count++] = (struct source){.object = step->object};
	return status;
}

static bool is_local(const struct ct_model *model, const struct ct_object *object)
{
	const struct ct_thread *owner;
	struct ct_block block;

	if (!object->process)
		return false;
	owner = ct_model_stack_owner(model, object->process, object->address);
	return (owner && !owner->exited) ||
	       ct_model_block(model, object->process, object->address, &block);
}

static enum ct_status note_use(struct state *state, const struct ct_model *model,
			       const struct ct_step *step)
{
	const struct ct_object *sem = step->object;
	enum ct_status status;
	uint64_t index;

	if (ct_map_get(&state->source_of, sem->id, &index)) {
		state->sources[index].last_use = step->record->time;
		return CT_OK;
	}
	/* its first use, and nothing was there before: not in the parent, either */
	if (sem->initialised || sem->given_name || sem->time != step->record->time ||
	    ct_past_life(sem) || ct_past_origin(sem) || state->use_count == CT_MISUSES_MAX)
		return CT_OK;
	status = ct_vec_grow(&state->uses, &state->use_cap, state->use_count + 1,
			     sizeof(*state->uses));
	if (status == CT_OK)
		state->uses[state->use_count++] =
			(struct first_use){sem, ct_deed_of(step), is_local(model, sem)};
	return status;
}

static enum ct_status add_overflow(struct state *state, const struct ct_step *step,
				   const char *text, const char *does)
{
	struct ct_arena *arena = &state->misuses->arena;
	struct ct_misuse misuse = ct_misuse_of(&overflow, step->object);

	misuse.headline = ct_arena_printf(arena, "%s %s", step->thread->name, text);
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time, does);
	if (step->object) {
		const struct ct_deed *init = &ct_past_of(step->object)->initialised;
		const char *value = ct_arena_printf(arena, "initialised it with the value %u",
						    (unsigned)step->object->init_arg);

		if (!value)
			return CT_ENOMEM;
		ct_misuse_place(&misuse, init->thread, init->stack, init->time, value);
	}
	return ct_misuses_add(state->misuses, &misuse);
}

/* A sem_init that refuses its value is as good as none: detect_ignored.c tells of its users. */
static enum ct_status note_failure(struct state *state, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	int error;

	if (!ct_misuse_failure(step, &call, &error) || !call)
		return CT_OK;
	if (call->id == CT_EV_SEM_INIT)
		return ct_map_put(&state->tried, step->record->object, 1);
	if (call->id == CT_EV_SEM_POST && error == EOVERFLOW && step->object)
		return add_overflow(state, step,
				    "posts " CT_ITS_OBJECT
				    ", whose value is as large as it can be: the post is lost",
				    "posts it");
	if ((call->id == CT_EV_SEMOP || call->id == CT_EV_SEMCTL_SET) && error == ERANGE)
		return add_overflow(state, step,
				    "gives a semaphore a value above the system's limit, which is "
				    "refused",
				    "calls it");
	return CT_OK;
}

static enum ct_status step_on(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;

	if (step->effect == CT_EFFECT_FAILURE)
		return note_failure(state, step);
	if (!step->object || step->object->kind != CT_OBJECT_SEM)
		return CT_OK;
	switch (step->effect) {
	case CT_EFFECT_INIT:
	case CT_EFFECT_OPEN:
		return note_init(state, step);
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_SEM_POST:
		return note_use(state, model, step);
	default:
		return CT_OK;
	}
}

/* The program itself is the first module that each of its processes tells. */
static bool is_in_program(const struct ct_trace *trace, uint32_t process, uint32_t image,
			  uint64_t address)
{
	for (size_t i = 0; i < trace->module_count; i++) {
		const struct ct_trace_module *module = &trace->modules[i];

		if (module->process == process && module->image == image)
			return address >= module->start && address < module->end;
	}
	return false;
}

/* Whether a place in the program is on top of the stack. */
static bool is_called_by_program(const struct ct_trace *trace, const struct ct_trace_stack *stack,
				 uint32_t process)
{
	return stack->depth && is_in_program(trace, process, stack->image, stack->frames[0]);
}

/* Whether a semaphore that was initialised may have been moved to where the use is. */
static bool may_be_moved(const struct state *state, const struct ct_trace *trace,
			 const struct first_use *use, bool is_variable)
{
	for (size_t i = 0; i < state->source_count; i++) {
		const struct source *source = &state->sources[i];
		const struct ct_object *object = source->object;
		const struct ct_trace_stack *stack;

		if (source->last_use > use->deed.time || object->given_name)
			continue;
		stack = ct_trace_stack(trace, object->creator->process->number, object->init_stack);
		/* programs do not move one of their variables to another one */
		if (!is_variable || !stack ||
		    !is_in_program(trace, object->creator->process->number, stack->image,
				   object->address))
			return true;
	}
	return false;
}

static bool is_uninitialised(const struct state *state, const struct ct_model *model,
			     const struct first_use *use)
{
	const struct ct_process *process = use->deed.thread->process;
	const struct ct_trace_stack *stack =
		ct_trace_stack(model->trace, process->number, use->deed.stack);
	bool is_variable;

	if (!stack || ct_map_get(&state->tried, use->object->address, NULL))
		return false;
	if (!use->object->process)
		return ct_whole_shared(model, use->object) &&
		       !may_be_moved(state, model->trace, use, false);
	is_variable =
		is_in_program(model->trace, process->number, stack->image, use->object->address);
	return ct_whole_process(model, process) &&
	       (is_variable ||
		(use->is_local && is_called_by_program(model->trace, stack, process->number))) &&
	       !may_be_moved(state, model->trace, use, is_variable);
}

static enum ct_status tell_uses(struct state *state, const struct ct_model *model)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < state->use_count; i++) {
		const struct first_use *use = &state->uses[i];
		struct ct_misuse misuse = ct_misuse_of(&uninitialised, use->object);

		if (!is_uninitialised(state, model, use))
			continue;
		misuse.headline =
			ct_arena_printf(&state->misuses->arena,
					"%s uses " CT_ITS_OBJECT ", which nobody has initialised",
					use->deed.thread->name);
		ct_misuse_place(&misuse, use->deed.thread, use->deed.stack, use->deed.time,
				"uses it first");
		status = ct_misuses_add(state->misuses, &misuse);
	}
	return status;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = tell_uses(state, model);

	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&uninitialised, &overflow, NULL};

static const int wants[] = {
	CT_EFFECT_INIT,	    CT_EFFECT_OPEN,    CT_EFFECT_SEM_WAIT,
	CT_EFFECT_SEM_POST, CT_EFFECT_FAILURE, CT_WANTS_END,
};

const struct ct_detector ct_detect_semaphore = {
	.name = "semaphore",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step_on,
	.finish = finish,
	.end = end,
};
