#include "model/symbols_debuglink.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The link has a checksum too, but a file without a build-id is rare: it goes without. */
static int same_build_id(Dwfl_Module *module, int fd)
{
	const unsigned char *expected = NULL;
	GElf_Addr address;
	int length = dwfl_module_build_id(module, &expected, &address);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	const void *found = NULL;
	ssize_t found_length = elf ? dwelf_elf_gnu_build_id(elf, &found) : 0;
	int same = length > 0 && found_length == length &&
		   memcmp(found, expected, (size_t)length) == 0;

	elf_end(elf);
	return same;
}

static int open_checked(Dwfl_Module *module, const char *path, char **out_path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (same_build_id(module, fd)) {
		*out_path = strdup(path);
		if (*out_path)
			return fd;
	}
	close(fd);
	return -1;
}

/* The places that gdb documents for .gnu_debuglink. */
static int find_by_link(Dwfl_Module *module, const char *path, const char *link, char **out_path)
{
	static const char *const places[] = {"%.*s/%s", "%.*s/.debug/%s", "/usr/lib/debug%.*s/%s"};
	const char *slash = strrchr(path, '/');

	if (!slash || strchr(link, '/'))
		return -1;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *candidate;
		int fd;

		if (asprintf(&candidate, places[i], (int)(slash - path), path, link) < 0)
			return -1;
		fd = open_checked(module, candidate, out_path);
		free(candidate);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

int ct_debuglink_find(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
		      const char *path, const char *link, GElf_Word crc, char **out_path)
{
	int fd = dwfl_build_id_find_debuginfo(module, user, name, base, path, link, crc, out_path);

	if (fd >= 0 || !path || !link)
		return fd;
	return find_by_link(module, path, link, out_path);
}
