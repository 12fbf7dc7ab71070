#include "model/symbols_compiler.h"

#include <ctype.h>
#include <dwarf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* DWARF 6 numbers that compilers use already. */
enum { LANGUAGE_C17 = 0x2c, LANGUAGE_CPLUSPLUS_17 = 0x2a, LANGUAGE_CPLUSPLUS_20 = 0x2b };
enum { GCC_OLDEST = 5 };

static const char *producer_of(struct ct_unit *unit)
{
	Dwarf_Attribute attr;
	const char *text = dwarf_formstring(dwarf_attr(&unit->content, DW_AT_producer, &attr));

	return text ? text : dwarf_formstring(dwarf_attr(&unit->die, DW_AT_producer, &attr));
}

static enum ct_language language_of(struct ct_unit *unit)
{
	int language = dwarf_srclang(&unit->content);

	switch (language < 0 ? dwarf_srclang(&unit->die) : language) {
	case DW_LANG_C:
	case DW_LANG_C89:
	case DW_LANG_C99:
	case DW_LANG_C11:
	case LANGUAGE_C17:
		return CT_LANGUAGE_C;
	case DW_LANG_C_plus_plus:
	case DW_LANG_C_plus_plus_03:
	case DW_LANG_C_plus_plus_11:
	case DW_LANG_C_plus_plus_14:
	case LANGUAGE_CPLUSPLUS_17:
	case LANGUAGE_CPLUSPLUS_20:
		return CT_LANGUAGE_CPLUSPLUS;
	default:
		return CT_LANGUAGE_OTHER;
	}
}

static bool has_word(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at && (at == text || at[-1] == ' ');
}

/* "GNU C17 12.2.0 -mtune=generic -march=x86-64 -g -O2": the last -O counts. */
static bool is_optimised(const char *producer)
{
	bool optimised = has_word(producer, "-flto");

	for (const char *at = producer; (at = strstr(at, " -O")) != NULL; at += 3)
		optimised = at[3] != '0' || has_word(producer, "-flto");
	return optimised;
}

static bool has_new_version(const char *version)
{
	return isdigit((unsigned char)*version) && strtol(version, NULL, 10) >= GCC_OLDEST;
}

static void read_gcc(const char *producer, struct ct_compiler *out)
{
	const char *version = strchr(producer + strlen("GNU "), ' ');

	out->gcc = version && has_new_version(version + 1);
	out->as_written = out->gcc && strncmp(producer, "GNU C", 5) == 0 && !is_optimised(producer);
	out->invents_stores = has_word(producer, "-Ofast") ||
			      has_word(producer, "-fallow-store-data-races") ||
			      has_word(producer, "--param");
}

/* clang does not tell its flags; but of each function that it optimises, that all its calls are
 * described: in DWARF 5, unless there is little debug information at all (then no frame base). */
static bool clang_writes_through(struct ct_unit *unit, uint64_t pc)
{
	Dwarf_Die *function = ct_unit_function(unit, pc);
	Dwarf_Half version;

	return function &&
	       dwarf_cu_info(unit->die.cu, &version, NULL, NULL, NULL, NULL, NULL, NULL) == 0 &&
	       version >= 5 && dwarf_hasattr(function, DW_AT_frame_base) &&
	       !dwarf_hasattr(function, DW_AT_call_all_calls) &&
	       !dwarf_hasattr(function, DW_AT_call_all_tail_calls) &&
	       !dwarf_hasattr(function, DW_AT_GNU_all_call_sites);
}

static Elf_Data *section_data(Elf *elf, const char *name)
{
	size_t names;
	Elf_Scn *section = NULL;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		const char *found;

		if (!gelf_getshdr(section, &header))
			continue;
		found = elf_strptr(elf, names, header.sh_name);
		if (found && strcmp(found, name) == 0)
			return elf_rawdata(section, NULL);
	}
	return NULL;
}

/* "GCC: (Debian 12.2.0-14) 12.2.0" */
static bool is_gcc_comment(const char *text, size_t length)
{
	static const char prefix[] = "GCC: (";
	const char *at = memrchr(text, ')', length);

	return length > sizeof(prefix) && memcmp(text, prefix, sizeof(prefix) - 1) == 0 && at &&
	       at[1] == ' ' && has_new_version(at + 2);
}

/*
 * All compilers (and linkers) that had a part in the file have left a string. The C library's start
 * files leave gcc's, so only what is told by nobody else is gcc's: assembly, and compilers that
 * leave none (Go is known by its tables).
 */
static bool all_by_gcc(struct ct_binary *binary)
{
	GElf_Addr bias;
	Elf *elf = binary->module ? dwfl_module_getelf(binary->module, &bias) : NULL;
	Elf_Data *comment = elf ? section_data(elf, ".comment") : NULL;
	const char *text = comment ? comment->d_buf : NULL;
	bool found = false;

	if (!text || comment->d_size == 0 || text[comment->d_size - 1] != '\0' ||
	    section_data(elf, ".gopclntab") || section_data(elf, ".note.go.buildid"))
		return false;
	for (size_t at = 0; at < comment->d_size;) {
		size_t length = strlen(text + at);

		if (length && !is_gcc_comment(text + at, length))
			return false;
		found |= length > 0;
		at += length + 1;
	}
	return found;
}

