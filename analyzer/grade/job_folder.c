#include "grade/job_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/submission_file.h"

/* `each` is called for all entries; false ends the walk, errno tells why. */
struct walk {
	bool (*each)(struct walk *walk, int fd, const struct stat *what);
	struct ct_job_owners from;
	uid_t to;
	gid_t group;
	bool counts;
	uint64_t bytes, limit;
};

enum { ENTRY_BYTES = 1024 }; /* what an empty file takes at least */

static bool walk_entry(struct walk *walk, int parent, const char *name, int depth);

/* Closes `folder`, so that each level takes one descriptor. */
static bool walk_entries(struct walk *walk, int folder, int depth)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int why = fd < 0 ? errno : ENOMEM;
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool good = true;

	close(folder);
	if (!list) {
		if (fd >= 0)
			close(fd);
		errno = why;
		return why == ENOENT;
	}
	while (good && (entry = readdir(list))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			good = walk_entry(walk, dirfd(list), entry->d_name, depth);
	}
	closedir(list);
	return good;
}

/* The descriptor only stands for the entry: opening a pipe or a link that way does nothing. */
static bool walk_entry(struct walk *walk, int parent, const char *name, int depth)
{
	int fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat what;
	bool good;

	if (fd < 0)
		return errno == ENOENT;
	good = fstat(fd, &what) == 0 && walk->each(walk, fd, &what);
	if (good && S_ISDIR(what.st_mode) && depth < CT_JOB_FOLDER_DEPTH)
		return walk_entries(walk, fd, depth + 1);
	close(fd);
	if (good && S_ISDIR(what.st_mode) && !walk->counts)
		ct_tree_remove_at(parent, name);
	return good && (!S_ISDIR(what.st_mode) || !walk->counts);
}

static bool change_mode(int fd, mode_t mode)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return chmod(path, mode) == 0;
}

static bool give(struct walk *walk, int fd, const struct stat *what)
{
	bool is_folder = S_ISDIR(what->st_mode);
	bool is_file = S_ISREG(what->st_mode), has_other_name = is_file && what->st_nlink > 1;
	mode_t wanted = (what->st_mode & 0777) | (is_folder ? 0700 : 0600);

	if (what->st_uid < walk->from.first || what->st_uid > walk->from.last ||
	    (has_other_name && walk->to != geteuid()))
		return true;
	/* before it changes hands: a program must not come to run as its new owner */
	if ((is_folder || is_file) && !has_other_name && wanted != (what->st_mode & 07777) &&
	    !change_mode(fd, wanted))
		return false;
	return walk->to == what->st_uid ||
	       fchownat(fd, "", walk->to, walk->group, AT_EMPTY_PATH) == 0;
}

static bool count(struct walk *walk, int fd, const struct stat *what)
{
	(void)fd;
	walk->bytes += ENTRY_BYTES + (uint64_t)what->st_blocks * 512;
	return walk->bytes <= walk->limit;
}

enum ct_status ct_job_folder_give(const char *folder, struct ct_job_owners from, uid_t to,
				  gid_t group, struct ct_error *error)
{
	struct walk walk = {.each = give, .from = from, .to = to, .group = group};

	if (walk_entry(&walk, AT_FDCWD, folder, 0))
		return CT_OK;
	return ct_error_set(error, CT_EIO, "cannot hand over %s: %s", folder, strerror(errno));
}

uint64_t ct_job_folder_bytes_at(int parent, const char *name, uint64_t limit)
{
	struct walk walk = {.each = count, .counts = true, .limit = limit};

	if (walk_entry(&walk, parent, name, 0))
		return walk.bytes;
	return walk.bytes > limit ? walk.bytes : limit + 1;
}

uint64_t ct_job_folder_bytes(const char *folder, uint64_t limit)
{
	return ct_job_folder_bytes_at(AT_FDCWD, folder, limit);
}
