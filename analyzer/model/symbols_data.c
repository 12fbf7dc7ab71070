/*
 * What lies at an address of data, or at an offset of a block: the part of a variable or of a
 * type that was read or written, as the source calls it.
 */
#include "model/symbols_binary.h"

#include "model/symbols_dwarf.h"

#include <dwarf.h>
#include <limits.h>

/* The text as a string in the arena, and its end; NULL if it is empty or memory ran out. */
static const char *keep(struct ct_binary *binary, struct ct_text *text)
{
	const char *result = NULL;

	if (text->len && !ct_text_status(text))
		result = ct_arena_strdup(binary->arena, ct_text_str(text));
	ct_text_fini(text);
	return result;
}

/* dwarf_decl_file takes file 0 for none, which in DWARF 5 is the unit's own. */
static const char *declared_in(Dwarf_Die *variable, Dwarf_Die *unit)
{
	Dwarf_Files *files;
	Dwarf_Half version;
	uint64_t file;
	size_t count;

	if (!ct_dwarf_number(variable, DW_AT_decl_file, &file) ||
	    dwarf_cu_info(unit->cu, &version, NULL, NULL, NULL, NULL, NULL, NULL) != 0 ||
	    (file == 0 && version < 5) || dwarf_getsrcfiles(unit, &files, &count) != 0 ||
	    file >= count)
		return NULL;
	return dwarf_filesrc(files, file, NULL, NULL);
}

static void set_definition(struct ct_binary *binary, Dwarf_Die *variable,
			   struct ct_symbol_data *out)
{
	Dwarf_Die unit;
	uint64_t line;

	if (dwarf_diecu(variable, &unit, NULL, NULL))
		out->file = ct_dwarf_path(binary->arena, &unit, declared_in(variable, &unit));
	if (ct_dwarf_number(variable, DW_AT_decl_line, &line) && line <= INT_MAX)
		out->line = (int)line;
}

/* The part of `whole` (a variable, or a pointer's type) that is accessed; `name` is the whole's. */
static void set_part(struct ct_binary *binary, const char *name, Dwarf_Die *whole, uint64_t offset,
		     uint64_t size, struct ct_symbol_data *out)
{
	struct ct_dwarf_part part;
	struct ct_text path, type, fields;

	ct_text_init(&path);
	ct_text_init(&type);
	ct_text_init(&fields);
	ct_text_add(&path, name);
	ct_dwarf_part(whole, offset, size, &path, &part);
	ct_dwarf_type_name(&part.declared, &type);
	ct_dwarf_bit_fields(&part, size, &fields);
	out->name = keep(binary, &path);
	out->type = keep(binary, &type);
	out->fields = keep(binary, &fields);
	out->offset = part.offset;
	out->whole = part.size;
}

bool ct_binary_data(struct ct_binary *binary, uint64_t address, uint64_t size,
		    struct ct_symbol_data *out)
{
	struct ct_variable *variable = NULL;
	uint64_t offset = 0;
	const char *name = ct_binary_whole(binary, address, &variable, &offset);

	*out = (struct ct_symbol_data){.name = name, .offset = offset};
	if (!name)
		return false;
	if (variable) {
		set_part(binary, name, &variable->die, offset, size, out);
		set_definition(binary, &variable->die, out);
	}
	return out->name;
}

/* The types of a size that pointers in a function lead to. */
struct search {
	uint64_t size;
	Dwarf_Die pointer; /* the type of one of them */
	Dwarf_Off target;  /* 0: none yet */
	bool several;
};

/* "void *" and the like tell nothing, nor does a pointer to a plain number. */
static void look_at_pointer(void *state, Dwarf_Die *variable)
{
	struct search *search = state;
	Dwarf_Die pointer, target;
	int tag;

	if (!ct_dwarf_type(variable, &pointer) || dwarf_tag(&pointer) != DW_TAG_pointer_type ||
	    !ct_dwarf_type(&pointer, &target))
		return;
	tag = dwarf_tag(&target);
	if ((tag != DW_TAG_structure_type && tag != DW_TAG_class_type &&
	     tag != DW_TAG_union_type) ||
	    !dwarf_diename(&target) || ct_dwarf_size(&target) != search->size)
		return;
	if (search->target && search->target != dwarf_dieoffset(&target))
		search->several = true;
	search->target = dwarf_dieoffset(&target);
	search->pointer = pointer;
}

typedef void visit_fn(void *state, Dwarf_Die *variable);

/* All variables and parameters of a function, and of what was inlined into it; `pc` other than 0:
 * of those only what can be named at this address of the function's code. */
static void each_variable(Dwarf_Die *scope, uint64_t pc, int depth, visit_fn *visit, void *state)
{
	Dwarf_Die child;

	if (depth == CT_DWARF_DEPTH || dwarf_child(scope, &child) != 0)
		return;
	do {
		int tag = dwarf_tag(&child);

		if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter)
			visit(state, &child);
		else if ((tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) &&
			 (!pc || dwarf_haspc(&child, pc) == 1))
			each_variable(&child, pc, depth + 1, visit, state);
	} while (ct_dwarf_next(&child));
}

