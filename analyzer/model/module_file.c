#include "model/module_file.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* A path from a trace may be anything: no waiting for a FIFO. */
bool ct_module_file_ask(const struct ct_trace_module *module, bool (*has)(Elf *elf, void *context),
			void *context, bool *out_has)
{
	int fd = open(module->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	bool asked = false;
	Elf *elf = NULL;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    elf_version(EV_CURRENT) != EV_NONE)
		elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf && is_what_ran(elf, module)) {
		*out_has = has(elf, context);
		asked = true;
	}
	elf_end(elf);
	close(fd);
	return asked;
}
