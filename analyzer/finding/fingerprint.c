#include "finding/fingerprint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "finding/finding.h"
#include "finding/lasting.h"
#include "finding/stack.h"
#include "model/names.h"

/* Ends a part, so that ("ab", "c") and ("a", "bc") differ; no name has it. */
#define PART_END '\x1f'

static void add_part(struct ct_text *out, const char *part)
{
	if (part)
		ct_text_add(out, part);
	ct_text_addc(out, PART_END);
}

/* "add.constprop.0" is "add": what the compiler makes of it depends on its options. A dot alone
 * says nothing, as other languages have it in names. */
static size_t name_length(const char *function)
{
	static const char *const marks[] = {".constprop.", ".isra.",	 ".part.",
					    ".cold",	   ".lto_priv.", " [clone "};
	size_t length = strlen(function);

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *mark = strstr(function, marks[i]);

		if (mark && (size_t)(mark - function) < length)
			length = (size_t)(mark - function);
	}
	return length;
}

static void add_at(struct ct_text *out, struct ct_symbols *symbols, uint32_t process,
		   uint32_t stack)
{
	struct ct_shown_stack shown;

	ct_stack_shown(symbols, process, stack, &shown);
	if (shown.top && shown.top->function)
		ct_text_addn(out, shown.top->function, name_length(shown.top->function));
	add_part(out, NULL);
	add_part(out, shown.top && shown.top->file ? ct_path_base(shown.top->file) : NULL);
}

static void add_place(struct ct_text *out, struct ct_symbols *symbols, const struct ct_place *place)
{
	add_at(out, symbols, place->process, place->stack);
}

/* Numbered names ("M1") depend on what else happened: an object without a name is its kind, and
 * where the program made it. */
static void add_object(struct ct_text *out, struct ct_symbols *symbols,
		       const struct ct_object *object)
{
	const char *name = object ? ct_lasting_object(symbols, object) : NULL;

	if (!object) {
		add_part(out, NULL);
		return;
	}
	add_part(out, ct_name_kind(object->kind));
	add_part(out, name);
	if (!name && object->initialised && object->creator)
		add_at(out, symbols, object->creator->process->number, object->init_stack);
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

/* What has no symbol is told by the line that writes it, or by where it is in the file. */
static void add_caught_memory(struct ct_text *out, struct ct_symbols *symbols,
			      const struct ct_race *race)
{
	const struct ct_place *place = &race->sides[0].place;
	const char *file = NULL;
	uint64_t offset;

	if (race->called) {
		ct_lasting_name(out, race->called, "");
		return;
	}
	if (symbols && !race->stack_owner)
		file = ct_symbols_file(symbols, place->process, race->address, place->time,
				       &offset);
	if (file)
		ct_text_addf(out, "%s+%" PRIx64, ct_path_base(file), offset);
}

/* The variable, or where the block was allocated. */
static void add_memory(struct ct_text *out, struct ct_symbols *symbols, const struct ct_race *race)
{
	if (race->block_size)
		add_place(out, symbols, &race->allocated_at);
	if (!ct_lasting_memory(out, symbols, race, "") && race->caught)
		add_caught_memory(out, symbols, race);
	add_part(out, NULL);
}

/* Without a symbol, or debug data, about where in which file: accesses of one statement are close
 * together. */
static void add_caught_place(struct ct_text *out, struct ct_symbols *symbols,
			     const struct ct_place *place)
{
	enum { PIECE_BYTES = 64 };
	struct ct_shown_stack shown;

	add_part(out, "meets");
	ct_stack_shown(symbols, place->process, place->stack, &shown);
	if (shown.top && !shown.top->function && !shown.top->file && shown.top->module) {
		add_part(out, ct_path_base(shown.top->module));
		ct_text_addf(out, "%" PRIx64, shown.top->offset / PIECE_BYTES);
		add_part(out, NULL);
	} else {
		add_place(out, symbols, place);
	}
}

/* Which of the two came first in the run does not count; nor, of a race that was caught, which of
 * the instructions of its lines met: that is chance. */
static void add_race(struct ct_text *out, struct ct_symbols *symbols, const struct ct_race *race)
{
	struct ct_text sides[2];
	int first;

	for (int i = 0; i < 2; i++) {
		ct_text_init(&sides[i]);
		if (race->caught) {
			add_caught_place(&sides[i], symbols, &race->sides[i].place);
			continue;
		}
		add_part(&sides[i], ct_race_verb(&race->sides[i]));
		add_place(&sides[i], symbols, &race->sides[i].place);
	}
	first = !race->check && strcmp(ct_text_str(&sides[1]), ct_text_str(&sides[0])) < 0;
	for (int i = 0; i < 2; i++)
		ct_text_add(out, ct_text_str(&sides[i ^ first]));
	if (race->check)
		add_place(out, symbols, &race->check->place);
	add_memory(out, symbols, race);
	for (int i = 0; i < 2; i++) {
		if (ct_text_status(&sides[i]))
			out->failed = true;
		ct_text_fini(&sides[i]);
	}
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
	if (finding->race)
		add_race(&rest, symbols, finding->race);
	if (finding->object)
		add_object(&rest, symbols, finding->object);
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

enum ct_status ct_findings_identify(struct ct_findings *findings, struct ct_symbols *symbols)
{
	struct ct_map seen; /* fingerprint -> how often */
	enum ct_status status = CT_OK;

	ct_map_init(&seen);
	for (size_t i = 0; status == CT_OK && i < findings->count; i++) {
		struct ct_finding *finding = findings->items[i];
		uint64_t before = 0;

		status = ct_fingerprint(finding, symbols, &finding->fingerprint);
		ct_map_get(&seen, finding->fingerprint, &before);
		if (status == CT_OK)
			status = ct_map_put(&seen, finding->fingerprint, before + 1);
		finding->occurrence = (uint32_t)before + 1;
	}
	ct_map_fini(&seen);
	return status;
}

void ct_fingerprint_write(const struct ct_finding *finding, char *out)
{
	snprintf(out, CT_FINGERPRINT_BYTES, "%016" PRIx64 ":%" PRIu32, finding->fingerprint,
		 finding->occurrence);
}
