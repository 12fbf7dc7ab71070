#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "grade/result_key.h"
#include "grade/submission_file.h"

/* What is copied may change meanwhile, to deceive: all is decided on what has been opened, and what
 * is opened is below a folder that has been opened. Paths are for messages. */
struct copying {
	const struct ct_tree_limits *limits;
	struct ct_error *error;
	uint64_t *key, bytes;
	uint32_t entries;
	int root; /* the folder, for links; -1: it is a file */
	struct ct_text path;
	size_t root_length; /* of `path` */
};

/* An entry of an open folder. */
struct entry {
	int parent;
	const char *name;
};

static enum ct_status too_large(struct copying *c)
{
	return ct_error_set(c->error, CT_EUSAGE,
			    "it is too large: more than %" PRIu64 " MB or %" PRIu32
			    " files, or %" PRIu32 " folders deep",
			    c->limits->bytes >> 20, c->limits->entries, c->limits->depth);
}

static enum ct_status failed(struct copying *c, enum ct_status status)
{
	return ct_error_set(c->error, status, "%s: %s", ct_text_str(&c->path), strerror(errno));
}

/* Copies what is in `in` to `out`, -1: only looks at it. */
static enum ct_status pass(struct copying *c, int in, int out)
{
	char bytes[65536];
	ssize_t n;

	while ((n = read(in, bytes, sizeof(bytes))) > 0) {
		c->bytes += (uint64_t)n;
		if (c->bytes > c->limits->bytes)
			return too_large(c);
		if (c->key)
			*c->key = ct_key_add(*c->key, bytes, (size_t)n);
		for (ssize_t done = 0, m; out >= 0 && done < n; done += m) {
			m = write(out, bytes + done, (size_t)(n - done));
			if (m < 0)
				return failed(c, CT_EWRITE);
		}
	}
	return n < 0 ? failed(c, CT_EIO) : CT_OK;
}

static enum ct_status copy_opened_file(struct copying *c, int in, mode_t mode,
				       const struct entry *to)
{
	enum ct_status status;
	int out = -1;

	if (c->key)
		*c->key = ct_key_add_number(*c->key, mode & 0111);
	if (to) {
		out = openat(to->parent, to->name,
			     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			     0600 | (mode & 0111));
		if (out < 0)
			return failed(c, CT_EWRITE);
	}
	status = pass(c, in, out);
	if (out >= 0 && close(out) != 0 && status == CT_OK)
		status = failed(c, CT_EWRITE);
	return status;
}

/* `place` only stands for the file: opening anything else could wait or do something. */
static enum ct_status copy_file(struct copying *c, int place, mode_t mode, const struct entry *to)
{
	enum ct_status status;
	char name[64];
	int in;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", place);
	in = open(name, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return failed(c, CT_EIO);
	status = copy_opened_file(c, in, mode, to);
	close(in);
	return status;
}

/* What the link at `path` leads to, if that lies within; else -1. */
static int open_linked(const struct copying *c)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};

	if (c->root < 0)
		return -1;
	return (int)syscall(SYS_openat2, c->root, ct_text_str(&c->path) + c->root_length + 1, &how,
			    sizeof(how));
}

static enum ct_status copy_linked(struct copying *c, const struct entry *to)
{
	enum ct_status status = CT_OK;
	int place = open_linked(c);
	struct stat st;

	if (place < 0)
		return CT_OK;
	if (fstat(place, &st) == 0 && S_ISREG(st.st_mode))
		status = copy_file(c, place, st.st_mode, to);
	close(place);
	return status;
}

static enum ct_status copy_folder(struct copying *c, int place, const struct entry *to,
				  uint32_t depth);

static enum ct_status copy_any(struct copying *c, const struct entry *from, const struct entry *to,
			       uint32_t depth)
{
	int place = openat(from->parent, from->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	enum ct_status status = CT_OK;
	struct stat st;

	if (place < 0)
		return failed(c, CT_EIO);
	if (fstat(place, &st) != 0)
		status = failed(c, CT_EIO);
	else if (++c->entries > c->limits->entries)
		status = too_large(c);
	else if (S_ISREG(st.st_mode))
		status = copy_file(c, place, st.st_mode, to);
	else if (S_ISDIR(st.st_mode))
		status = copy_folder(c, place, to, depth + 1);
	else if (S_ISLNK(st.st_mode))
		status = copy_linked(c, to);
	close(place);
	return status;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static enum ct_status copy_entry(struct copying *c, int in, int out, const char *name,
				 uint32_t depth)
{
	const struct entry from = {in, name}, to = {out, name};
	size_t length = c->path.len;
	enum ct_status status;

	ct_text_addf(&c->path, "/%s", name);
	if (c->key)
		*c->key = ct_key_add_text(*c->key, name);
	if (ct_text_status(&c->path) != CT_OK)
		return ct_error_set(c->error, CT_ENOMEM, "out of memory");
	status = copy_any(c, &from, out >= 0 ? &to : NULL, depth);
	c->path.len = length;
	c->path.data[length] = '\0';
	return status;
}

static enum ct_status copy_entries(struct copying *c, int in, int out, uint32_t depth)
{
	struct dirent **entries = NULL;
	enum ct_status status = CT_OK;
	int count = scandirat(in, ".", &entries, no_dots, by_bytes);

	if (count < 0)
		return failed(c, CT_EIO);
	for (int i = 0; i < count; i++) {
		if (status == CT_OK)
			status = copy_entry(c, in, out, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
	if (c->key)
		*c->key = ct_key_add_number(*c->key, (uint64_t)count);
	return status;
}

static enum ct_status copy_folder(struct copying *c, int place, const struct entry *to,
				  uint32_t depth)
{
	enum ct_status status;
	int out = -1;

	if (depth > c->limits->depth)
		return too_large(c);
	if (depth == 1)
		c->root = place;
	if (to && mkdirat(to->parent, to->name, 0700) == 0)
		out = openat(to->parent, to->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to && out < 0)
		return failed(c, CT_EWRITE);
	status = copy_entries(c, place, out, depth);
	if (out >= 0)
		close(out);
	return status;
}

enum ct_status ct_tree_copy(const char *from, const char *to, const struct ct_tree_limits *limits,
			    uint64_t *key, struct ct_error *error)
{
	struct copying c = {.limits = limits, .error = error, .key = key, .root = -1};
	const struct entry source = {AT_FDCWD, from}, target = {AT_FDCWD, to};
	enum ct_status status;

	ct_text_init(&c.path);
	ct_text_add(&c.path, from);
	c.root_length = c.path.len;
	if (ct_text_status(&c.path) == CT_OK)
		status = copy_any(&c, &source, to ? &target : NULL, 0);
	else
		status = ct_error_set(error, CT_ENOMEM, "out of memory");
	ct_text_fini(&c.path);
	return status;
}
