#include "model/unseen_order.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "model/module_file.h"
#include "model/state.h"

enum { LOCK = 0xf0, TWO_BYTES = 0x0f };

/* cmpxchg, xadd, or cmpxchg16b of memory, by its operation's second byte and its ModRM byte. */
static bool is_exchange(uint8_t operation, uint8_t modrm)
{
	if (modrm >> 6 == 3)
		return false; /* of a register: may not be locked */
	return (operation & 0xfe) == 0xb0 || (operation & 0xfe) == 0xc0 ||
	       (operation == 0xc7 && (modrm >> 3 & 7) == 1);
}

/* xchg of memory, which needs no prefix, by its operation and its ModRM byte. */
static bool is_swap(uint8_t operation, uint8_t modrm)
{
	return (operation & 0xfe) == 0x86 && modrm >> 6 != 3;
}

/* A loop that swaps until it is its turn. The bytes of xchg alone stand in any code. */
static bool has_spin_lock(const uint8_t *code, size_t size)
{
	enum { NEAR = 24, REPEAT = 0xf3, NOP = 0x90 }; /* the last two: pause */

	for (size_t i = 0; i + 1 < size; i++) {
		const uint8_t *pause = memchr(code + i, REPEAT, size - 1 - i);
		size_t last;

		if (!pause)
			return false;
		i = (size_t)(pause - code);
		if (pause[1] != NOP)
			continue;
		last = i + NEAR < size - 1 ? i + NEAR : size - 1;
		for (size_t at = i > NEAR ? i - NEAR : 0; at < last; at++)
			if (is_swap(code[at], code[at + 1]))
				return true;
	}
	return false;
}

static bool has_locked_prefix(const uint8_t *code, size_t size)
{
	enum { LONGEST = 5 }; /* prefix, REX, two bytes of operation, ModRM */
	const uint8_t *end = code + size;

	for (const uint8_t *at = code; at + LONGEST <= end; at++) {
		const uint8_t *after;

		at = memchr(at, LOCK, (size_t)(end - LONGEST - at) + 1);
		if (!at)
			return false;
		after = at + 1 + ((at[1] & 0xf0) == 0x40);
		if (after[0] == TWO_BYTES && is_exchange(after[1], after[2]))
			return true;
	}
	return false;
}

bool ct_has_locked_instruction(const uint8_t *code, size_t size)
{
	return has_locked_prefix(code, size) || has_spin_lock(code, size);
}

static bool code_has_lock(Elf *elf, void *context)
{
	Elf_Scn *section = NULL;

	(void)context;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_PROGBITS ||
		    !(header.sh_flags & SHF_EXECINSTR))
			continue;
		data = elf_rawdata(section, NULL);
		if (data && data->d_buf && ct_has_locked_instruction(data->d_buf, data->d_size))
			return true;
	}
	return false;
}

/* A file that cannot be looked into, or is not the one that ran, may have had any code. */
static bool file_may_order(const struct ct_trace_module *module)
{
	bool has;

	return !ct_module_file_ask(module, code_has_lock, NULL, &has) || has;
}

/* Their calls are what the hooks see; what is left inside of them orders nothing for others. */
static bool is_runtime(const char *path)
{
	static const char *const names[] = {
		"ld-linux",   "ld.so",	      "libc.so",      "libc-",	    "libm.so",
		"libm-",      "libmvec",      "libpthread",   "librt",	    "libdl",
		"libutil.so", "libresolv",    "libnss_",      "libanl",	    "libBrokenLocale",
		"libgcc_s",   "libstdc++.so", "libc++.so",    "libc++abi",  "libunwind",
		"libatomic",  "libconctrace", "libthread_db", "linux-vdso",
	};
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	if (base[0] == '\0' || base[0] == '[')
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(base, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool contains(const struct ct_trace_module *module, const struct ct_trace_instrumented *at)
{
	return at->process == module->process && at->image == module->image &&
	       module->start <= at->address && at->address < module->end;
}

/* In whatever process: a child need not say again what its parent said of the same file. */
static bool is_instrumented(const struct ct_trace *trace, const struct ct_trace_module *module)
{
	for (size_t i = 0; i < trace->instrumented_count; i++)
		for (size_t j = 0; j < trace->module_count; j++)
			if (contains(&trace->modules[j], &trace->instrumented[i]) &&
			    strcmp(trace->modules[j].path, module->path) == 0)
				return true;
	return false;
}

static const char *find(const struct ct_trace *trace, uint32_t process)
{
	if (!trace->instrumented_count)
		return NULL;
	for (size_t i = 0; i < trace->module_count; i++) {
		const struct ct_trace_module *module = &trace->modules[i];

		if (module->process == process && !is_runtime(module->path) &&
		    !is_instrumented(trace, module) && file_may_order(module))
			return module->path;
	}
	return NULL;
}

const char *ct_unseen_order(const struct ct_model *model, const struct ct_process *process)
{
	struct ct_map *known = &ct_model_state(model)->unseen_order;
	uint64_t path = 0;

	if (ct_map_get(known, process->number, &path))
		return (const char *)(uintptr_t)path;
	path = (uintptr_t)find(model->trace, process->number);
	if (ct_map_put(known, process->number, path) != CT_OK)
		return (const char *)(uintptr_t)path; /* without memory it is asked again */
	return (const char *)(uintptr_t)path;
}

const char *ct_unseen_owner(const struct ct_model *model, const struct ct_process *process,
			    uint64_t address)
{
	const struct ct_trace *trace = model->trace;

	for (size_t i = 0; i < trace->module_count; i++) {
		const struct ct_trace_module *module = &trace->modules[i];

		if (module->process == process->number && module->start <= address &&
		    address < module->end && is_runtime(module->path) &&
		    !is_instrumented(trace, module))
			return module->path;
	}
	return NULL;
}
