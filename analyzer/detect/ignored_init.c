#include "detect/ignored.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Failures of one trace that are followed: more are not looked at, as each use looks at all. */
enum { INITS_KEPT = 64 };

const char *ct_ignored_error_name(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{EBUSY, "EBUSY"},	  {ETIMEDOUT, "ETIMEDOUT"},
		{EDEADLK, "EDEADLK"},	  {EINVAL, "EINVAL"},
		{EAGAIN, "EAGAIN"},	  {EPERM, "EPERM"},
		{EINTR, "EINTR"},	  {ENOMEM, "ENOMEM"},
		{ESRCH, "ESRCH"},	  {ENOTRECOVERABLE, "ENOTRECOVERABLE"},
		{EOVERFLOW, "EOVERFLOW"}, {ENOTSUP, "ENOTSUP"},
		{ENOSYS, "ENOSYS"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == error)
			return names[i].name;
	return "an error";
}

void ct_failed_inits_init(struct ct_failed_inits *inits, struct ct_misuses *misuses,
			  const struct ct_rule *rule)
{
	*inits = (struct ct_failed_inits){.misuses = misuses, .rule = rule};
}

void ct_failed_inits_fini(struct ct_failed_inits *inits)
{
	free(inits->items);
}

/* Whether its bytes are a variable of a program or library, which stays what it is. */
static bool is_variable(const struct ct_model *model, const struct ct_step *step)
{
	const struct ct_trace *trace = model->trace;
	uint64_t address = step->record->object;

	for (size_t i = 0; i < trace->module_count; i++)
		if (trace->modules[i].process == step->thread->process->number &&
		    address >= trace->modules[i].start && address < trace->modules[i].end)
			return true;
	return false;
}

/*
 * Semaphores, barriers and what C11 has begin to be by a call alone, which is recorded. A mutex of
 * POSIX may begin by a static initialiser, which is not.
 */
static bool begins_by_call(const struct ct_event_info *init)
{
	switch (init->id) {
	case CT_EV_SEM_INIT:
	case CT_EV_BARRIER_INIT:
	case CT_EV_MTX_INIT:
	case CT_EV_CND_INIT:
		return true;
	default:
		return false;
	}
}

/* What lies in memory that is used again may be another one, of which there is no record. */
static bool is_followed(const struct ct_model *model, const struct ct_step *step,
			const struct ct_event_info *call)
{
	return begins_by_call(call) || is_variable(model, step);
}

static struct ct_failed_init *find(const struct ct_failed_inits *inits, const struct ct_step *step,
				   uint64_t address)
{
	for (size_t i = 0; i < inits->count; i++)
		if (inits->items[i].process == step->thread->process &&
		    inits->items[i].address == address)
			return &inits->items[i];
	return NULL;
}

static enum ct_status add(struct ct_failed_inits *inits, const struct ct_model *model,
			  const struct ct_step *step, const struct ct_event_info *call, int error)
{
	struct ct_failed_init *known = find(inits, step, step->record->object);
	struct ct_failed_init one = {
		.process = step->thread->process,
		.call = call,
		.address = step->record->object,
		.deed = ct_deed_of(step),
		.error = error,
	};
	enum ct_status status;

	if (!known && inits->count == INITS_KEPT)
		return CT_OK;
	if (!(known && known->call == call) && !is_followed(model, step, call))
		return CT_OK;
	if (known) {
		*known = one;
		return CT_OK;
	}
	status = ct_vec_grow(&inits->items, &inits->cap, inits->count + 1, sizeof(*inits->items));
	if (status == CT_OK)
		inits->items[inits->count++] = one;
	return status;
}

/* The memory of [start, start + size) is another one's now. */
static void forget(struct ct_failed_inits *inits, const struct ct_process *process, uint64_t start,
		   uint64_t size)
{
	for (size_t i = 0; i < inits->count;) {
		struct ct_failed_init *one = &inits->items[i];

		if (one->process == process && one->address - start < size)
			*one = inits->items[--inits->count];
		else
			i++;
	}
}

static bool is_use(enum ct_effect effect)
{
	switch (effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_WAIT:
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_BARRIER:
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_SEM_POST:
		return true;
	default:
		return false;
	}
}

/* `call`: what uses it, or tried to. */
static enum ct_status use(struct ct_failed_inits *inits, const struct ct_step *step,
			  const struct ct_event_info *call)
{
	const struct ct_failed_init *one = find(inits, step, step->record->object);
	struct ct_misuse misuse;

	if (!one || strcmp(one->call->family, call->family) != 0 ||
	    (step->object && !step->object->process))
		return CT_OK;
	misuse = ct_misuse_of(inits->rule, step->object);
	if (!begins_by_call(one->call)) {
		misuse.severity = CT_WARNING;
		misuse.evidence = CT_POTENTIAL;
		misuse.assumes = "no static initialiser was, or is, its value";
	}
	misuse.headline = ct_arena_printf(
		&inits->misuses->arena, "%s uses %s, whose initialisation failed (%s: %s)",
		step->thread->name, step->object ? CT_ITS_OBJECT : "an object", one->call->api,
		ct_ignored_error_name(one->error));
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time, "uses it");
	ct_misuse_place(&misuse, one->deed.thread, one->deed.stack, one->deed.time,
			ct_arena_printf(&inits->misuses->arena, "initialised it, and got %s",
					ct_ignored_error_name(one->error)));
	forget(inits, step->thread->process, one->address, 1);
	return ct_misuses_add(inits->misuses, &misuse);
}

enum ct_status ct_failed_inits_step(struct ct_failed_inits *inits, const struct ct_model *model,
				    const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	int error;

	if (ct_misuse_failure(step, &call, &error) && call && call->effect == CT_EFFECT_INIT)
		return add(inits, model, step, call, error);
	if (!inits->count)
		return CT_OK;
	switch (step->effect) {
	case CT_EFFECT_INIT:
	case CT_EFFECT_OPEN:
		forget(inits, step->thread->process, step->record->object, 1);
		return CT_OK;
	case CT_EFFECT_MEMORY_FREED:
		forget(inits, step->thread->process, step->record->object, step->record->arg);
		return CT_OK;
	case CT_EFFECT_EXEC:
		forget(inits, step->thread->process, 0, UINT64_MAX);
		return CT_OK;
	default:
		break;
	}
	if (!call)
		call = step->info;
	return is_use(call->effect) ? use(inits, step, call) : CT_OK;
}
