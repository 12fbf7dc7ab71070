/*
 * What the section headers of a module's file say. They are not loaded with it, so the file is
 * looked at; it may have been replaced since, and is believed only if its program headers are those
 * in memory.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "access/trap/module.h"
#include "sys/kernel.h"

struct file {
	const uint8_t *bytes;
	size_t size;
};

static bool open_file(const char *path, struct file *out)
{
	struct stat facts;
	long memory = -1;
	int fd = ct_sys_open(path, O_RDONLY, 0);

	if (fd < 0)
		return false;
	if (ct_sys_fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
	    (size_t)facts.st_size >= sizeof(Elf64_Ehdr))
		memory = CT_SYS(SYS_mmap, 0, facts.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	ct_sys_close(fd);
	if (memory < 0 && memory > -4096)
		return false;
	*out = (struct file){(const uint8_t *)memory, (size_t)facts.st_size};
	return true;
}

/* `count` things of `size` bytes; NULL: not all of them are in the file. */
static const void *file_part(const struct file *file, uint64_t offset, uint64_t count, size_t size)
{
	if (offset > file->size || count > (file->size - offset) / size)
		return NULL;
	return file->bytes + offset;
}

static bool is_of_module(const struct file *file, const struct ct_module *module)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file->bytes;
	const void *headers;

	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phnum != module->header_count ||
	    header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shoff % 8)
		return false;
	headers = file_part(file, header->e_phoff, header->e_phnum, sizeof(Elf64_Phdr));
	return headers &&
	       memcmp(headers, module->headers, header->e_phnum * sizeof(Elf64_Phdr)) == 0;
}

static bool is_named(const struct file *file, const Elf64_Shdr *names, const Elf64_Shdr *section,
		     const char *name)
{
	size_t size = strlen(name) + 1;
	const char *start;

	if (section->sh_name > names->sh_size || size > names->sh_size - section->sh_name)
		return false;
	start = file_part(file, names->sh_offset + section->sh_name, size, 1);
	return start && memcmp(start, name, size) == 0;
}

static bool is_in_code(const struct ct_module *module, uintptr_t start, uint64_t size)
{
	for (unsigned i = 0; i < module->code_count; i++) {
		if (start >= module->code[i].start && start < module->code[i].end &&
		    size <= module->code[i].end - start)
			return true;
	}
	return false;
}

static void read_sections(const struct file *file, struct ct_module *module)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file->bytes;
	const Elf64_Shdr *sections =
		file_part(file, header->e_shoff, header->e_shnum, sizeof(*sections));
	struct ct_range code[CT_MODULE_RANGES];
	unsigned count = 0;

	if (!sections || header->e_shstrndx >= header->e_shnum)
		return;
	for (unsigned i = 1; i < header->e_shnum; i++) {
		const Elf64_Shdr *section = &sections[i];
		uintptr_t start = module->base + section->sh_addr;

		if (is_named(file, &sections[header->e_shstrndx], section, "__rseq_cs"))
			module->has_rseq = true;
		if (!(section->sh_flags & SHF_EXECINSTR) || !section->sh_size)
			continue;
		if (count == CT_MODULE_RANGES || !is_in_code(module, start, section->sh_size))
			return;
		code[count++] = (struct ct_range){start, start + section->sh_size};
	}
	if (!count)
		return;
	memcpy(module->code, code, sizeof(code));
	module->code_count = count;
	module->knows_sections = true;
}

void ct_module_read_sections(struct ct_module *module)
{
	struct file file;

	if (!open_file(module->is_program ? "/proc/self/exe" : module->path, &file))
		return;
	if (is_of_module(&file, module))
		read_sections(&file, module);
	ct_sys_unmap((void *)(uintptr_t)file.bytes, file.size);
}
