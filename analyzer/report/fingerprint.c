#include "report/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "finding/finding.h"
#include "model/names.h"
#include "report/stack.h"

/* Ends a part, so that ("ab", "c") and ("a", "bc") differ; no name has it. */
#define PART_END '\x1f'

static void add_part(struct ct_text *out, const char *part)
{
	if (part)
		ct_text_add(out, part);
	ct_text_addc(out, PART_END);
}

static void add_place(struct ct_text *out, struct ct_symbols *symbols, const struct ct_place *place)
{
	struct ct_shown_stack shown;

	ct_stack_shown(symbols, place->process, place->stack, &shown);
	add_part(out, shown.top ? shown.top->function : NULL);
	add_part(out, shown.top && shown.top->file ? ct_path_base(shown.top->file) : NULL);
}

/* Numbered names ("M1") depend on what else happened: an object without a name is its kind. */
static void add_object(struct ct_text *out, struct ct_symbols *symbols,
		       const struct ct_object *object)
{
	const struct ct_process *home;
	const char *name;

	if (!object) {
		add_part(out, NULL);
		return;
	}
	home = object->process ? object->process : NULL;
	if (!home && object->creator)
		home = object->creator->process;
	/* the kernel's numbers, and its ports, differ from run to run */
	name = ct_kind_is_kernel(object->kind) ? NULL : object->given_name;
	if (!name && symbols && home && !ct_kind_is_kernel(object->kind))
		name = ct_symbols_variable(symbols, home->number, object->address, object->time);
	add_part(out, ct_name_kind(object->kind));
	add_part(out, name);
}

static void add_step(struct ct_text *out, struct ct_symbols *symbols,
		     const struct ct_step_of_cycle *step)
{
	add_part(out, step->verb);
	add_object(out, symbols, step->holds);
	add_place(out, symbols, &step->held_at);
	add_object(out, symbols, step->wants);
	add_place(out, symbols, &step->wanted_at);
}

/* Whether the steps read from `a` on come before those read from `b` on. */
static bool comes_before(const struct ct_text *steps, size_t count, size_t a, size_t b)
{
	for (size_t i = 0; i < count; i++) {
		int order = strcmp(ct_text_str(&steps[(a + i) % count]),
				   ct_text_str(&steps[(b + i) % count]));

		if (order)
			return order < 0;
	}
	return false;
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits: the same on every machine. */
static uint64_t hash_more(uint64_t hash, const struct ct_text *text)
{
	const char *data = ct_text_str(text);

	for (size_t i = 0; i < text->len; i++)
		hash = (hash ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* Adds the steps in their canonical rotation. */
static enum ct_status add_steps(const struct ct_finding *finding, struct ct_symbols *symbols,
				uint64_t *hash)
{
	size_t count = finding->step_count, first = 0;
	struct ct_text *steps = calloc(count + 1, sizeof(*steps));
	enum ct_status status = CT_OK;

	if (!steps)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		ct_text_init(&steps[i]);
		add_step(&steps[i], symbols, &finding->steps[i]);
		if (ct_text_status(&steps[i]))
			status = CT_ENOMEM;
	}
	for (size_t i = 1; status == CT_OK && i < count; i++)
		if (comes_before(steps, count, i, first))
			first = i;
	for (size_t i = 0; status == CT_OK && i < count; i++)
		*hash = hash_more(*hash, &steps[(first + i) % count]);
	for (size_t i = 0; i < count; i++)
		ct_text_fini(&steps[i]);
	free(steps);
	return status;
}

enum ct_status ct_fingerprint(const struct ct_finding *finding, struct ct_symbols *symbols,
			      uint64_t *out)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	enum ct_status status;
	struct ct_text rest;

	ct_text_init(&rest);
	add_part(&rest, finding->rule->id);
	for (size_t i = 0; i < finding->place_count; i++)
		add_place(&rest, symbols, &finding->places[i]);
	status = ct_text_status(&rest);
	hash = hash_more(hash, &rest);
	ct_text_fini(&rest);
	if (!status)
		status = add_steps(finding, symbols, &hash);
	if (!status)
		*out = hash;
	return status;
}
