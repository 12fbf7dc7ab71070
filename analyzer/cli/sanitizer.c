#include "cli/sanitizer.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* What an ELF file says of how it was linked. */
struct linking {
	char runtime[64];   /* the shared library that is ThreadSanitizer; empty: none */
	bool once, barrier; /* the file itself defines pthread_once, pthread_barrier_wait */
	bool cplusplus, clang;
};

static Elf_Data *next_section(Elf *elf, Elf64_Word type, Elf_Scn **section, GElf_Shdr *header)
{
	while ((*section = elf_nextscn(elf, *section)) != NULL) {
		if (gelf_getshdr(*section, header) && header->sh_type == type)
			return elf_getdata(*section, NULL);
	}
	return NULL;
}

static size_t entries(const GElf_Shdr *header)
{
	return header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
}

static void read_needed(Elf *elf, struct linking *out)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf_Data *data = next_section(elf, SHT_DYNAMIC, &section, &header);

	for (size_t i = 0; data && i < entries(&header); i++) {
		const char *name;
		GElf_Dyn entry;

		if (!gelf_getdyn(data, (int)i, &entry) || entry.d_tag != DT_NEEDED)
			continue;
		name = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
		if (!name)
			continue;
		if (strncmp(name, "libtsan.so", 10) == 0 ||
		    strncmp(name, "libclang_rt.tsan", 16) == 0) {
			strncpy(out->runtime, name, sizeof(out->runtime) - 1);
			out->clang = name[3] == 'c';
		}
		out->cplusplus |= strncmp(name, "libstdc++.so", 12) == 0 ||
				  strncmp(name, "libc++.so", 9) == 0;
	}
}

static void read_defined(Elf *elf, struct linking *out)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf_Data *data = next_section(elf, SHT_DYNSYM, &section, &header);

	for (size_t i = 0; data && i < entries(&header); i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF)
			continue;
		name = elf_strptr(elf, header.sh_link, symbol.st_name);
		if (!name)
			continue;
		out->once |= strcmp(name, "pthread_once") == 0;
		out->barrier |= strcmp(name, "pthread_barrier_wait") == 0;
		/* gcc hides its own */
		out->clang |= strcmp(name, "__tsan_read4") == 0;
	}
}

static bool read_linking(const char *path, struct linking *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Elf *elf;

	*out = (struct linking){0};
	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF) {
		read_needed(elf, out);
		read_defined(elf, out);
	}
	elf_end(elf);
	close(fd);
	return true;
}

bool ct_sanitizer_obstacle(const char *path, struct ct_text *out)
{
	static const char *const compilers[2][2] = {{"gcc", "g++"}, {"clang", "clang++"}};
	struct linking linking;

	/* Linked into the program, the runtime's own names may be hidden, but not those of libc
	 * that it stands before; no other sanitizer does so for both of these. */
	if (!read_linking(path, &linking) ||
	    !(linking.runtime[0] || (linking.once && linking.barrier)))
		return false;
	ct_text_addf(
		out,
		"%s is linked with ThreadSanitizer's own runtime%s%s%s, and nothing of it can be "
		"recorded; link it again, from the same object files, with: conctrace cc %s "
		"-o %s ...",
		path, linking.runtime[0] ? " (" : "", linking.runtime,
		linking.runtime[0] ? ")" : "", compilers[linking.clang][linking.cplusplus], path);
	return true;
}
