#include "access/trap/module.h"

#include <string.h>

/* What the recorder runs on, or what must not be stopped: it would meet itself. */
static const char *const never[] = {
	"libc.so",   "ld-linux",   "libpthread", "libdl.so",   "librt.so",	"libm.so",
	"libstdc++", "libc++",	   "libsupc++",	 "libgcc_s",   "libunwind",	"liblzma.",
	"libZydis.", "libZycore.", "linux-vdso", "linux-gate", "libconctrace.",
};

struct search {
	const char *which;
	struct ct_module *out;
	size_t most, count;
	bool past_first;
};

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_never(const char *name)
{
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		if (strncmp(name, never[i], strlen(never[i])) == 0)
			return true;
	}
	return false;
}

/* "libfoo" and "libfoo.so" name libfoo.so.1 as well. */
static bool matches(const char *name, const char *word, size_t length)
{
	return length && strncmp(name, word, length) == 0 &&
	       (name[length] == '\0' || name[length] == '.');
}

static bool is_wanted(const char *which, const char *name, bool is_program)
{
	const char *word = which;

	if (!is_program && (!*name || is_never(name)))
		return false;
	for (;;) {
		size_t length = strcspn(word, ",");

		if ((length == 4 && memcmp(word, "main", 4) == 0 && is_program) ||
		    (length == 3 && memcmp(word, "all", 3) == 0) ||
		    (!is_program && matches(name, word, length)))
			return true;
		if (!word[length])
			return false;
		word += length + 1;
	}
}

static void add_range(struct ct_range *ranges, unsigned *count, uintptr_t start, size_t size)
{
	if (*count < CT_MODULE_RANGES && size)
		ranges[(*count)++] = (struct ct_range){start, start + size};
}

static void add_header(struct ct_module *module, const ElfW(Phdr) * header)
{
	uintptr_t start = module->base + header->p_vaddr;

	if (header->p_type == PT_GNU_EH_FRAME)
		module->index = (struct ct_range){start, start + header->p_memsz};
	if (header->p_type == PT_GNU_RELRO)
		add_range(module->constants, &module->constant_count, start, header->p_memsz);
	if (header->p_type != PT_LOAD)
		return;
	if (start < module->whole.start)
		module->whole.start = start;
	if (start + header->p_memsz > module->whole.end)
		module->whole.end = start + header->p_memsz;
	if (header->p_flags & PF_W)
		return;
	add_range(module->constants, &module->constant_count, start, header->p_memsz);
	if ((header->p_flags & PF_X) && (header->p_flags & PF_R))
		add_range(module->code, &module->code_count, start, header->p_memsz);
}

static int add_module(struct dl_phdr_info *info, size_t size, void *argument)
{
	struct search *search = argument;
	struct ct_module *module = &search->out[search->count];
	bool is_program = !search->past_first;

	(void)size;
	search->past_first = true;
	if (search->count == search->most ||
	    !is_wanted(search->which, file_name(info->dlpi_name), is_program))
		return 0;
	*module = (struct ct_module){.path = info->dlpi_name,
				     .base = info->dlpi_addr,
				     .whole = {UINTPTR_MAX, 0},
				     .is_program = is_program,
				     .headers = info->dlpi_phdr,
				     .header_count = info->dlpi_phnum};
	for (size_t i = 0; i < module->header_count; i++)
		add_header(module, &module->headers[i]);
	if (module->code_count)
		search->count++;
	return 0;
}

size_t ct_modules_find(const char *which, size_t most, struct ct_module *out)
{
	struct search search = {.which = which, .out = out, .most = most};

	/* In a call of the program's, where pthread_create itself may wait for the loader. */
	dl_iterate_phdr(add_module, &search); /* lint: allow-dl_iterate_phdr not while recording */
	return search.count;
}

static bool is_in(const struct ct_range *ranges, unsigned count, uintptr_t address)
{
	for (unsigned i = 0; i < count; i++) {
		if (address >= ranges[i].start && address < ranges[i].end)
			return true;
	}
	return false;
}

bool ct_module_is_constant(const struct ct_module *module, uintptr_t address)
{
	return is_in(module->constants, module->constant_count, address);
}

bool ct_module_is_code(const struct ct_module *module, uintptr_t address)
{
	return is_in(module->code, module->code_count, address);
}
