/*
 * From a return address to the functions that contain the call: the one with a frame of its own
 * and those inlined into it.
 */
#include "model/symbols_binary.h"

#include "model/symbols_dwarf.h"

#include <dwarf.h>
#include <limits.h>
#include <string.h>

/* From the function inwards; the rest of a deeper nest is left out. */
struct nest {
	Dwarf_Die dies[CT_DWARF_DEPTH];
	int count;
};

struct place {
	const char *file;
	int line;
};

static struct place place_of_code(struct ct_arena *arena, struct ct_unit *unit, uint64_t address)
{
	Dwarf_Line *line = dwarf_getsrc_die(&unit->die, address);
	struct place place = {0};

	if (!line)
		return place;
	place.file = ct_dwarf_path(arena, &unit->die, dwarf_linesrc(line, NULL, NULL));
	if (dwarf_lineno(line, &place.line) != 0)
		place.line = 0;
	return place;
}

/* Where the call stood that was replaced by the inlined function's body. */
static struct place place_of_call(struct ct_arena *arena, struct ct_unit *unit, Dwarf_Die *inlined)
{
	struct place place = {0};
	uint64_t file, line;
	Dwarf_Files *files;
	size_t count;

	if (ct_dwarf_number(inlined, DW_AT_call_file, &file) &&
	    dwarf_getsrcfiles(&unit->die, &files, &count) == 0 && file < count)
		place.file =
			ct_dwarf_path(arena, &unit->die, dwarf_filesrc(files, file, NULL, NULL));
	if (ct_dwarf_number(inlined, DW_AT_call_line, &line) && line <= INT_MAX)
		place.line = (int)line;
	return place;
}

/* The child of `die` that the address is in; other children have no code. */
static bool descend(Dwarf_Die *die, uint64_t address)
{
	Dwarf_Die child;

	if (dwarf_child(die, &child) != 0)
		return false;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_subprogram: /* gcc's nested functions */
		case DW_TAG_inlined_subroutine:
		case DW_TAG_lexical_block:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
			if (dwarf_haspc(&child, address) != 1)
				break;
			*die = child;
			return true;
		default:
			break;
		}
	} while (ct_dwarf_next(&child));
	return false;
}

static void find_nest(struct ct_unit *unit, uint64_t address, struct nest *nest)
{
	Dwarf_Die *function = ct_unit_function(unit, address);
	Dwarf_Die die;

	nest->count = 0;
	if (!function)
		return;
	die = *function;
	nest->dies[nest->count++] = die;
	while (descend(&die, address) && nest->count < CT_DWARF_DEPTH) {
		if (dwarf_tag(&die) == DW_TAG_subprogram)
			nest->count = 0;
		if (dwarf_tag(&die) != DW_TAG_lexical_block &&
		    dwarf_tag(&die) != DW_TAG_try_block && dwarf_tag(&die) != DW_TAG_catch_block)
			nest->dies[nest->count++] = die;
	}
}

bool ct_binary_innermost(struct ct_binary *binary, uint64_t address, Dwarf_Die *out_function)
{
	struct ct_units *units = ct_binary_units(binary);
	struct ct_unit *unit = ct_units_find(units, address);
	struct nest nest = {.count = 0};

	if (unit)
		find_nest(unit, address - units->bias, &nest);
	if (!nest.count)
		return false;
	*out_function = nest.dies[nest.count - 1];
	return true;
}

static const char *elf_function(struct ct_binary *binary, uint64_t address)
{
	const struct ct_elf_symbol *symbol =
		ct_elf_find(&ct_binary_elf(binary)->functions, address);

	return symbol ? ct_elf_function_name(binary->arena, symbol) : NULL;
}

/* `place` is that of the innermost frame; each further one goes on where its callee was called. */
static void fill_nest(struct ct_binary *binary, struct ct_unit *unit, struct nest *nest,
		      struct place place, struct ct_frame *frames)
{
	for (int i = 0; i < nest->count; i++) {
		Dwarf_Die *die = &nest->dies[nest->count - 1 - i];

		frames[i].function = ct_dwarf_name(binary->arena, die);
		frames[i].file = place.file;
		frames[i].line = place.line;
		frames[i].inlined = i + 1 < nest->count;
		if (frames[i].inlined)
			place = place_of_call(binary->arena, unit, die);
	}
}

static const struct ct_frame_run *make_run(struct ct_binary *binary, uint64_t return_address)
{
	struct ct_units *units = ct_binary_units(binary);
	uint64_t address = return_address - 1, pc = address - units->bias;
	struct ct_unit *unit = ct_units_find(units, address);
	struct place place = {0};
	struct nest nest = {.count = 0};
	struct ct_frame_run *run = ct_arena_alloc(binary->arena, sizeof(*run));
	struct ct_frame *frames;
	size_t count;

	if (unit) {
		find_nest(unit, pc, &nest);
		place = place_of_code(binary->arena, unit, pc);
	}
	count = nest.count ? (size_t)nest.count : 1;
	frames = ct_arena_calloc(binary->arena, count, sizeof(*frames));
	if (!run || !frames)
		return NULL;
	for (size_t i = 0; i < count; i++)
		frames[i] = (struct ct_frame){
			.file = place.file,
			.line = place.line,
			.module = binary->path,
			.offset = return_address,
		};
	fill_nest(binary, unit, &nest, place, frames);
	if (!frames[count - 1].function)
		frames[count - 1].function = elf_function(binary, address);
	*run = (struct ct_frame_run){frames, count};
	return run;
}

const struct ct_frame_run *ct_binary_frames(struct ct_binary *binary, uint64_t return_address)
{
	const struct ct_frame_run *run;
	uint64_t cached;

	if (ct_map_get(&binary->frame_cache, return_address, &cached))
		return (const struct ct_frame_run *)(uintptr_t)cached;
	run = make_run(binary, return_address);
	if (run) /* if the cache cannot grow, the next call does the work again */
		(void)!ct_map_put(&binary->frame_cache, return_address, (uintptr_t)run);
	return run;
}
