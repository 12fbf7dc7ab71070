#include "detect/caught_sides.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "detect/written_name.h"
#include "finding/race.h"
#include "finding/stack.h"
#include "model/access.h"
#include "model/symbols_binary.h"
#include "model/symbols_compiler.h"

/* Offsets in a page are the same in all processes that share it. */
enum { PAGE_BYTES = 4096 };

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_names(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !a - !b;
}

/* By file and line; else by where in which module the code is. */
static int compare_places(const struct ct_race *race, struct ct_symbols *symbols)
{
	struct ct_shown_stack shown[2];
	const struct ct_frame *a, *b;
	int order;

	for (int i = 0; i < 2; i++)
		ct_stack_shown(symbols, race->sides[i].place.process, race->sides[i].place.stack,
			       &shown[i]);
	a = shown[0].top;
	b = shown[1].top;
	if (!a || !b)
		return !a - !b;
	order = compare_names(a->file, b->file);
	if (!order)
		order = compare((uint64_t)a->line, (uint64_t)b->line);
	if (!order)
		order = compare_names(a->module, b->module);
	return order ? order : compare(a->offset, b->offset);
}

static int compare_threads(const struct ct_thread *a, const struct ct_thread *b)
{
	if (!a || !b)
		return !a - !b;
	return compare(a->id, b->id);
}

void ct_caught_sides_order(struct ct_race *race, struct ct_symbols *symbols)
{
	int order = compare_places(race, symbols);
	struct ct_race_side first = race->sides[0];

	if (!order)
		order = compare_threads(race->sides[0].place.thread, race->sides[1].place.thread);
	race->held = race->sides[0].how != CT_CAUGHT_HELD;
	if (order <= 0)
		return;
	race->sides[0] = race->sides[1];
	race->sides[1] = first;
	race->held = !race->held;
	if (race->between_processes)
		race->address = race->sides[0].address +
				(race->address - race->sides[0].address) % PAGE_BYTES;
}

/* Whether the line was written before the program was built. */
static bool is_as_built(struct ct_symbols *symbols, const struct ct_place *place,
			const struct ct_frame *frame, struct ct_sources *sources)
{
	uint64_t return_address;
	struct ct_binary *binary =
		ct_symbols_code(symbols, place->process, place->stack, &return_address);
	time_t modified = 0;
	size_t length;

	return binary && ct_source_all(sources, frame->file, &length, &modified) &&
	       modified <= ct_binary_modified(binary);
}

static bool add_name(struct ct_text *name, struct ct_text *at, const struct ct_race_side *side,
		     struct ct_symbols *symbols, struct ct_sources *sources)
{
	struct ct_shown_stack shown;
	const char *line;
	size_t length;

	if (!(side->kind & CT_ACCESS_WRITE))
		return false;
	ct_stack_shown(symbols, side->place.process, side->place.stack, &shown);
	if (!shown.top || shown.top != shown.frames || !shown.top->file ||
	    !is_as_built(symbols, &side->place, shown.top, sources))
		return false;
	line = ct_source_line(sources, shown.top->file, shown.top->line, &length);
	if (!line || !ct_written_name_add(name, line, length))
		return false;
	ct_text_addf(at, "%s:%d", ct_path_base(shown.top->file), shown.top->line);
	return true;
}

enum ct_status ct_caught_sides_name(struct ct_race *race, struct ct_symbols *symbols,
				    struct ct_sources *sources, struct ct_arena *arena)
{
	enum ct_status status = CT_OK;
	struct ct_text name, at;

	ct_text_init(&name);
	ct_text_init(&at);
	if (add_name(&name, &at, &race->sides[0], symbols, sources) ||
	    add_name(&name, &at, &race->sides[1], symbols, sources)) {
		status = ct_text_status(&name) ? ct_text_status(&name) : ct_text_status(&at);
		if (!status && !(race->called = ct_arena_strdup(arena, ct_text_str(&name))))
			status = CT_ENOMEM;
		if (!status && !(race->called_at = ct_arena_strdup(arena, ct_text_str(&at))))
			status = CT_ENOMEM;
	}
	ct_text_fini(&name);
	ct_text_fini(&at);
	return status;
}
