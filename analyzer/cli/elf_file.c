#include "cli/elf_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { SEGMENTS_MAX = 128 };

/* The next word of a line; "" at its end. Words that do not fit are left out. */
static const char *take_word(const char *text, char *out, size_t size)
{
	size_t length;

	text += strspn(text, " \t");
	length = strcspn(text, " \t\n");
	if (length < size) {
		memcpy(out, text, length);
		out[length] = '\0';
	}
	return text + length;
}

static void read_script(const char *text, struct ct_file_head *out)
{
	text = take_word(text + 2, out->interpreter, sizeof(out->interpreter));
	take_word(text, out->argument, sizeof(out->argument));
}

static void read_loader(int fd, const Elf64_Ehdr *header, struct ct_file_head *out)
{
	for (unsigned i = 0; i < header->e_phnum && i < SEGMENTS_MAX; i++) {
		Elf64_Phdr segment;
		off_t at = (off_t)(header->e_phoff + i * sizeof(segment));
		size_t size;

		if (pread(fd, &segment, sizeof(segment), at) != (ssize_t)sizeof(segment))
			return;
		if (segment.p_type != PT_INTERP)
			continue;
		size = segment.p_filesz;
		if (size >= sizeof(out->interpreter))
			size = sizeof(out->interpreter) - 1;
		if (pread(fd, out->interpreter, size, (off_t)segment.p_offset) != (ssize_t)size)
			out->interpreter[0] = '\0';
		return;
	}
}

static void read_elf(int fd, const Elf64_Ehdr *header, struct ct_file_head *out)
{
	out->kind = CT_FILE_FOREIGN_ELF;
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
	    header->e_machine != EM_X86_64 || header->e_phentsize != sizeof(Elf64_Phdr))
		return;
	out->kind = CT_FILE_ELF;
	out->shared_object = header->e_type == ET_DYN;
	read_loader(fd, header, out);
}

bool ct_file_head_read(const char *path, struct ct_file_head *out)
{
	union {
		char text[256];
		Elf64_Ehdr elf;
	} head = {{0}};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t length;

	*out = (struct ct_file_head){0};
	if (fd < 0)
		return false;
	length = pread(fd, head.text, sizeof(head.text) - 1, 0);
	if (length < 0 || fstat(fd, &out->stat) != 0) {
		close(fd);
		return false;
	}
	if (strncmp(head.text, "#!", 2) == 0) {
		out->kind = CT_FILE_SCRIPT;
		read_script(head.text, out);
	} else if (length >= (ssize_t)sizeof(head.elf) && memcmp(head.text, ELFMAG, SELFMAG) == 0) {
		read_elf(fd, &head.elf, out);
	}
	close(fd);
	return true;
}
