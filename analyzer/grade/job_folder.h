#ifndef CT_GRADE_JOB_FOLDER_H
#define CT_GRADE_JOB_FOLDER_H
/*
 * The folder of a job: whose it is and how much is in it. What lies in it was made by somebody whom
 * nobody trusts: no link is followed, and nothing outside is touched.
 */
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

/* Folders may be nested so deep. What lies deeper is more than any limit on its size,
 * and is removed when the folder changes hands. */
enum { CT_JOB_FOLDER_DEPTH = 200 };

/* Whom something belongs to. */
struct ct_job_owners {
	uid_t first, last;
};

/* Hands what belongs to one of `from` to `to`: links themselves, not what they lead to. Folders and
 * files become readable and writable for their owner, and lose all that makes a program run as it;
 * but a file that has a second name, which may lie outside, keeps its mode, and its owner too
 * unless `to` is ourselves. */
CT_MUST_CHECK enum ct_status ct_job_folder_give(const char *folder, struct ct_job_owners from,
						uid_t to, gid_t group, struct ct_error *error);

/* Disk space of all in it, which may change meanwhile; nothing is free. Gives up above `limit`.
 * What cannot be looked at, as it is closed to us or too deep, is more than any limit. */
uint64_t ct_job_folder_bytes(const char *folder, uint64_t limit);
/* The same of the entry of an open folder. */
uint64_t ct_job_folder_bytes_at(int parent, const char *name, uint64_t limit);

#endif
