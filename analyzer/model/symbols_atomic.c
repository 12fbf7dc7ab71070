/*
 * Whether memory is declared for atomic accesses.
 */
#include "model/symbols_dwarf.h"

#include <dwarf.h>
#include <string.h>
#include <strings.h>

/* Members that are looked at, of one variable. */
enum { MEMBERS_MAX = 10000 };

struct walk {
	uint64_t size; /* bytes that are asked for */
	unsigned int looked_at;
};

static enum ct_dwarf_atomicity worse(enum ct_dwarf_atomicity a, enum ct_dwarf_atomicity b)
{
	if (a == CT_DWARF_ATOMIC || b == CT_DWARF_ATOMIC)
		return CT_DWARF_ATOMIC;
	return a == CT_DWARF_UNCLEAR ? a : b;
}

/* What types are called that other threads access by a library's calls. */
static enum ct_dwarf_atomicity by_name(Dwarf_Die *type)
{
	static const char *const libraries[] = {"mutex",    "spinlock",	  "rwlock", "seqlock",
						"seqcount", "pthread_",	  "sem_t",  "condition",
						"_flag",    "shared_ptr", "future"};
	const char *name = dwarf_diename(type);

	if (!name)
		return CT_DWARF_PLAIN;
	if (strcasestr(name, "atomic"))
		return CT_DWARF_ATOMIC;
	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++) {
		if (strcasestr(name, libraries[i]))
			return CT_DWARF_UNCLEAR;
	}
	return CT_DWARF_PLAIN;
}

static enum ct_dwarf_atomicity of_declared(struct walk *walk, Dwarf_Die *declared, int64_t offset,
					   int depth);

static enum ct_dwarf_atomicity of_record(struct walk *walk, Dwarf_Die *type, int64_t offset,
					 int depth)
{
	enum ct_dwarf_atomicity result = CT_DWARF_PLAIN;
	Dwarf_Die member;

	if (dwarf_hasattr(type, DW_AT_declaration) || dwarf_child(type, &member) != 0)
		return CT_DWARF_UNCLEAR;
	do {
		int tag = dwarf_tag(&member);
		uint64_t start, size;

		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
		    dwarf_hasattr(&member, DW_AT_external))
			continue;
		if (++walk->looked_at > MEMBERS_MAX || !ct_dwarf_extent(&member, &start, &size) ||
		    start > INT64_MAX || size > INT64_MAX)
			return CT_DWARF_UNCLEAR;
		if (offset + (int64_t)walk->size <= (int64_t)start ||
		    offset >= (int64_t)(start + size))
			continue;
		result = worse(result,
			       of_declared(walk, &member, offset - (int64_t)start, depth + 1));
	} while (ct_dwarf_next(&member));
	return result;
}

/* Of an array's elements any stands for all: of what is asked for, the first may be the end of
 * one, the last the begin of another one. */
static enum ct_dwarf_atomicity of_array(struct walk *walk, Dwarf_Die *type, int64_t offset,
					int depth)
{
	uint64_t size;
	Dwarf_Die element;
	int64_t within;

	if (!ct_dwarf_type(type, &element))
		return CT_DWARF_UNCLEAR;
	size = ct_dwarf_size(&element);
	if (size == 0 || size > INT64_MAX || offset < 0)
		return CT_DWARF_UNCLEAR;
	within = offset % (int64_t)size;
	if (walk->size > size - (uint64_t)within) /* several: all of an element */
		return of_declared(&(struct walk){.size = size}, type, 0, depth + 1);
	return of_declared(walk, type, within, depth + 1);
}

/* `declared` has the type; `offset` may lie before it, if what is asked for begins before. */
static enum ct_dwarf_atomicity of_declared(struct walk *walk, Dwarf_Die *declared, int64_t offset,
					   int depth)
{
	enum ct_dwarf_atomicity result = CT_DWARF_PLAIN;
	Dwarf_Die type = *declared;

	for (int i = 0; i < CT_DWARF_DEPTH && depth < CT_DWARF_DEPTH; i++) {
		Dwarf_Attribute attr;
		Dwarf_Die next;
		int tag;

		if (!dwarf_formref_die(dwarf_attr_integrate(&type, DW_AT_type, &attr), &next))
			return CT_DWARF_UNCLEAR;
		type = next;
		tag = dwarf_tag(&type);
		if (tag == DW_TAG_atomic_type)
			return CT_DWARF_ATOMIC;
		result = worse(result, by_name(&type));
		if (ct_dwarf_is_record(&type))
			return worse(result, of_record(walk, &type, offset, depth));
		if (tag == DW_TAG_array_type)
			return worse(result, of_array(walk, &type, offset, depth));
		if (tag == DW_TAG_base_type || tag == DW_TAG_pointer_type ||
		    tag == DW_TAG_enumeration_type)
			return result;
		if (tag != DW_TAG_typedef && tag != DW_TAG_const_type &&
		    tag != DW_TAG_volatile_type && tag != DW_TAG_restrict_type)
			return CT_DWARF_UNCLEAR;
	}
	return CT_DWARF_UNCLEAR;
}

enum ct_dwarf_atomicity ct_dwarf_atomicity(Dwarf_Die *variable, uint64_t offset, uint64_t size)
{
	struct walk walk = {.size = size ? size : 1};

	if (offset > INT64_MAX || walk.size > UINT16_MAX)
		return CT_DWARF_UNCLEAR;
	return of_declared(&walk, variable, (int64_t)offset, 0);
}
