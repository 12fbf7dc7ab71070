#include "cli/linking.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "format/ct_access.h"

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

static void read_needed(Elf *elf, struct ct_linking *out)
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

static void read_symbols(Elf *elf, struct ct_linking *out)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf_Data *data = next_section(elf, SHT_DYNSYM, &section, &header);

	for (size_t i = 0; data && i < entries(&header); i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol))
			continue;
		name = elf_strptr(elf, header.sh_link, symbol.st_name);
		if (!name)
			continue;
		if (symbol.st_shndx == SHN_UNDEF) {
			out->for_races |= strcmp(name, "conctrace_access_library") == 0;
			continue;
		}
		out->once |= strcmp(name, "pthread_once") == 0;
		out->barrier |= strcmp(name, "pthread_barrier_wait") == 0;
		/* gcc hides its own */
		out->clang |= strcmp(name, "__tsan_read4") == 0;
	}
}

static void take_version(const Elf_Data *data, struct ct_linking *out)
{
	struct ct_access_tag tag = {CT_ACCESS_TAG, 0};
	const char *at = memmem(data->d_buf, data->d_size, tag.mark, sizeof(tag.mark));

	if (!at || (size_t)((char *)data->d_buf + data->d_size - at) < sizeof(tag))
		return;
	memcpy(&tag, at, sizeof(tag));
	out->version = tag.version;
}

/* Each compiler leaves its name in .comment; that of gcc comes with the C library in any case. */
static void read_contents(Elf *elf, struct ct_linking *out)
{
	static const char clang[] = "clang version";
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf_Data *data;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return;
	while ((data = next_section(elf, SHT_PROGBITS, &section, &header)) != NULL) {
		const char *name = elf_strptr(elf, names, header.sh_name);

		if (!name || !data->d_buf)
			continue;
		if (strcmp(name, ".comment") == 0)
			out->clang |= memmem(data->d_buf, data->d_size, clang, strlen(clang)) != 0;
		else if (strcmp(name, ".rodata") == 0)
			take_version(data, out);
	}
}

bool ct_linking_read(const char *path, struct ct_linking *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Elf *elf;

	*out = (struct ct_linking){0};
	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF) {
		read_needed(elf, out);
		read_symbols(elf, out);
		read_contents(elf, out);
	}
	elf_end(elf);
	close(fd);
	return true;
}

const char *ct_linking_compiler(const struct ct_linking *linking)
{
	static const char *const compilers[2][2] = {{"gcc", "g++"}, {"clang", "clang++"}};

	return compilers[linking->clang][linking->cplusplus];
}
