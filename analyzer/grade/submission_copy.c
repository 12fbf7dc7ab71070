#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "grade/result_key.h"
#include "grade/submission_file.h"

struct copying {
	const struct ct_tree_limits *limits;
	struct ct_error *error;
	uint64_t *key, bytes;
	uint32_t entries;
	const char *root; /* real path of the folder, for links; or NULL */
};

static enum ct_status too_large(struct copying *c)
{
	return ct_error_set(c->error, CT_EUSAGE,
			    "it is too large: more than %" PRIu64 " MB or %" PRIu32
			    " files, or %" PRIu32 " folders deep",
			    c->limits->bytes >> 20, c->limits->entries, c->limits->depth);
}

static enum ct_status failed(struct copying *c, enum ct_status status, const char *path)
{
	return ct_error_set(c->error, status, "%s: %s", path, strerror(errno));
}

/* Copies what is in `in` to `out`, -1: only looks at it. */
static enum ct_status pass(struct copying *c, int in, int out, const char *path)
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
				return failed(c, CT_EWRITE, path);
		}
	}
	return n < 0 ? failed(c, CT_EIO, path) : CT_OK;
}

static enum ct_status copy_file(struct copying *c, const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), out = -1;
	enum ct_status status = CT_OK;
	struct stat st = {0};

	if (in < 0 || fstat(in, &st) != 0)
		status = failed(c, CT_EIO, from);
	else if (c->key)
		*c->key = ct_key_add_number(*c->key, st.st_mode & 0111);
	if (status == CT_OK && to) {
		out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600 | (st.st_mode & 0111));
		if (out < 0)
			status = failed(c, CT_EWRITE, to);
	}
	if (status == CT_OK)
		status = pass(c, in, out, to ? to : from);
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) != 0 && status == CT_OK)
		status = failed(c, CT_EWRITE, to);
	return status;
}

/* The file that a link leads to, if it lies within; else NULL. The caller frees it. */
static char *within(const struct copying *c, const char *link)
{
	char *real = c->root ? realpath(link, NULL) : NULL;
	size_t length = c->root ? strlen(c->root) : 0;
	struct stat st;

	if (real && strncmp(real, c->root, length) == 0 && real[length] == '/' &&
	    lstat(real, &st) == 0 && S_ISREG(st.st_mode))
		return real;
	free(real);
	return NULL;
}

static enum ct_status copy_folder(struct copying *c, const char *from, const char *to,
				  uint32_t depth);

static enum ct_status copy_any(struct copying *c, const char *from, const char *to, uint32_t depth)
{
	enum ct_status status = CT_OK;
	struct stat st;
	char *real;

	if (lstat(from, &st) != 0)
		return failed(c, CT_EIO, from);
	if (++c->entries > c->limits->entries)
		return too_large(c);
	if (S_ISREG(st.st_mode))
		return copy_file(c, from, to);
	if (S_ISDIR(st.st_mode))
		return copy_folder(c, from, to, depth + 1);
	real = S_ISLNK(st.st_mode) ? within(c, from) : NULL;
	if (real)
		status = copy_file(c, real, to);
	free(real);
	return status;
}

static enum ct_status copy_entry(struct copying *c, const char *from, const char *to,
				 const char *name, uint32_t depth)
{
	struct ct_text source, target;
	enum ct_status status;

	ct_text_init(&source);
	ct_text_init(&target);
	ct_text_addf(&source, "%s/%s", from, name);
	ct_text_addf(&target, "%s/%s", to ? to : "", name);
	if (c->key)
		*c->key = ct_key_add_text(*c->key, name);
	if (ct_text_status(&source) != CT_OK || ct_text_status(&target) != CT_OK)
		status = ct_error_set(c->error, CT_ENOMEM, "out of memory");
	else
		status = copy_any(c, ct_text_str(&source), to ? ct_text_str(&target) : NULL, depth);
	ct_text_fini(&source);
	ct_text_fini(&target);
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

static enum ct_status copy_folder(struct copying *c, const char *from, const char *to,
				  uint32_t depth)
{
	struct dirent **entries = NULL;
	enum ct_status status = CT_OK;
	int count;

	if (depth > c->limits->depth)
		return too_large(c);
	if (to && mkdir(to, 0700) != 0)
		return failed(c, CT_EWRITE, to);
	count = scandir(from, &entries, no_dots, by_bytes);
	if (count < 0)
		return failed(c, CT_EIO, from);
	for (int i = 0; i < count; i++) {
		if (status == CT_OK)
			status = copy_entry(c, from, to, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
	if (c->key)
		*c->key = ct_key_add_number(*c->key, (uint64_t)count);
	return status;
}

enum ct_status ct_tree_copy(const char *from, const char *to, const struct ct_tree_limits *limits,
			    uint64_t *key, struct ct_error *error)
{
	struct copying c = {.limits = limits, .error = error, .key = key};
	char *root = realpath(from, NULL);
	enum ct_status status;

	c.root = root;
	status = copy_any(&c, from, to, 0);
	free(root);
	return status;
}
