/*
 * Suppressions of what was found, as a beginning: by the names of its objects and its stacks.
 */
#include <string.h>

#include "base/text.h"
#include "finding/finding.h"
#include "finding/fingerprint.h"
#include "finding/lasting.h"
#include "finding/stack.h"
#include "finding/suppression.h"
#include "finding/suppression_set.h"
#include "model/names.h"

enum {
	FRAMES_MAX = 16, /* of a stack */
	STACKS_MAX = 16, /* of a finding */
	OBJECTS_MAX = 16,
	NAME_MAX_BYTES = 150, /* the rest of a longer one is "*" */
	COLUMN_MAX = 80,
};

struct generating {
	struct ct_text *out;
	struct ct_symbols *symbols;
	struct ct_naming *naming;
	size_t stacks, objects;
	const char *written[OBJECTS_MAX]; /* names of objects; borrowed */
};

/* The colon of a namespace that is called as a kind of part is: "lib::f". */
static bool ends_prefix(const char *name, size_t colon)
{
	return (colon == 4 && strncmp(name, "file", 4) == 0) ||
	       (colon == 3 && strncmp(name, "lib", 3) == 0);
}

/* As a glob that matches it. What means something in the file is "?", any byte. `stars`: a "*" of
 * the name is meant as any text. */
static void add_name_as_glob(struct ct_text *out, const char *name, bool stars)
{
	size_t length = strlen(name), start = out->len;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)name[i];
		bool at_end = i == 0 || i + 1 == length;

		if (out->len - start >= NAME_MAX_BYTES) {
			ct_text_addc(out, '*');
			return;
		}
		if ((c == '*' && !stars) || c == '\\' || c == '?' ||
		    (c == ':' && ends_prefix(name, i)))
			ct_text_addc(out, '\\');
		if (c < ' ' || c >= 0x7f || c == ';' || (c == ' ' && at_end) ||
		    (c == '.' && i == 0) ||
		    (c == '<' && (at_end || (name[i - 1] == ' ' && name[i + 1] == ' '))))
			ct_text_addc(out, '?');
		else
			ct_text_addc(out, (char)c);
	}
}

static void add_glob(struct ct_text *out, const char *name)
{
	add_name_as_glob(out, name, false);
}

static void add_frame(struct ct_text *out, const struct ct_frame *frame)
{
	if (frame->function) {
		add_glob(out, frame->function);
	} else if (frame->file) {
		ct_text_add(out, "file:");
		add_glob(out, ct_path_base(frame->file));
	} else if (frame->module) {
		ct_text_add(out, "lib:");
		add_glob(out, ct_path_base(frame->module));
	} else {
		ct_text_addc(out, '*');
	}
}

static void add_stack(struct generating *g, const struct ct_place *place)
{
	struct ct_shown_stack shown;
	size_t count, begin = g->out->len;

	ct_stack_shown(g->symbols, place->process, place->stack, &shown);
	if (!shown.count || g->stacks == STACKS_MAX)
		return;
	g->stacks++;
	count = shown.count - (size_t)(shown.top - shown.frames);
	ct_text_add(g->out, "stack = ");
	for (size_t i = 0; i < count && i < FRAMES_MAX; i++) {
		struct ct_text part;

		ct_text_init(&part);
		add_frame(&part, &shown.top[i]);
		if (i && g->out->len - begin + part.len > COLUMN_MAX) {
			ct_text_add(g->out, "\n\t");
			begin = g->out->len;
		} else if (i) {
			ct_text_addc(g->out, ' ');
		}
		ct_text_addf(g->out, "%s%s", i ? "< " : "", ct_text_str(&part));
		ct_text_fini(&part);
	}
	ct_text_addc(g->out, '\n');
}

static void add_name(struct generating *g, const char *name)
{
	ct_text_add(g->out, "object = ");
	add_glob(g->out, name);
	ct_text_addc(g->out, '\n');
}

/* Each name once, as one glob may match several objects. */
static void add_object(struct generating *g, const struct ct_object *object)
{
	const char *name = object ? ct_lasting_object(g->symbols, object) : NULL;

	for (size_t i = 0; name && i < g->objects; i++)
		if (strcmp(g->written[i], name) == 0)
			return;
	if (!name || !*name || g->objects == OBJECTS_MAX)
		return;
	g->written[g->objects++] = name;
	add_name(g, name);
}

/* Any element of an array is meant. */
static void add_memory(struct generating *g, const struct ct_race *race)
{
	const struct ct_thread *thread = race->sides[0].place.thread;
	struct ct_text name;

	if (g->naming && g->naming->model && g->naming->model->trace->text && thread) {
		const char *variable = ct_name_variable(g->naming, thread->process, race->address);

		if (variable)
			add_name(g, variable);
		return;
	}
	ct_text_init(&name);
	if (ct_lasting_memory(&name, g->symbols, race, "*") && ct_text_status(&name) == CT_OK) {
		ct_text_add(g->out, "object = ");
		add_name_as_glob(g->out, ct_text_str(&name), true);
		ct_text_addc(g->out, '\n');
	}
	ct_text_fini(&name);
}

static void add_parts(struct generating *g, const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;

	for (size_t i = 0; i < finding->step_count; i++) {
		add_object(g, finding->steps[i].holds);
		add_object(g, finding->steps[i].wants);
	}
	if (race)
		add_memory(g, race);
	for (size_t i = 0; i < finding->step_count; i++) {
		add_stack(g, &finding->steps[i].held_at);
		add_stack(g, &finding->steps[i].wanted_at);
	}
	if (race && race->check)
		add_stack(g, &race->check->place);
	for (int i = 0; race && i < 2; i++)
		add_stack(g, &race->sides[i].place);
	for (size_t i = 0; i < finding->place_count; i++)
		add_stack(g, &finding->places[i]);
}

void ct_suppression_generate(struct ct_text *out, const struct ct_finding *finding,
			     const char *headline, struct ct_symbols *symbols,
			     struct ct_naming *naming)
{
	struct generating g = {.out = out, .symbols = symbols, .naming = naming};
	char id[CT_FINGERPRINT_BYTES];
	size_t before;

	ct_fingerprint_write(finding, id);
	ct_text_addf(out, "; %s: ", id);
	ct_text_add_printable(out, headline);
	ct_text_addf(out, "\n[%s]\nreason = (say why)\n", finding->rule->id);
	before = out->len;
	add_parts(&g, finding);
	if (out->len == before)
		ct_text_add(out, "; nothing else is known of it: this hides all of its rule\n");
	ct_text_addc(out, '\n');
}