void ct_binary_compiler(struct ct_binary *binary, uint64_t address, struct ct_compiler *out)
{
	struct ct_units *units = ct_binary_units(binary);
	struct ct_unit *unit = ct_units_find(units, address);
	const char *producer = unit ? producer_of(unit) : NULL;

	*out = (struct ct_compiler){.language = unit ? language_of(unit) : CT_LANGUAGE_OTHER};
	if (!unit)
		out->gcc = all_by_gcc(binary);
	else if (!producer)
		return;
	else if (strncmp(producer, "GNU C", 5) == 0 || strncmp(producer, "GNU GIMPLE", 10) == 0)
		read_gcc(producer, out);
	else if (strstr(producer, "clang version"))
		out->as_written = clang_writes_through(unit, address - units->bias);
}

/* The bytes of the file from an address on, as far as the segment goes, at most `length`. */
static const uint8_t *file_bytes(struct ct_binary *binary, uint64_t address, size_t length)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(binary->module, &bias);
	uint64_t start = address - bias;
	size_t count = 0;

	if (!elf || elf_getphdrnum(elf, &count) != 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;
		Elf_Data *data;

		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD ||
		    !(header.p_flags & PF_X) || start < header.p_vaddr ||
		    start - header.p_vaddr >= header.p_filesz ||
		    length > header.p_filesz - (start - header.p_vaddr))
			continue;
		data = elf_getdata_rawchunk(elf,
					    (int64_t)(header.p_offset + start - header.p_vaddr),
					    length, ELF_T_BYTE);
		return data && data->d_size == length ? data->d_buf : NULL;
	}
	return NULL;
}

static bool is_x86_64(struct ct_binary *binary)
{
	GElf_Addr bias;
	GElf_Ehdr header;
	Elf *elf = dwfl_module_getelf(binary->module, &bias);

	return elf && gelf_getehdr(elf, &header) && header.e_machine == EM_X86_64 &&
	       header.e_ident[EI_CLASS] == ELFCLASS64;
}

bool ct_binary_code(struct ct_binary *binary, uint64_t address, struct ct_machine_code *out)
{
	struct ct_units *units = ct_binary_units(binary);
	struct ct_unit *unit = ct_units_find(units, address);
	uint64_t pc = address - units->bias;
	Dwarf_Die *function = unit ? ct_unit_function(unit, pc) : NULL;
	Dwarf_Addr base, start, end;
	ptrdiff_t position = 0;

	if (!function || !is_x86_64(binary))
		return false;
	while ((position = dwarf_ranges(function, position, &base, &start, &end)) > 0) {
		if (pc < start || pc >= end)
			continue;
		out->start = start + units->bias;
		out->length = end - start;
		out->bytes = file_bytes(binary, out->start, out->length);
		return out->bytes;
	}
	return false;
}

bool ct_binary_source(struct ct_binary *binary, uint64_t address, size_t index,
		      const char **out_path)
{
	struct ct_unit *unit = ct_units_find(ct_binary_units(binary), address);
	Dwarf_Files *files;
	size_t count;

	if (!unit || dwarf_getsrcfiles(&unit->die, &files, &count) != 0 || index >= count)
		return false;
	*out_path =
		ct_dwarf_path(binary->arena, &unit->die, dwarf_filesrc(files, index, NULL, NULL));
	return true;
}

time_t ct_binary_modified(const struct ct_binary *binary)
{
	struct stat status;

	return stat(binary->path, &status) == 0 ? status.st_mtime : 0;
}

/* C's _Atomic is told from DWARF 5 on only. */
static bool tells_atomic(Dwarf_Die *variable)
{
	Dwarf_Half version;
	Dwarf_Die unit;
	int language;

	if (dwarf_cu_info(variable->cu, &version, NULL, NULL, NULL, NULL, NULL, NULL) != 0 ||
	    !dwarf_diecu(variable, &unit, NULL, NULL))
		return false;
	language = dwarf_srclang(&unit);
	return version >= 5 || language == DW_LANG_C_plus_plus ||
	       language == DW_LANG_C_plus_plus_11 || language == DW_LANG_C_plus_plus_14;
}

/* "pool.lanes[3].done" is "done". */
static const char *last_name(struct ct_binary *binary, const char *path)
{
	size_t end = strlen(path), begin;

	while (end > 0 && path[end - 1] == ']') {
		while (end > 0 && path[end - 1] != '[')
			end--;
		end -= end > 0;
	}
	begin = end;
	while (begin > 0 && (isalnum((unsigned char)path[begin - 1]) || path[begin - 1] == '_'))
		begin--;
	return begin < end ? ct_arena_strndup(binary->arena, path + begin, end - begin) : NULL;
}

enum ct_dwarf_atomicity ct_binary_atomicity(struct ct_binary *binary, uint64_t address,
					    uint64_t size, const char **out_name)
{
	struct ct_variable *variable = NULL;
	struct ct_symbol_data data;
	uint64_t offset = 0;
	const char *whole = ct_binary_whole(binary, address, &variable, &offset);
	enum ct_dwarf_atomicity result;

	*out_name = NULL;
	if (!whole)
		return CT_DWARF_UNCLEAR;
	/* what a static variable of C++ is initialised under */
	if (strncmp(whole, "_ZGV", 4) == 0 || strncmp(whole, "guard variable", 14) == 0)
		return CT_DWARF_ATOMIC;
	if (!variable)
		return CT_DWARF_UNCLEAR;
	result = ct_dwarf_atomicity(&variable->die, offset, size);
	if (result != CT_DWARF_PLAIN)
		return result;
	if (!tells_atomic(&variable->die) || !ct_binary_data(binary, address, size, &data))
		return CT_DWARF_UNCLEAR;
	*out_name = last_name(binary, data.name);
	return *out_name ? CT_DWARF_PLAIN : CT_DWARF_UNCLEAR;
}
