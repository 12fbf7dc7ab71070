#include "detect/misuse.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "detect/hang.h"

enum ct_status ct_misuses_new(void **out_state)
{
	struct ct_misuses *misuses = calloc(1, sizeof(*misuses));

	if (!misuses)
		return CT_ENOMEM;
	ct_arena_init(&misuses->arena);
	ct_map_init(&misuses->seen);
	ct_map_init(&misuses->slots);
	*out_state = misuses;
	return CT_OK;
}

void ct_misuses_free(void *data)
{
	struct ct_misuses *misuses = data;

	if (!misuses)
		return;
	free(misuses->items);
	free(misuses->pending);
	ct_map_fini(&misuses->seen);
	ct_map_fini(&misuses->slots);
	ct_arena_fini(&misuses->arena);
	free(misuses);
}

struct ct_misuse ct_misuse_of(const struct ct_rule *rule, const struct ct_object *object)
{
	return (struct ct_misuse){.rule = rule,
				  .evidence = CT_OBSERVED,
				  .severity = rule->severity,
				  .object = object};
}

void ct_misuse_place(struct ct_misuse *misuse, const struct ct_thread *thread, uint32_t stack,
		     uint64_t time, const char *text)
{
	struct ct_place place;

	if (!thread || misuse->place_count == CT_MISUSE_PLACES)
		return;
	place = ct_hang_place(thread, stack, time);
	place.text = text;
	misuse->places[misuse->place_count++] = place;
}

static uint64_t key_of(const struct ct_misuse *misuse)
{
	uint64_t key = ct_map_mix((uint64_t)(uintptr_t)misuse->rule);

	key = ct_map_mix(key ^ (misuse->object ? misuse->object->id + UINT64_C(1) : 0));
	if (!misuse->place_count)
		return key;
	return ct_map_mix(key ^
			  ((uint64_t)misuse->places[0].process << 32 | misuse->places[0].stack));
}

bool ct_misuses_has(const struct ct_misuses *misuses, const struct ct_misuse *misuse)
{
	return ct_map_get(&misuses->seen, key_of(misuse), NULL);
}

enum ct_status ct_misuses_add(struct ct_misuses *misuses, const struct ct_misuse *misuse)
{
	uint64_t key = key_of(misuse);
	enum ct_status status;

	if (ct_map_get(&misuses->seen, key, NULL))
		return CT_OK;
	if (!misuse->headline)
		return CT_ENOMEM;
	status = ct_map_put(&misuses->seen, key, 1);
	if (status)
		return status;
	if (misuses->count == CT_MISUSES_MAX) {
		misuses->left_out++;
		return CT_OK;
	}
	status = ct_vec_grow(&misuses->items, &misuses->cap, misuses->count + 1, sizeof(*misuse));
	if (status == CT_OK)
		misuses->items[misuses->count++] = *misuse;
	return status;
}

static enum ct_status settle(struct ct_misuses *misuses, const struct ct_thread *thread,
			     const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	struct ct_misuse_pending *pending;
	bool refused;
	uint64_t slot;
	int error;

	if (!ct_map_get(&misuses->slots, thread->id, &slot) || !misuses->pending[slot].event)
		return CT_OK;
	pending = &misuses->pending[slot];
	refused = step && ct_misuse_failure(step, &call, &error) && call &&
		  call->id == pending->event;
	pending->event = 0;
	return refused == pending->if_refused ? ct_misuses_add(misuses, &pending->misuse) : CT_OK;
}

/* Where a thread's last wrong call waits to be settled. */
static enum ct_status slot_of(struct ct_misuses *misuses, const struct ct_thread *thread,
			      uint64_t *out_slot)
{
	enum ct_status status;

	if (ct_map_get(&misuses->slots, thread->id, out_slot))
		return CT_OK;
	*out_slot = misuses->pending_count;
	status = ct_vec_grow(&misuses->pending, &misuses->pending_cap, misuses->pending_count + 1,
			     sizeof(*misuses->pending));
	if (status == CT_OK)
		status = ct_map_put(&misuses->slots, thread->id, *out_slot);
	if (status == CT_OK)
		misuses->pending[misuses->pending_count++] = (struct ct_misuse_pending){0};
	return status;
}

