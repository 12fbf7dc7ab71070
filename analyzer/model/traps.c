#include "model/traps.h"

#include <string.h>

#include "model/state.h"

/* What a process said last of each of its programs: the numbers are those since it began. It says
 * that it begins, and how it went. */
struct told {
	struct ct_payload_traps last;
	uint32_t image;
	bool any, again;
};

struct ct_trap_records {
	struct told *processes; /* by index */
	struct ct_traps before; /* of programs that were left by an exec */
	uint64_t caught;
};

static enum ct_status make(struct ct_model *model)
{
	struct ct_trap_records *records = ct_arena_calloc(&model->arena, 1, sizeof(*records));

	if (!records)
		return CT_ENOMEM;
	records->processes =
		ct_arena_calloc(&model->arena, model->process_count, sizeof(*records->processes));
	if (!records->processes)
		return CT_ENOMEM;
	ct_model_state(model)->traps = records;
	return CT_OK;
}

/* Sums of damaged records stay where they are at most. */
static void add_number(uint64_t *sum, uint64_t number)
{
	*sum = number < UINT64_MAX - *sum ? *sum + number : UINT64_MAX;
}

static void add(struct ct_traps *sum, const struct told *told)
{
	const struct ct_payload_traps *last = &told->last;

	if (!told->any)
		return;
	sum->programs++;
	sum->with += last->places > 0;
	sum->ended = sum->ended || told->again || last->traps > 0;
	if (last->places > sum->places)
		sum->places = last->places;
	add_number(&sum->taken, last->traps);
	add_number(&sum->held, last->held);
	add_number(&sum->held_ns, last->held_ns);
	add_number(&sum->allowed_ns, last->allowed_ns);
	if (last->object == CT_TRAP_STAYS)
		return;
	sum->aside++;
	sum->reasons |= (uint32_t)1 << (last->object < CT_TRAP_REASONS ? last->object : 0);
}

static void note_traps(struct ct_trap_records *records, const struct ct_step *step)
{
	const struct ct_process_state *process = ct_process_state(step->thread->process);
	struct told *told = &records->processes[process->index];

	if (step->record->payload_size < sizeof(told->last))
		return;
	told->again = told->any && told->image == process->image;
	if (!told->again)
		add(&records->before, told);
	memcpy(&told->last, step->record->payload, sizeof(told->last));
	told->image = process->image;
	told->any = true;
}

enum ct_status ct_traps_note(struct ct_model *model, const struct ct_step *step)
{
	struct ct_model_state *state = ct_model_state(model);
	enum ct_status status;

	if (step->effect != CT_EFFECT_TRAPS && step->effect != CT_EFFECT_CAUGHT)
		return CT_OK;
	status = state->traps ? CT_OK : make(model);
	if (status)
		return status;
	if (step->effect == CT_EFFECT_TRAPS)
		note_traps(state->traps, step);
	else
		state->traps->caught++;
	return CT_OK;
}

void ct_traps_sum(const struct ct_model *model, struct ct_traps *out)
{
	const struct ct_trap_records *records =
		model->private_data ? ct_model_state(model)->traps : NULL;

	*out = (struct ct_traps){0};
	if (!records)
		return;
	*out = records->before;
	for (size_t i = 0; i < model->process_count; i++)
		add(out, &records->processes[i]);
	out->caught = records->caught;
}
