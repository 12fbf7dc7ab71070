#include "timing/lost.h"

#include <string.h>

void ct_lost_fini(struct ct_lost *lost)
{
	ct_map_fini(&lost->created);
	ct_map_fini(&lost->joined);
}

static uint64_t of(const struct ct_map *map, const struct ct_process *process)
{
	uint64_t count = 0;

	return ct_map_get(map, process->number, &count) ? count : 0;
}

/* A creation is recorded before it is tried. */
static bool is_failed_creation(const struct ct_step *step)
{
	struct ct_payload_fail fail;

	if (step->record->event != CT_EV_FAIL || step->record->payload_size < sizeof(fail))
		return false;
	memcpy(&fail, step->record->payload, sizeof(fail));
	return fail.call == CT_EV_THREAD_CREATE || fail.call == CT_EV_THRD_CREATE;
}

enum ct_status ct_lost_step(struct ct_lost *lost, const struct ct_step *step)
{
	const struct ct_process *process = step->thread->process;
	uint64_t created = of(&lost->created, process);

	if (is_failed_creation(step))
		return created ? ct_map_put(&lost->created, process->number, created - 1) : CT_OK;
	if (step->other || step->request)
		return CT_OK;
	if (step->effect == CT_EFFECT_THREAD_CREATE)
		return ct_map_put(&lost->created, process->number, created + 1);
	if (step->effect == CT_EFFECT_THREAD_JOIN)
		return ct_map_put(&lost->joined, process->number, of(&lost->joined, process) + 1);
	return CT_OK;
}

/* The trace knows them, but has no event of theirs. */
static uint64_t silent(const struct ct_process *process, const struct ct_timing_thread *threads)
{
	uint64_t count = 0;

	for (size_t i = 0; i < process->thread_count; i++)
		count += process->threads[i]->creator && process->threads[i]->number != 1 &&
			 !threads[process->threads[i]->id].present;
	return count;
}

size_t ct_lost_count(const struct ct_lost *lost, const struct ct_model *model,
		     const struct ct_timing_thread *threads)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->process_count; i++) {
		const struct ct_process *process = model->processes[i];
		uint64_t created = of(&lost->created, process) + silent(process, threads);
		uint64_t joined = of(&lost->joined, process);

		count += created > joined ? created : joined;
	}
	return count;
}
