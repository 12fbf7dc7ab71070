#include "model/unseen_order.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

bool ct_has_locked_instruction(const uint8_t *code, size_t size)
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

static bool code_has_lock(Elf *elf)
{
	Elf_Scn *section = NULL;

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

static bool is_note_of(const Elf_Data *data, const struct ct_trace_module *module)
{
	size_t offset = 0, name, id;
	GElf_Nhdr note;

	while ((offset = gelf_getnote((Elf_Data *)data, offset, &note, &name, &id)) > 0)
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof("GNU") &&
		    memcmp((const char *)data->d_buf + name, "GNU", sizeof("GNU")) == 0)
			return note.n_descsz == module->build_id_length &&
			       memcmp((const char *)data->d_buf + id, module->build_id,
				      note.n_descsz) == 0;
	return false;
}

/* Without a build-id in the trace the path has to do. */
static bool is_what_ran(Elf *elf, const struct ct_trace_module *module)
{
	Elf_Scn *section = NULL;

	if (!module->build_id_length)
		return true;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		data = elf_getdata(section, NULL);
		if (data && is_note_of(data, module))
			return true;
	}
	return false;
}

/* A path from a trace may be anything: no waiting for a FIFO. A file that cannot be looked into, or
 * is not the one that ran, may have had any code. */
static bool file_may_order(const struct ct_trace_module *module)
{
	int fd = open(module->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	bool may = true;
	Elf *elf;

	if (fd < 0)
		return true;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    elf_version(EV_CURRENT) != EV_NONE) {
		elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
		may = !elf || !is_what_ran(elf, module) || code_has_lock(elf);
		elf_end(elf);
	}
	close(fd);
	return may;
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
