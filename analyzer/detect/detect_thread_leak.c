/*
 * Joinable threads that ended and that nobody joined or detached, until their process ended by
 * itself: their stacks stay reserved. One finding for each place of creation.
 *
 * A warning where the program went on to create threads after one of them had ended: then each
 * costs another stack. Else a note; and nothing where main had ended before (pthread_exit), so that
 * the process was to end with its last thread.
 */
#include "detect/detector.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "detect/misuse.h"

static const struct ct_rule thread_leak = {
	.id = "thread-leak",
	.title = "a thread is neither joined nor detached",
	.help = "Join the thread (pthread_join, std::thread::join), or detach it: with "
		"pthread_detach or PTHREAD_CREATE_DETACHED.",
	.severity = CT_WARNING,
	.family = CT_FAMILY_MISUSE,
};

/* Positions in the order of events, from 1; 0: it did not happen. */
struct process_life {
	uint64_t began; /* the program that it runs: exec begins another one */
	uint64_t created, ended;
};

struct leaks {
	struct ct_misuses *misuses;
	struct ct_map numbers; /* process number: index */
	struct process_life *processes;
	uint64_t *ends;	  /* by thread id */
	uint8_t *awaited; /* by thread id: somebody waits to join it */
};

/* Threads of one place of creation. */
struct group {
	const struct ct_thread *first;
	uint64_t first_end;
	size_t count;
};

struct groups {
	struct ct_map places; /* stack id: index */
	struct group *items;
	size_t count, cap;
};

static void end(void *data)
{
	struct leaks *leaks = data;

	if (!leaks)
		return;
	ct_misuses_free(leaks->misuses);
	ct_map_fini(&leaks->numbers);
	free(leaks->processes);
	free(leaks->ends);
	free(leaks->awaited);
	free(leaks);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct leaks *leaks = calloc(1, sizeof(*leaks));
	enum ct_status status = CT_OK;
	void *misuses = NULL;

	if (!leaks)
		return CT_ENOMEM;
	ct_map_init(&leaks->numbers);
	leaks->processes = calloc(model->process_count + 1, sizeof(*leaks->processes));
	leaks->ends = calloc(model->thread_count + 1, sizeof(*leaks->ends));
	leaks->awaited = calloc(model->thread_count + 1, sizeof(*leaks->awaited));
	if (!leaks->processes || !leaks->ends || !leaks->awaited)
		status = CT_ENOMEM;
	for (size_t i = 0; !status && i < model->process_count; i++)
		status = ct_map_put(&leaks->numbers, model->processes[i]->number, i);
	if (status == CT_OK)
		status = ct_misuses_new(&misuses);
	leaks->misuses = misuses;
	if (status)
		end(leaks);
	else
		*out_state = leaks;
	return status;
}

static struct process_life *life_of(const struct leaks *leaks, const struct ct_process *process)
{
	uint64_t index = 0;

	ct_map_get(&leaks->numbers, process->number, &index);
	return &leaks->processes[index];
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct leaks *leaks = data;
	uint64_t now = step->index + 1;

	(void)model;
	switch (step->effect) {
	case CT_EFFECT_THREAD_START:
		if (step->thread->number == 1)
			life_of(leaks, step->thread->process)->began = now;
		break;
	case CT_EFFECT_THREAD_CREATE:
		life_of(leaks, step->thread->process)->created = now;
		break;
	case CT_EFFECT_THREAD_EXIT:
		leaks->ends[step->thread->id] = now;
		break;
	case CT_EFFECT_PROCESS_EXIT:
		life_of(leaks, step->thread->process)->ended = now;
		break;
	default:
		break;
	}
	return CT_OK;
}

/* Whether all that the process's threads did is on record: one of them may have joined another. */
static bool is_known(const struct ct_model *model, const struct ct_process *process)
{
	for (size_t i = 0; i < process->thread_count; i++) {
		const struct ct_trace_thread *trace =
			&model->trace->threads[process->threads[i]->id];

		if (trace->discarded || trace->skipped)
			return false;
	}
	return !model->trace->problem_count;
}

