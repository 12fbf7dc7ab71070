#ifndef CT_GRADE_SUBMISSION_H
#define CT_GRADE_SUBMISSION_H
/*
 * The submissions of a class: the entries of a folder. Their names come from outside and may hold
 * anything that a file's name can.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "grade/submission_file.h"

struct ct_job;
struct ct_rubric;
struct ct_text;

struct ct_submissions {
	char **names; /* owned; in order of their bytes */
	size_t count, cap;
};

/* Those in `folder`: folders, and files of C or C++ source. What else lies there is handed to
 * `other`, but for names that begin with a dot. */
CT_MUST_CHECK enum ct_status ct_submissions_list(const char *folder,
						 void (*other)(const char *name),
						 struct ct_error *error,
						 struct ct_submissions *out);
void ct_submissions_fini(struct ct_submissions *list);
/* Leaves those whose index is `part` modulo `of`. */
void ct_submissions_shard(struct ct_submissions *list, size_t part, size_t of);
/* Leaves those that are named. CT_ENOTFOUND: there is none of that name. */
CT_MUST_CHECK enum ct_status ct_submissions_only(struct ct_submissions *list,
						 const char *const *names, struct ct_error *error);

/* What one of them may be at most. */
extern const struct ct_tree_limits ct_submission_limits;

/* The command that builds what is in `folder`, NULL-terminated: that of the rubric, make, or the
 * compiler. Owned, with its words: ct_submission_command_free. NULL with CT_ENOTFOUND: there is
 * nothing to build. */
CT_MUST_CHECK enum ct_status ct_submission_command(const struct ct_rubric *rubric,
						   const char *folder, char ***out_argv);
void ct_submission_command_free(char **argv);

#endif