static enum ct_status add_once_known(struct ct_misuses *misuses, const struct ct_step *step,
				     const struct ct_misuse *misuse, bool if_refused)
{
	enum ct_status status;
	uint64_t slot;

	if (ct_misuses_has(misuses, misuse))
		return CT_OK;
	if (!misuse->headline)
		return CT_ENOMEM;
	status = slot_of(misuses, step->thread, &slot);
	if (status == CT_OK)
		misuses->pending[slot] =
			(struct ct_misuse_pending){*misuse, step->record->event, if_refused};
	return status;
}

enum ct_status ct_misuses_add_unless_refused(struct ct_misuses *misuses, const struct ct_step *step,
					     const struct ct_misuse *misuse)
{
	return add_once_known(misuses, step, misuse, false);
}

enum ct_status ct_misuses_add_if_refused(struct ct_misuses *misuses, const struct ct_step *step,
					 const struct ct_misuse *misuse)
{
	return add_once_known(misuses, step, misuse, true);
}

enum ct_status ct_misuses_step(struct ct_misuses *misuses, const struct ct_step *step)
{
	/* between a call and its failure may come what the recorder says of the thread itself */
	if (!misuses->pending_count || step->effect == CT_EFFECT_HELD_SET)
		return CT_OK;
	return settle(misuses, step->thread, step);
}

static enum ct_status tell(const struct ct_misuse *misuse, const struct ct_model *model,
			   struct ct_findings *findings)
{
	struct ct_finding *finding = ct_findings_add(findings, misuse->rule, misuse->evidence);
	enum ct_status status = CT_OK;

	if (!finding)
		return CT_ENOMEM;
	finding->severity = misuse->severity;
	finding->object = misuse->object;
	finding->other = misuse->other;
	finding->fix = misuse->fix;
	finding->assumes = misuse->assumes;
	finding->headline = ct_arena_strdup(&findings->arena, misuse->headline);
	if (!finding->headline)
		return CT_ENOMEM;
	for (size_t i = 0; status == CT_OK && i < misuse->place_count; i++) {
		struct ct_place place = misuse->places[i];

		ct_hang_weaken(finding, ct_hang_doubt(model, place.thread));
		if (place.text)
			place.text = ct_arena_strdup(&findings->arena, place.text);
		status = ct_hang_add_place(findings, finding, place);
	}
	return status;
}

static enum ct_status tell_left_out(const struct ct_misuses *misuses, struct ct_findings *findings)
{
	const struct ct_rule *rule = misuses->items[0].rule;
	struct ct_finding *note = ct_findings_add(findings, rule, CT_OBSERVED);

	if (!note)
		return CT_ENOMEM;
	note->severity = CT_NOTE;
	note->headline = ct_arena_printf(&findings->arena,
					 "%llu more wrong calls of the kind are not listed",
					 (unsigned long long)misuses->left_out);
	return note->headline ? CT_OK : CT_ENOMEM;
}

enum ct_status ct_misuses_tell(struct ct_misuses *misuses, const struct ct_model *model,
			       struct ct_findings *findings)
{
	enum ct_status status = CT_OK;

	if (!ct_trace_tells_misuse(model->trace))
		return CT_OK;
	for (size_t i = 0; status == CT_OK && i < model->thread_count; i++)
		status = settle(misuses, model->threads[i], NULL);
	for (size_t i = 0; status == CT_OK && i < misuses->count; i++)
		status = tell(&misuses->items[i], model, findings);
	if (status == CT_OK && misuses->left_out)
		status = tell_left_out(misuses, findings);
	return status;
}

bool ct_misuse_all_seen(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_trace_thread *records = &model->trace->threads[thread->id];

	return !records->discarded && !records->skipped && !model->trace->problem_count;
}

bool ct_misuse_failure(const struct ct_step *step, const struct ct_event_info **out_call,
		       int *out_error)
{
	struct ct_payload_fail fail;

	if (step->effect != CT_EFFECT_FAILURE || step->record->payload_size < sizeof(fail))
		return false;
	memcpy(&fail, step->record->payload, sizeof(fail));
	*out_call = ct_event_info(fail.call);
	*out_error = (int)fail.error;
	return true;
}
