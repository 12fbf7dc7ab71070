#include "model/symbols_elf.h"

#include "base/vec.h"
#include "model/symbols_dwarf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How far back to look for a symbol that covers an address, past smaller ones inside it. */
enum { LOOK_BACK = 16 };

/* libc has four names for many a function; people know the one without underscores. */
static int rank_of(const char *name, const GElf_Sym *symbol)
{
	int rank = 4 * (int)strspn(name, "_");

	if (GELF_ST_BIND(symbol->st_info) == STB_WEAK)
		rank += 1;
	else if (GELF_ST_BIND(symbol->st_info) == STB_LOCAL)
		rank += 2;
	return rank;
}

static struct ct_elf_table *table_of(struct ct_elf_index *index, const GElf_Sym *symbol)
{
	if (symbol->st_shndx == SHN_UNDEF || symbol->st_size == 0)
		return NULL;
	switch (GELF_ST_TYPE(symbol->st_info)) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
		return &index->functions;
	case STT_OBJECT:
	case STT_COMMON:
		return &index->objects;
	case STT_TLS:
		return &index->thread_locals;
	default:
		return NULL;
	}
}

static int compare(const void *a, const void *b)
{
	const struct ct_elf_symbol *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return strcmp(left->name, right->name);
}

static void sort(struct ct_elf_table *table)
{
	if (table->count)
		qsort(table->items, table->count, sizeof(*table->items), compare);
}

static enum ct_status add(struct ct_elf_index *index, const char *name, const GElf_Sym *symbol,
			  uint64_t address)
{
	struct ct_elf_table *table = table_of(index, symbol);
	enum ct_status status;

	if (!table)
		return CT_OK;
	status = ct_vec_grow(&table->items, &table->cap, table->count + 1, sizeof(*table->items));
	if (status)
		return status;
	table->items[table->count++] = (struct ct_elf_symbol){
		.start = address,
		.size = symbol->st_size,
		.name = name,
		.rank = rank_of(name, symbol),
	};
	return CT_OK;
}

enum ct_status ct_elf_read(struct ct_elf_index *index, Dwfl_Module *module)
{
	int count = dwfl_module_getsymtab(module);

	for (int i = 1; i < count; i++) {
		GElf_Sym symbol;
		GElf_Addr address;
		const char *name =
			dwfl_module_getsym_info(module, i, &symbol, &address, NULL, NULL, NULL);
		enum ct_status status = CT_OK;

		if (name && *name)
			status = add(index, name, &symbol, address);
		if (status)
			return status;
	}
	sort(&index->functions);
	sort(&index->objects);
	sort(&index->thread_locals);
	return CT_OK;
}

void ct_elf_fini(struct ct_elf_index *index)
{
	free(index->functions.items);
	free(index->objects.items);
	free(index->thread_locals.items);
	memset(index, 0, sizeof(*index));
}

/* Index after the last symbol that starts at or before `address`. */
static size_t upper_bound(const struct ct_elf_table *table, uint64_t address)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->items[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct ct_elf_symbol *ct_elf_find(const struct ct_elf_table *table, uint64_t address)
{
	const struct ct_elf_symbol *found = NULL;
	size_t end = upper_bound(table, address);

	for (size_t i = end; i > 0 && end - i < LOOK_BACK; i--) {
		const struct ct_elf_symbol *symbol = &table->items[i - 1];

		if (found && symbol->start != found->start)
			break; /* all aliases seen: the best of them stands first */
		if (address - symbol->start < symbol->size)
			found = symbol;
	}
	return found;
}

/* A symbol may begin with a dot, but then it has no name in the source. */
static size_t length_to(const char *name, const char *ends)
{
	return *name ? 1 + strcspn(name + 1, ends) : 0;
}

static const char *cut(struct ct_arena *arena, const char *name, const char *ends)
{
	const char *result = ct_arena_strndup(arena, name, length_to(name, ends));

	return result ? ct_dwarf_demangle(arena, result) : NULL;
}

const char *ct_elf_function_name(struct ct_arena *arena, const struct ct_elf_symbol *symbol)
{
	return cut(arena, symbol->name, "@.");
}

const char *ct_elf_object_name(struct ct_arena *arena, const struct ct_elf_symbol *symbol)
{
	const char *name = symbol->name;
	size_t function = length_to(name, "@.");
	const char *local = name + function + 1;

	if (name[function] != '.' || isdigit((unsigned char)*local) || *local == '\0')
		return cut(arena, name, "@.");
	return ct_arena_printf(arena, "%.*s::%.*s", (int)function, name,
			       (int)length_to(local, "@."), local);
}
