/*
 * Whether a suppression speaks of a finding.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "finding/lasting.h"
#include "finding/suppression_set.h"
#include "model/names.h"

static enum ct_status add_stack(struct ct_suppression_subject *subject, struct ct_symbols *symbols,
				const struct ct_place *place)
{
	struct ct_shown_stack shown;

	ct_stack_shown(symbols, place->process, place->stack, &shown);
	if (!shown.count)
		return CT_OK;
	if (ct_vec_grow(&subject->stacks, &subject->stack_cap, subject->stack_count + 1,
			sizeof(shown)))
		return CT_ENOMEM;
	subject->stacks[subject->stack_count++] = shown;
	return CT_OK;
}

static enum ct_status add_stacks(struct ct_suppression_subject *subject, struct ct_symbols *symbols)
{
	const struct ct_finding *finding = subject->finding;
	const struct ct_race *race = finding->race;
	enum ct_status status = CT_OK;

	for (size_t i = 0; status == CT_OK && i < finding->step_count; i++) {
		status = add_stack(subject, symbols, &finding->steps[i].wanted_at);
		if (status == CT_OK)
			status = add_stack(subject, symbols, &finding->steps[i].held_at);
	}
	if (race && race->check)
		status = add_stack(subject, symbols, &race->check->place);
	for (int i = 0; race && status == CT_OK && i < 2; i++)
		status = add_stack(subject, symbols, &race->sides[i].place);
	for (size_t i = 0; status == CT_OK && i < finding->place_count; i++)
		status = add_stack(subject, symbols, &finding->places[i]);
	return status;
}

static enum ct_status add_name(struct ct_suppression_subject *subject, const char *name)
{
	if (!name)
		return CT_OK;
	if (ct_vec_grow(&subject->names, &subject->name_cap, subject->name_count + 1,
			sizeof(*subject->names)))
		return CT_ENOMEM;
	subject->names[subject->name_count++] = name;
	return CT_OK;
}

static enum ct_status add_object(struct ct_suppression_subject *subject, struct ct_symbols *symbols,
				 const struct ct_object *object)
{
	const char *name = object ? ct_lasting_object(symbols, object) : NULL;

	if (object && !name)
		name = object->given_name; /* of the kernel's: whoever names a port means it */
	return add_name(subject, name);
}

static enum ct_status add_memory(struct ct_suppression_subject *subject, struct ct_symbols *symbols,
				 struct ct_naming *naming, const struct ct_race *race)
{
	const struct ct_thread *thread = race->sides[0].place.thread;
	enum ct_status status = CT_OK;
	struct ct_text name;
	char *copy;

	if (naming && naming->model && naming->model->trace->text && thread)
		return add_name(subject, ct_name_variable(naming, thread->process, race->address));
	ct_text_init(&name);
	if (ct_lasting_memory(&name, symbols, race, "")) {
		copy = ct_arena_strdup(&subject->arena, ct_text_str(&name));
		status = copy ? add_name(subject, copy) : CT_ENOMEM;
	}
	ct_text_fini(&name);
	return status;
}

static enum ct_status add_names(struct ct_suppression_subject *subject, struct ct_symbols *symbols,
				struct ct_naming *naming)
{
	const struct ct_finding *finding = subject->finding;
	const struct ct_race *race = finding->race;
	enum ct_status status = CT_OK;

	for (size_t i = 0; status == CT_OK && i < finding->step_count; i++) {
		status = add_object(subject, symbols, finding->steps[i].wants);
		if (status == CT_OK)
			status = add_object(subject, symbols, finding->steps[i].holds);
	}
	if (status == CT_OK && race)
		status = add_memory(subject, symbols, naming, race);
	if (status == CT_OK && race)
		status = add_object(subject, symbols, race->lock);
	return status;
}

enum ct_status ct_suppression_subject_init(struct ct_suppression_subject *subject,
					   const struct ct_finding *finding,
					   struct ct_symbols *symbols, struct ct_naming *naming)
{
	enum ct_status status;

	*subject = (struct ct_suppression_subject){.finding = finding};
	ct_arena_init(&subject->arena);
	status = add_stacks(subject, symbols);
	if (status == CT_OK)
		status = add_names(subject, symbols, naming);
	if (status)
		ct_suppression_subject_fini(subject);
	return status;
}

void ct_suppression_subject_fini(struct ct_suppression_subject *subject)
{
	free(subject->stacks);
	free(subject->names);
	ct_arena_fini(&subject->arena);
	*subject = (struct ct_suppression_subject){0};
}

static bool names_match(const char *glob, const struct ct_suppression_subject *subject)
{
	for (size_t i = 0; i < subject->name_count; i++)
		if (ct_glob_matches(glob, subject->names[i]))
			return true;
	return false;
}

/* Patterns that have been given a stack of the finding each. */
struct assignment {
	const struct ct_suppression *suppression;
	const struct ct_suppression_subject *subject;
	size_t *owner; /* of each stack: 1 + pattern, or 0 */
	bool *seen;    /* of each stack: tried for the pattern under way */
};

/* Finds one for `pattern`, if need be by giving another pattern another one; at most as deep as
 * there are patterns, which are few.
 * Source: Kuhn, "The Hungarian Method for the Assignment Problem", 1955 (augmenting paths). */
static bool assign(struct assignment *a, size_t pattern) /* NOLINT(misc-no-recursion) */
{
	for (size_t i = 0; i < a->subject->stack_count; i++) {
		if (a->seen[i] || !ct_stack_pattern_matches(&a->suppression->stacks[pattern],
							    &a->subject->stacks[i]))
			continue;
		a->seen[i] = true;
		if (a->owner[i] && !assign(a, a->owner[i] - 1))
			continue;
		a->owner[i] = pattern + 1;
		return true;
	}
	return false;
}

/* Each pattern a stack of its own. Without memory for it, a finding is told rather than hidden. */
static bool stacks_match(const struct ct_suppression *suppression,
			 const struct ct_suppression_subject *subject)
{
	struct assignment a = {
		.suppression = suppression,
		.subject = subject,
		.owner = calloc(subject->stack_count + 1, sizeof(*a.owner)),
		.seen = calloc(subject->stack_count + 1, sizeof(*a.seen)),
	};
	bool all = a.owner && a.seen && suppression->stack_count <= subject->stack_count;

	for (size_t i = 0; all && i < suppression->stack_count; i++) {
		memset(a.seen, 0, subject->stack_count * sizeof(*a.seen));
		all = assign(&a, i);
	}
	free(a.owner);
	free(a.seen);
	return all;
}

bool ct_suppression_matches(const struct ct_suppression *suppression,
			    const struct ct_suppression_subject *subject)
{
	if (suppression->expired ||
	    (suppression->rule && suppression->rule != subject->finding->rule))
		return false;
	for (size_t i = 0; i < suppression->object_count; i++)
		if (!names_match(suppression->objects[i], subject))
			return false;
	return !suppression->stack_count || stacks_match(suppression, subject);
}
