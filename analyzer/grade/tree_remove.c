#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/submission_file.h"

/* Who made a folder may have closed it to himself, that is to us. */
static void make_open(int parent, const char *name)
{
	if (geteuid() != 0)
		(void)fchmodat(parent, name, 0700, AT_SYMLINK_NOFOLLOW);
}

static DIR *open_folder(int parent, const char *name)
{
	DIR *list;
	int fd;

	make_open(parent, name);
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	list = fd < 0 ? NULL : fdopendir(fd);
	if (fd >= 0 && !list)
		close(fd);
	return list;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* A file, a link, an empty folder. */
static bool remove_simple(int parent, const char *name)
{
	return unlinkat(parent, name, 0) == 0 || unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

/* Removes it; the folders of a folder are moved up to `top` instead, so that it becomes empty:
 * however deep they are, no path and no number of open folders grows with it. `count` makes names
 * that are not there yet. False: nothing could be done. */
static bool remove_or_flatten(int top, const char *name, uint64_t *count)
{
	struct dirent *entry;
	bool changed = false;
	DIR *list;

	if (remove_simple(top, name))
		return true;
	list = open_folder(top, name);
	while (list && (entry = readdir(list))) {
		char fresh[32];

		if (is_dots(entry->d_name))
			continue;
		if (remove_simple(dirfd(list), entry->d_name)) {
			changed = true;
			continue;
		}
		make_open(dirfd(list), entry->d_name); /* its ".." changes */
		snprintf(fresh, sizeof(fresh), ".%" PRIu64, (*count)++);
		changed |= renameat(dirfd(list), entry->d_name, top, fresh) == 0;
	}
	if (list)
		closedir(list);
	return unlinkat(top, name, AT_REMOVEDIR) == 0 || changed;
}

/* Closes it; NULL: there is none. */
static void empty(DIR *top)
{
	uint64_t count = 0;
	bool changed = true;

	while (top && changed) {
		struct dirent *entry;

		changed = false;
		rewinddir(top);
		while ((entry = readdir(top)))
			changed |= !is_dots(entry->d_name) &&
				   remove_or_flatten(dirfd(top), entry->d_name, &count);
	}
	if (top)
		closedir(top);
}

void ct_tree_empty(int folder)
{
	empty(open_folder(folder, "."));
}

void ct_tree_remove_at(int parent, const char *name)
{
	if (remove_simple(parent, name) || errno == ENOENT)
		return;
	empty(open_folder(parent, name));
	unlinkat(parent, name, AT_REMOVEDIR);
}

void ct_tree_remove(const char *path)
{
	ct_tree_remove_at(AT_FDCWD, path);
}
