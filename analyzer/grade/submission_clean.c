#include "grade/submission_clean.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "grade/submission_file.h"

enum { FOLDERS_OPEN = 16, WRAPPERS_MAX = 8 };

/* What archives have besides what was packed: .DS_Store, .git, __MACOSX. */
static int is_packed(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "__MACOSX") != 0;
}

/* The only entry of `folder`, if it is a folder. */
static bool find_wrapped(const char *folder, struct ct_text *out)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_packed, NULL);
	struct stat st;

	ct_text_reset(out);
	if (count == 1)
		ct_text_addf(out, "%s/%s", folder, entries[0]->d_name);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return count == 1 && ct_text_status(out) == CT_OK && lstat(ct_text_str(out), &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

enum ct_status ct_submission_unwrap(const char *folder, const char *spare, struct ct_error *error)
{
	enum ct_status status = CT_OK;
	struct ct_text inner;

	ct_text_init(&inner);
	for (int i = 0; i < WRAPPERS_MAX && status == CT_OK && find_wrapped(folder, &inner); i++) {
		if (rename(ct_text_str(&inner), spare) == 0) {
			ct_tree_remove(folder);
			if (rename(spare, folder) == 0)
				continue;
		}
		status = ct_error_set(error, CT_EWRITE, "%s: %s", folder, strerror(errno));
	}
	ct_text_fini(&inner);
	return status;
}

static bool has_built_name(const char *name)
{
	static const char *const endings[] = {".o", ".a", ".so", ".gch"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof(endings) / sizeof(*endings); i++) {
		if (strcmp(dot, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool is_elf(const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char magic[SELFMAG];
	bool is;

	if (fd < 0)
		return false;
	is = read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) &&
	     memcmp(magic, ELFMAG, SELFMAG) == 0;
	close(fd);
	return is;
}

static int remove_if_built(const char *path, const struct stat *st, int type, struct FTW *at)
{
	if (type != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	return has_built_name(path + at->base) || is_elf(path) ? unlink(path) : 0;
}

enum ct_status ct_submission_remove_built(const char *folder, const char *program,
					  struct ct_error *error)
{
	struct stat st;

	if (nftw(folder, remove_if_built, FOLDERS_OPEN, FTW_PHYS) != 0)
		return ct_error_set(error, CT_EWRITE, "%s: %s", folder, strerror(errno));
	if (lstat(program, &st) == 0 && !S_ISDIR(st.st_mode) && unlink(program) != 0)
		return ct_error_set(error, CT_EWRITE, "%s: %s", program, strerror(errno));
	return CT_OK;
}
