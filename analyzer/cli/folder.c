#include "cli/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

/* CONCTRACE_OPTIONS carries the path (preload/record/settings.h) and cannot quote a colon. */
enum { PATH_BYTES_MAX = 480, DEFAULT_NAMES_MAX = 1000 };

static bool ends_with_number(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	if (strncmp(text, prefix, length) != 0 || !text[length])
		return false;
	return text[length + strspn(text + length, "0123456789")] == '\0';
}

/* "metadata", "p1.t0", "p1.defs", and the dotted names under which they are born. */
static bool is_trace_file(const char *name)
{
	name += *name == '.';
	if (strncmp(name, "metadata", 8) == 0)
		return true;
	if (name[0] != 'p' || !isdigit((unsigned char)name[1]))
		return false;
	name += 1 + strspn(name + 1, "0123456789");
	return strcmp(name, ".defs") == 0 || ends_with_number(name, ".t");
}

bool ct_folder_is_trace_name(const char *name)
{
	return strcmp(name, ".start") == 0 || strcmp(name, ".plan") == 0 || is_trace_file(name);
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Calls `each` for the entries of a folder until it returns false; its last answer, true if there
 * are none. */
static bool for_entries(int fd, bool (*each)(int fd, const char *name))
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	bool go_on = true;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	while (go_on && (entry = readdir(dir))) {
		if (!is_dots(entry->d_name))
			go_on = each(fd, entry->d_name);
	}
	closedir(dir);
	return go_on;
}

static bool is_part_of_trace(int fd, const char *name)
{
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	if (strcmp(name, ".live") == 0)
		return S_ISDIR(st.st_mode);
	return S_ISREG(st.st_mode) && ct_folder_is_trace_name(name);
}

static bool is_live_file(int fd, const char *name)
{
	struct stat st;

	return fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static bool remove_file(int fd, const char *name)
{
	return strcmp(name, ".live") == 0 || unlinkat(fd, name, 0) == 0;
}

static bool clear_folder(int fd)
{
	int live = openat(fd, ".live", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool good = true;

	if (live >= 0) {
		good = for_entries(live, is_live_file) && for_entries(live, remove_file) &&
		       unlinkat(fd, ".live", AT_REMOVEDIR) == 0;
		close(live);
	}
	return good && for_entries(fd, remove_file);
}

static enum ct_status replace(const char *path, struct ct_error *error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum ct_status status = CT_OK;

	if (fd < 0)
		return ct_error_set(error, CT_EUSAGE, "cannot replace %s: %s", path,
				    strerror(errno));
	if (!for_entries(fd, is_part_of_trace))
		status = ct_error_set(error, CT_EUSAGE,
				      "%s holds more than a trace: choose another -o, or empty it",
				      path);
	else if (!clear_folder(fd))
		status =
			ct_error_set(error, CT_EIO, "cannot replace %s: %s", path, strerror(errno));
	close(fd);
	return status;
}

static enum ct_status make_given(const char *path, bool force, struct ct_error *error)
{
	if (mkdir(path, 0700) == 0)
		return CT_OK;
	if (errno != EEXIST)
		return ct_error_set(error, CT_EIO, "cannot make the trace folder %s: %s", path,
				    strerror(errno));
	if (!force)
		return ct_error_set(error, CT_EUSAGE,
				    "%s exists; --force replaces a trace that is there", path);
	return replace(path, error);
}

/* Pids come back, so that the name may be taken. */
static enum ct_status make_default(const char *program, pid_t pid, struct ct_text *out_name,
				   struct ct_error *error)
{
	const char *slash = strrchr(program, '/');
	const char *base = slash ? slash + 1 : program;

	for (int turn = 1; turn <= DEFAULT_NAMES_MAX; turn++) {
		ct_text_reset(out_name);
		ct_text_add(out_name, "conctrace.");
		for (const char *at = base; *at && at < base + NAME_MAX / 2; at++) {
			bool plain = isalnum((unsigned char)*at) || strchr("._+-", *at);

			ct_text_addn(out_name, plain ? at : "_", 1);
		}
		ct_text_addf(out_name, ".%d", (int)pid);
		if (turn > 1)
			ct_text_addf(out_name, ".%d", turn);
		if (ct_text_status(out_name) != CT_OK)
			return ct_error_set(error, CT_ENOMEM, "out of memory");
		if (mkdir(ct_text_str(out_name), 0700) == 0)
			return CT_OK;
		if (errno != EEXIST)
			break;
	}
	return ct_error_set(error, CT_EIO,
			    "cannot make the trace folder %s: %s (-o DIR chooses another)",
			    ct_text_str(out_name), strerror(errno));
}

enum ct_status ct_folder_make(const char *path, const char *program, pid_t pid, bool force,
			      struct ct_text *out_path, struct ct_text *out_name,
			      struct ct_error *error)
{
	enum ct_status status;
	char *real;

	if (path) {
		status = make_given(path, force, error);
		ct_text_add(out_name, path);
	} else {
		status = make_default(program, pid, out_name, error);
	}
	if (status)
		return status;
	real = realpath(ct_text_str(out_name), NULL);
	if (!real)
		return ct_error_set(error, CT_EIO, "%s: %s", ct_text_str(out_name),
				    strerror(errno));
	if (strchr(real, ':') || strlen(real) > PATH_BYTES_MAX) {
		status = ct_error_set(error, CT_EUSAGE,
				      "the path of the trace folder is too long or has a colon: %s",
				      real);
		ct_folder_drop(real);
	}
	ct_text_add(out_path, real);
	free(real);
	return status;
}

void ct_folder_drop(const char *path)
{
	if (rmdir(path) != 0)
		return; /* something was recorded: it is kept */
}

void ct_folder_remove(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (for_entries(fd, is_part_of_trace) && clear_folder(fd))
		rmdir(path);
	close(fd);
}