static bool is_leaked(const struct leaks *leaks, const struct process_life *life,
		      const struct ct_thread *thread)
{
	uint64_t ended = leaks->ends[thread->id];

	return ended > life->began && ended < life->ended && thread->number != 1 &&
	       thread->creator && thread->create_stack && !thread->joined && !thread->detached &&
	       !leaks->awaited[thread->id];
}

static enum ct_status group_add(struct groups *groups, const struct ct_thread *thread,
				uint64_t ended)
{
	enum ct_status status;
	struct group *group;
	uint64_t index;

	if (ct_map_get(&groups->places, thread->create_stack, &index)) {
		group = &groups->items[index];
		group->count++;
		if (ended < group->first_end)
			group->first_end = ended;
		return CT_OK;
	}
	status = ct_vec_grow(&groups->items, &groups->cap, groups->count + 1,
			     sizeof(*groups->items));
	if (status == CT_OK)
		status = ct_map_put(&groups->places, thread->create_stack, groups->count);
	if (status == CT_OK)
		groups->items[groups->count++] = (struct group){thread, ended, 1};
	return status;
}

static enum ct_status report(struct leaks *leaks, const struct process_life *life,
			     const struct group *group)
{
	const struct ct_thread *thread = group->first, *creator = thread->creator;
	uint64_t main_end = leaks->ends[thread->process->threads[0]->id];
	struct ct_misuse misuse = ct_misuse_of(&thread_leak, NULL);

	if (life->created < group->first_end) {
		if (main_end > life->began && main_end < group->first_end)
			return CT_OK;
		misuse.severity = CT_NOTE;
	}
	if (group->count == 1)
		misuse.headline = ct_arena_printf(&leaks->misuses->arena,
						  "%s ended and was neither joined nor detached",
						  thread->name);
	else
		misuse.headline = ct_arena_printf(&leaks->misuses->arena,
						  "%zu threads that %s created in one place ended "
						  "and were neither joined nor "
						  "detached",
						  group->count, creator->name);
	ct_misuse_place(&misuse, creator, thread->create_stack, 0,
			group->count == 1 ? "created it" : "created them");
	return ct_misuses_add(leaks->misuses, &misuse);
}

static enum ct_status look_at(struct leaks *leaks, const struct ct_process *process)
{
	const struct process_life *life = life_of(leaks, process);
	enum ct_status status = CT_OK;
	struct groups groups = {0};

	ct_map_init(&groups.places);
	for (size_t i = 0; !status && i < process->thread_count; i++) {
		const struct ct_thread *thread = process->threads[i];

		if (is_leaked(leaks, life, thread))
			status = group_add(&groups, thread, leaks->ends[thread->id]);
	}
	for (size_t i = 0; !status && i < groups.count; i++)
		status = report(leaks, life, &groups.items[i]);
	ct_map_fini(&groups.places);
	free(groups.items);
	return status;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct leaks *leaks = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_wait *wait = &model->threads[i]->wait;

		if (wait->kind == CT_WAIT_JOIN && wait->thread)
			leaks->awaited[wait->thread->id] = true;
	}
	for (size_t i = 0; !status && i < model->process_count; i++)
		if (is_known(model, model->processes[i]))
			status = look_at(leaks, model->processes[i]);
	return status ? status : ct_misuses_tell(leaks->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&thread_leak, NULL};

static const int wants[] = {
	CT_EFFECT_THREAD_START, CT_EFFECT_THREAD_CREATE,
	CT_EFFECT_THREAD_EXIT,	CT_EFFECT_PROCESS_EXIT,
	CT_WANTS_END,
};

const struct ct_detector ct_detect_thread_leak = {
	.name = "thread_leak",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
