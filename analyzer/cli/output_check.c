#include "cli/output_check.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/folder.h"

/* A trace has folders in it, but those have none. */
enum { TRACE_LEVELS = 2 };

static bool is_stdout(const char *file)
{
	return strcmp(file, "-") == 0;
}

/* It is not opened to try: who reads it would take the closing for the end. */
static bool is_writable_pipe(const char *file)
{
	struct stat info;

	return stat(file, &info) == 0 && S_ISFIFO(info.st_mode) && access(file, W_OK) == 0;
}

static enum ct_status check_writable(const char *file, struct ct_error *error)
{
	int fd;

	if (is_stdout(file) || is_writable_pipe(file))
		return CT_OK;
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0)
		unlink(file);
	else if (errno == EEXIST)
		fd = open(file, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return ct_error_set(error, CT_EUSAGE, "cannot write %s: %s", file, strerror(errno));
	close(fd);
	return CT_OK;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool stat_file(const char *file, struct stat *out_info)
{
	return (is_stdout(file) ? fstat(STDOUT_FILENO, out_info) : stat(file, out_info)) == 0;
}

static bool stat_folder(const char *path, struct stat *out_info)
{
	size_t length = (size_t)(last_part(path) - path);
	char *folder = length ? strndup(path, length) : strdup(".");
	bool known = folder && stat(folder, out_info) == 0;

	free(folder);
	return known;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Devices and pipes may well take two outputs. What is not there yet is told by its folder. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;
	bool a_known = stat_file(a, &x), b_known = stat_file(b, &y);

	if (a_known && b_known)
		return S_ISREG(x.st_mode) && is_same(&x, &y);
	return !a_known && !b_known && strcmp(last_part(a), last_part(b)) == 0 &&
	       stat_folder(a, &x) && stat_folder(b, &y) && is_same(&x, &y);
}

static enum ct_status check_pair(const char *a, const char *b, struct ct_error *error)
{
	if (is_stdout(a) && is_stdout(b))
		return ct_error_set(error, CT_EUSAGE,
				    "only one file can be standard output (\"-\")");
	if (is_same_file(a, b))
		return ct_error_set(error, CT_EUSAGE, "one file cannot take two outputs: %s", b);
	return CT_OK;
}

/* A report that was written into the trace's folder is not read. */
static bool is_of_trace(const FTSENT *entry)
{
	return entry->fts_info == FTS_F &&
	       (entry->fts_level != 1 || ct_folder_is_trace_name(entry->fts_name));
}

/* Whether `file` is what is read, or one of the files of that trace. */
static bool is_part_of(const struct stat *file, const char *read)
{
	char *const roots[] = {(char *)read, NULL};
	FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	bool found = false;

	while (tree && !found && (entry = fts_read(tree))) {
		found = is_of_trace(entry) && is_same(file, entry->fts_statp);
		if (entry->fts_info == FTS_D && entry->fts_level == TRACE_LEVELS)
			fts_set(tree, entry, FTS_SKIP);
	}
	if (tree)
		fts_close(tree);
	return found;
}

static enum ct_status check_read(const char *written, const char *read, struct ct_error *error)
{
	struct stat output;

	if (!stat_file(written, &output) || !S_ISREG(output.st_mode) || !is_part_of(&output, read))
		return CT_OK;
	return ct_error_set(error, CT_EUSAGE, "cannot write %s: it is read as well (%s)",
			    is_stdout(written) ? "standard output" : written, read);
}

/* The file itself, and with those before it. */
static enum ct_status check_file(const struct ct_output_files *files, size_t index,
				 struct ct_error *error)
{
	const char *file = files->written[index];
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < files->read_count && status == CT_OK; i++)
		if (files->read[i])
			status = check_read(file, files->read[i], error);
	for (size_t i = 0; i < index && status == CT_OK; i++)
		if (files->written[i])
			status = check_pair(files->written[i], file, error);
	return status ? status : check_writable(file, error);
}

enum ct_status ct_output_files_check(const struct ct_output_files *files, struct ct_error *error)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < files->written_count && status == CT_OK; i++)
		if (files->written[i])
			status = check_file(files, i, error);
	return status;
}
