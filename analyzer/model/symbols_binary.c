#include "model/symbols_binary.h"

#include "base/text.h"
#include "model/symbols_debuglink.h"
#include "model/symbols_dwarf.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Never called: files are opened by us, checked, and reported with their descriptor. */
static int find_no_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
		       char **out_path, Elf **out_elf)
{
	(void)module, (void)user, (void)name, (void)base, (void)out_path, (void)out_elf;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = find_no_elf,
	.find_debuginfo = ct_debuglink_find,
	.section_address = dwfl_offline_section_address,
};

/* What the kernel maps by itself, as dl_iterate_phdr or /proc/PID/maps calls it. */
static bool is_virtual(const char *path)
{
	return path[0] == '\0' || path[0] == '[' || strncmp(path, "linux-vdso", 10) == 0;
}

/* A path from a trace may be anything: no waiting for a FIFO, no reading of devices. */
static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The kernel marks the path of a file that was removed; it may have been built again since. */
static char *without_mark(struct ct_arena *arena, const char *path)
{
	static const char mark[] = " (deleted)";
	size_t length = strlen(path), mark_length = sizeof(mark) - 1;

	if (length > mark_length && strcmp(path + length - mark_length, mark) == 0)
		length -= mark_length;
	return ct_arena_strndup(arena, path, length);
}

static bool same_build_id(Dwfl_Module *module, const uint8_t *build_id, size_t length)
{
	const unsigned char *bits = NULL;
	GElf_Addr address;
	int found = dwfl_module_build_id(module, &bits, &address);

	if (found <= 0)
		return length == 0;
	return (size_t)found == length && memcmp(bits, build_id, length) == 0;
}

/* All addresses are then the file's own. */
static bool report(struct ct_binary *binary, const char *path, int fd)
{
	binary->dwfl = dwfl_begin(&callbacks);
	if (!binary->dwfl) {
		close(fd);
		return false;
	}
	dwfl_report_begin(binary->dwfl);
	binary->module = dwfl_report_elf(binary->dwfl, path, path, fd, 0, true);
	if (!binary->module) {
		close(fd); /* not taken over */
		return false;
	}
	return dwfl_report_end(binary->dwfl, NULL, NULL) == 0;
}

static void end_dwfl(struct ct_binary *binary)
{
	if (binary->dwfl)
		dwfl_end(binary->dwfl);
	binary->dwfl = NULL;
	binary->module = NULL;
}

void ct_binary_open(struct ct_binary *binary, struct ct_arena *arena, const char *path,
		    const uint8_t *build_id, size_t build_id_length,
		    enum ct_binary_state *out_state)
{
	char *file;
	int fd;

	memset(binary, 0, sizeof(*binary));
	binary->arena = arena;
	binary->path = path;
	ct_map_init(&binary->frame_cache);
	ct_map_init(&binary->variable_cache);
	if (is_virtual(path)) {
		*out_state = CT_BINARY_VIRTUAL;
		return;
	}
	file = without_mark(arena, path);
	fd = file ? open_file(file) : -1;
	if (fd < 0)
		*out_state = CT_BINARY_MISSING;
	else if (!report(binary, file, fd))
		*out_state = CT_BINARY_FOREIGN;
	else if (!same_build_id(binary->module, build_id, build_id_length))
		*out_state = CT_BINARY_CHANGED;
	else
		*out_state = CT_BINARY_USABLE;
	if (*out_state != CT_BINARY_USABLE)
		end_dwfl(binary);
}

void ct_binary_close(struct ct_binary *binary)
{
	ct_elf_fini(&binary->elf);
	ct_units_fini(&binary->units);
	ct_variables_fini(&binary->variables);
	ct_map_fini(&binary->frame_cache);
	ct_map_fini(&binary->variable_cache);
	end_dwfl(binary);
}

const struct ct_elf_index *ct_binary_elf(struct ct_binary *binary)
{
	if (!binary->elf_read && binary->dwfl) {
		binary->elf_read = true;
		if (ct_elf_read(&binary->elf, binary->module))
			ct_elf_fini(&binary->elf);
	}
	return &binary->elf;
}

struct ct_units *ct_binary_units(struct ct_binary *binary)
{
	if (!binary->units_read && binary->dwfl) {
		binary->units_read = true;
		if (ct_units_read(&binary->units, binary->module))
			ct_units_fini(&binary->units);
	}
	return &binary->units;
}

/* NULL: DWARF does not say it all. */
static const char *source_name(struct ct_binary *binary, struct ct_variable *variable)
{
	const char *name = ct_dwarf_name(binary->arena, &variable->die);

	if (!variable->local || !name)
		return name;
	if (!variable->function)
		return NULL;
	return ct_arena_printf(binary->arena, "%s::%s", variable->function, name);
}

static const char *with_member(struct ct_binary *binary, const char *name,
			       struct ct_variable *variable, uint64_t offset)
{
	const char *result = NULL;
	struct ct_dwarf_part part;
	struct ct_text text;

	ct_text_init(&text);
	ct_text_add(&text, name);
	ct_dwarf_part(&variable->die, offset, 1, &text, &part);
	if (!ct_text_status(&text))
		result = ct_arena_strdup(binary->arena, ct_text_str(&text));
	ct_text_fini(&text);
	return result;
}

static bool is_mangled(const char *name)
{
	return strncmp(name, "_Z", 2) == 0;
}

static const char *whole_name(struct ct_binary *binary, const struct ct_elf_symbol *symbol,
			      struct ct_variable *variable)
{
	const char *name = ct_elf_object_name(binary->arena, symbol);
	const char *source;

	if (!variable || !name)
		return name;
	/* Only the mangled name of a C++ symbol always tells its namespace. */
	if (is_mangled(symbol->name) && !is_mangled(name))
		return name;
	source = source_name(binary, variable);
	return source ? source : name;
}

const char *ct_binary_whole(struct ct_binary *binary, uint64_t address,
			    struct ct_variable **out_variable, uint64_t *out_offset)
{
	const struct ct_elf_symbol *symbol = ct_elf_find(&ct_binary_elf(binary)->objects, address);

	if (!symbol)
		return NULL;
	*out_offset = address - symbol->start;
	*out_variable =
		ct_variables_find(&binary->variables, ct_binary_units(binary), symbol->start);
	return whole_name(binary, symbol, *out_variable);
}

static const char *find_variable(struct ct_binary *binary, uint64_t address)
{
	struct ct_variable *variable;
	uint64_t offset;
	const char *name = ct_binary_whole(binary, address, &variable, &offset);

	return name && variable ? with_member(binary, name, variable, offset) : name;
}

const char *ct_binary_variable(struct ct_binary *binary, uint64_t address)
{
	uint64_t cached;
	const char *name;

	if (ct_map_get(&binary->variable_cache, address, &cached))
		return (const char *)(uintptr_t)cached;
	name = find_variable(binary, address);
	/* If the cache cannot grow, the next call does the work again. */
	(void)!ct_map_put(&binary->variable_cache, address, (uintptr_t)name);
	return name;
}
