#ifndef CT_GRADE_SUBMISSION_FILE_H
#define CT_GRADE_SUBMISSION_FILE_H
/*
 * Files and folders that somebody else filled: no link is followed to where it should not lead, no
 * pipe is waited for, nothing larger is read than we want.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct ct_text;

/* Appends a regular file that is no link in its last part. CT_EFORMAT: it is none, or larger;
 * CT_EIO, CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_file_read(const char *path, size_t max_bytes, struct ct_text *out);

/* As far as it goes: the first `max_bytes`. */
CT_MUST_CHECK enum ct_status ct_file_read_begin(const char *path, size_t max_bytes,
						struct ct_text *out);

/* The same of a file that a job has made and that is ours by now. CT_EFORMAT also if it is somebody
 * else's or has a second name: then it is another file than it seems. */
CT_MUST_CHECK enum ct_status ct_file_read_made(const char *path, size_t max_bytes,
					       struct ct_text *out);

/* Whole or not at all: a file of another name is renamed to it. CT_EWRITE. */
CT_MUST_CHECK enum ct_status ct_file_write(const char *path, const struct ct_text *text,
					   struct ct_error *error);

/* Makes a folder that may be there already. */
CT_MUST_CHECK enum ct_status ct_folder_need(const char *path, struct ct_error *error);

/* Removes a file or a folder with all that is in it, links as links; what cannot be stays. */
void ct_tree_remove(const char *path);
/* The same of the entry of an open folder. */
void ct_tree_remove_at(int parent, const char *name);

/* Removes all that is in an open folder; O_PATH is enough. */
void ct_tree_empty(int folder);

struct ct_tree_limits {
	uint64_t bytes;
	uint32_t entries, depth;
};

/* Copies a folder, or a single file, to `to`, which is made: regular files, and folders. A relative
 * link to a file within `from` becomes that file; all else is left out, links to folders as well.
 * Adds to `key` (unless NULL) what is copied, names and bytes, in an order that is always the same;
 * with a NULL `to` that is all. CT_EUSAGE: a limit, named in a sentence; CT_EIO: it cannot be read;
 * CT_EWRITE: no room. */
CT_MUST_CHECK enum ct_status ct_tree_copy(const char *from, const char *to,
					  const struct ct_tree_limits *limits, uint64_t *key,
					  struct ct_error *error);

#endif