static Dwarf_Die *function_at(struct ct_binary *binary, uint64_t return_address)
{
	struct ct_units *units = ct_binary_units(binary);
	struct ct_unit *unit = ct_units_find(units, return_address - 1);

	return unit ? ct_unit_function(unit, return_address - 1 - units->bias) : NULL;
}

bool ct_binary_block(struct ct_binary *binary, uint64_t return_address, uint64_t block_size,
		     uint64_t offset, uint64_t size, struct ct_symbol_data *out)
{
	Dwarf_Die *function = function_at(binary, return_address);
	struct search search = {.size = block_size};
	Dwarf_Die target;

	*out = (struct ct_symbol_data){0};
	if (!function)
		return false;
	each_variable(function, 0, 0, look_at_pointer, &search);
	if (!search.target || !ct_dwarf_type(&search.pointer, &target))
		return false;
	if (!search.several)
		set_part(binary, dwarf_diename(&target), &search.pointer, offset, size, out);
	return true;
}

/* Whether what variables of a function are relative to is a multiple of 16, as calls have it. */
static bool has_aligned_frame(Dwarf_Die *function)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_attr(function, DW_AT_frame_base, &attr) ||
	    dwarf_getlocation(&attr, &ops, &count) != 0 || count != 1)
		return false;
	return ops[0].atom == DW_OP_call_frame_cfa || ops[0].atom == DW_OP_reg6 /* rbp */;
}

/* One place in memory, relative to the frame, for all of the function. */
static bool frame_offset(Dwarf_Die *variable, uint64_t *out_offset)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_attr(variable, DW_AT_location, &attr) ||
	    dwarf_getlocation(&attr, &ops, &count) != 0 || count != 1 || ops[0].atom != DW_OP_fbreg)
		return false;
	*out_offset = ops[0].number;
	return true;
}

static bool is_whole_part(Dwarf_Die *variable, uint64_t offset, uint64_t size)
{
	struct ct_dwarf_part part;
	struct ct_text path;

	ct_text_init(&path);
	ct_dwarf_part(variable, offset, size, &path, &part);
	ct_text_fini(&path);
	return part.offset == 0 && part.size == size;
}

/* The variable may be at the address if one of its parts that have just that size lies as far from
 * a multiple of 16 as the address does. */
static void look_at_local(void *state, Dwarf_Die *variable)
{
	struct ct_local_search *search = state;
	uint64_t frame, whole, first;
	Dwarf_Die type;

	if (!dwarf_diename(variable) || !frame_offset(variable, &frame) ||
	    !ct_dwarf_type(variable, &type))
		return;
	whole = ct_dwarf_size(&type);
	first = (search->address - frame) % 16;
	for (uint64_t at = first; at + search->size <= whole; at += 16) {
		if (!is_whole_part(variable, at, search->size))
			continue;
		if (search->found &&
		    dwarf_dieoffset(&search->variable) != dwarf_dieoffset(variable))
			search->several = true;
		search->parts += !search->found || search->offset != at;
		search->found = true;
		search->variable = *variable;
		search->offset = at;
	}
}

void ct_binary_local(struct ct_binary *binary, uint64_t return_address,
		     struct ct_local_search *search, struct ct_symbol_data *out)
{
	Dwarf_Die *function = function_at(binary, return_address);
	bool found = search->found;

	if (!function || !has_aligned_frame(function))
		return;
	each_variable(function, return_address - 1 - ct_binary_units(binary)->bias, 0,
		      look_at_local, search);
	if (!search->found || found)
		return;
	*out = (struct ct_symbol_data){.function = ct_dwarf_name(binary->arena, function)};
	set_definition(binary, &search->variable, out);
	if (search->parts == 1)
		set_part(binary, dwarf_diename(&search->variable), &search->variable,
			 search->offset, search->size, out);
	else
		out->name = dwarf_diename(&search->variable);
}

/* Source: Drepper, "ELF Handling For Thread-Local Storage", 2013: variant II of x86-64, where the
 * executable's block ends at the thread pointer. */
static uint64_t thread_local_size(struct ct_binary *binary)
{
	GElf_Addr bias;
	Elf *elf = binary->module ? dwfl_module_getelf(binary->module, &bias) : NULL;
	size_t count = 0;

	if (!elf || elf_getphdrnum(elf, &count) != 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;
		uint64_t align;

		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_TLS)
			continue;
		align = header.p_align ? header.p_align : 1;
		return (header.p_memsz + align - 1) / align * align;
	}
	return 0;
}

const char *ct_binary_thread_local(struct ct_binary *binary, uint64_t below)
{
	uint64_t size = thread_local_size(binary);
	const struct ct_elf_symbol *symbol;

	if (below == 0 || below > size)
		return NULL;
	symbol = ct_elf_find(&ct_binary_elf(binary)->thread_locals, size - below);
	return symbol ? ct_elf_object_name(binary->arena, symbol) : NULL;
}
