#include "report/finding_about.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "finding/lasting.h"
#include "finding/stack.h"
#include "model/names.h"
#include "report/race_words.h"
#include "report/reporter.h"

/* " allocated in add (list.c)", without the line: false and nothing if that is not known. */
static bool add_place(struct ct_text *out, const struct ct_report *in, const char *made,
		      uint32_t process, uint32_t stack)
{
	struct ct_shown_stack shown;

	ct_stack_shown(in->symbols, process, stack, &shown);
	if (!shown.top || !shown.top->function)
		return false;
	ct_text_addf(out, " %s in %s", made, shown.top->function);
	if (shown.top->file)
		ct_text_addf(out, " (%s)", ct_path_base(shown.top->file));
	return true;
}

static void add_block(struct ct_text *out, const struct ct_report *in,
		      const struct ct_named_memory *memory)
{
	const struct ct_place *place = &memory->race->allocated_at;
	struct ct_text words;

	ct_text_init(&words);
	if (memory->data.name)
		ct_lasting_name(&words, memory->data.name, "");
	else
		ct_text_add(&words, "a heap block");
	if (add_place(&words, in, "allocated", place->process, place->stack) || memory->data.name)
		ct_text_add(out, ct_text_str(&words));
	ct_text_fini(&words);
}

static void add_memory(struct ct_text *out, const struct ct_report *in, const struct ct_race *race)
{
	struct ct_named_memory memory;

	ct_named_memory_find(in->naming, race, &memory);
	if (memory.in_block) {
		add_block(out, in, &memory);
	} else if (memory.data.name) {
		ct_lasting_name(out, memory.data.name, "");
		if (memory.data.function)
			ct_text_addf(out, " of %s", memory.data.function);
	}
}

/* The lock's name, else what it is and where it was made. */
static bool add_object(struct ct_text *out, const struct ct_report *in,
		       const struct ct_object *object)
{
	const char *name = ct_lasting_object(in->symbols, object);

	if (name) {
		ct_lasting_name(out, name, "");
		return true;
	}
	if (!object->initialised || !object->creator)
		return false;
	ct_text_add(out, ct_name_kind(object->kind));
	return add_place(out, in, "made", object->creator->process->number, object->init_stack);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(ct_text_str(a), ct_text_str(b));
}

/* In an order that does not depend on where a cycle begins, each once. */
static void add_sorted(struct ct_text *out, struct ct_text *names, size_t count)
{
	if (count)
		qsort(names, count, sizeof(*names), by_bytes);
	for (size_t i = 0; i < count; i++) {
		if (i && by_bytes(&names[i - 1], &names[i]) == 0)
			continue;
		ct_text_addf(out, "%s%s", i ? ", " : "", ct_text_str(&names[i]));
	}
}

/* All of them, or nothing: the others would be taken for the whole. */
static void add_objects(struct ct_text *out, const struct ct_report *in,
			const struct ct_finding *finding)
{
	struct ct_text *names = calloc(2 * finding->step_count + 1, sizeof(*names));
	bool known = true;
	size_t count = 0;

	if (!names)
		out->failed = true;
	for (size_t i = 0; names && i < 2 * finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i / 2];
		const struct ct_object *object = i % 2 ? step->holds : step->wants;

		if (!object)
			continue;
		ct_text_init(&names[count]);
		known &= add_object(&names[count++], in, object);
	}
	if (known)
		add_sorted(out, names, count);
	for (size_t i = 0; i < count; i++)
		ct_text_fini(&names[i]);
	free(names);
}

void ct_finding_about(struct ct_text *out, const struct ct_report *in,
		      const struct ct_finding *finding)
{
	if (finding->race)
		add_memory(out, in, finding->race);
	else if (finding->object)
		(void)add_object(out, in, finding->object);
	else
		add_objects(out, in, finding);
}
