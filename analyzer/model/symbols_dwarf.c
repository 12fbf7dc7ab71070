#include "model/symbols_dwarf.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

/* The demangler is libstdc++'s, which bounds neither its recursion nor its output by itself. */
enum { MANGLED_MAX = 4096 };

#ifdef CT_DEMANGLE
/* From <cxxabi.h>, which only C++ can include. */
char *__cxa_demangle(const char *mangled, char *buffer, size_t *length, int *out_status);
#endif

static char *demangled(const char *name)
{
#ifdef CT_DEMANGLE
	int status;

	return __cxa_demangle(name, NULL, NULL, &status);
#else
	(void)name;
	return NULL;
#endif
}

const char *ct_dwarf_demangle(struct ct_arena *arena, const char *name)
{
	const char *result = name;
	char *text;

	if (strncmp(name, "_Z", 2) != 0 || strlen(name) > MANGLED_MAX)
		return name;
	text = demangled(name);
	if (text)
		result = ct_arena_strdup(arena, text);
	free(text);
	return result ? result : name;
}

static const char *string_of(Dwarf_Die *die, unsigned int attribute)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr_integrate(die, attribute, &attr));
}

const char *ct_dwarf_name(struct ct_arena *arena, Dwarf_Die *die)
{
	const char *mangled = string_of(die, DW_AT_linkage_name);

	if (!mangled)
		mangled = string_of(die, DW_AT_MIPS_linkage_name);
	if (mangled) {
		const char *name = ct_dwarf_demangle(arena, mangled);

		if (name != mangled)
			return name;
	}
	return string_of(die, DW_AT_name);
}

bool ct_dwarf_number(Dwarf_Die *die, unsigned int attribute, uint64_t *out_number)
{
	Dwarf_Attribute attr;
	Dwarf_Word word;

	if (dwarf_formudata(dwarf_attr_integrate(die, attribute, &attr), &word) != 0)
		return false;
	*out_number = word;
	return true;
}

static bool is_alias(int tag)
{
	return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
	       tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

/* dwarf_peel_type would follow a typedef of itself for ever. */
bool ct_dwarf_type(Dwarf_Die *die, Dwarf_Die *out_type)
{
	Dwarf_Die type = *die;

	for (int i = 0; i < CT_DWARF_DEPTH; i++) {
		Dwarf_Attribute attr;
		Dwarf_Die next;

		if (!dwarf_formref_die(dwarf_attr_integrate(&type, DW_AT_type, &attr), &next))
			return false;
		type = next;
		if (!is_alias(dwarf_tag(&type))) {
			*out_type = type;
			return true;
		}
	}
	return false;
}

/* dwarf_siblingof follows what the file says, so damage could lead it round in circles. */
bool ct_dwarf_next(Dwarf_Die *die)
{
	Dwarf_Off before = dwarf_dieoffset(die);

	return dwarf_siblingof(die, die) == 0 && dwarf_dieoffset(die) > before;
}

/* Without the detours that builds in other folders make. */
static const char *plain_path(struct ct_arena *arena, const char *path)
{
	char *copy = ct_path_is_plain(path) ? NULL : ct_arena_strdup(arena, path);

	if (copy)
		ct_path_make_plain(copy);
	return copy ? copy : path;
}

const char *ct_dwarf_path(struct ct_arena *arena, Dwarf_Die *unit, const char *file)
{
	Dwarf_Attribute attr;
	const char *folder = NULL;
	const char *joined = NULL;

	if (!file)
		return NULL;
	if (file[0] != '/')
		folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attr));
	if (folder)
		joined = ct_arena_printf(arena, "%s/%s", folder, file);
	return plain_path(arena, joined ? joined : file);
}
