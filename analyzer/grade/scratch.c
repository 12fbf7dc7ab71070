#include "grade/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/submission_file.h"

#define PREFIX "conctrace-grade."
#define UNIQUE "XXXXXX"

enum { TRIES = 16 };

static const char *temporary_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/tmp";
}

/* -1: it is not ours, or no folder. */
static int open_own(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) != 0 || st.st_uid != geteuid())) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Whoever removes a folder has its lock, so that none goes that somebody else has just made. */
static void remove_if_left(const char *path)
{
	int fd = open_own(path);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		ct_tree_remove(path);
	if (fd >= 0)
		close(fd);
}

static int is_scratch(const struct dirent *entry)
{
	return strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 &&
	       strlen(entry->d_name) == strlen(PREFIX UNIQUE);
}

static void remove_left(const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_scratch, NULL);
	struct ct_text path;

	ct_text_init(&path);
	for (int i = 0; i < count; i++) {
		ct_text_reset(&path);
		ct_text_addf(&path, "%s/%s", folder, entries[i]->d_name);
		if (ct_text_status(&path) == CT_OK)
			remove_if_left(ct_text_str(&path));
		free(entries[i]);
	}
	free(entries);
	ct_text_fini(&path);
}

/* Between making and locking it another grader may take it for one that was left, and remove it:
 * then it is made again. */
static bool make_locked(struct ct_scratch *scratch, const char *folder)
{
	struct stat st;

	ct_text_reset(&scratch->path);
	ct_text_addf(&scratch->path, "%s/" PREFIX UNIQUE, folder);
	if (ct_text_status(&scratch->path) != CT_OK || !mkdtemp(scratch->path.data))
		return false;
	scratch->lock = open_own(ct_text_str(&scratch->path));
	if (scratch->lock < 0)
		return false;
	/* a file system without locks: nobody can take it for one that was left, either */
	if ((flock(scratch->lock, LOCK_EX) == 0 || errno != EINTR) &&
	    lstat(ct_text_str(&scratch->path), &st) == 0)
		return chmod(ct_text_str(&scratch->path), 0711) == 0;
	close(scratch->lock);
	scratch->lock = -1;
	errno = ENOENT;
	return false;
}

enum ct_status ct_scratch_make(struct ct_scratch *out, struct ct_error *error)
{
	const char *folder = temporary_folder();
	bool made = false;

	out->lock = -1;
	ct_text_init(&out->path);
	remove_left(folder);
	for (int i = 0; i < TRIES && !made; i++) {
		made = make_locked(out, folder);
		if (!made && (out->lock >= 0 || errno != ENOENT))
			break;
	}
	if (made)
		return CT_OK;
	if (ct_text_status(&out->path) != CT_OK)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	return ct_error_set(error, CT_EWRITE, "cannot make a folder in %s: %s", folder,
			    strerror(errno));
}

void ct_scratch_fini(struct ct_scratch *scratch)
{
	if (scratch->lock >= 0) {
		ct_tree_remove(ct_text_str(&scratch->path));
		close(scratch->lock);
	}
	ct_text_fini(&scratch->path);
}
