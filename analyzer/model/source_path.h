#ifndef CT_MODEL_SOURCE_PATH_H
#define CT_MODEL_SOURCE_PATH_H
/*
 * What a statement of C or C++ reads and writes, step by step: "task.list->rows[i]" is the name
 * `task`, its member `list`, the member `rows` of what that points to, and an element.
 */
#include "model/source_code.h"

enum { CT_SOURCE_STEPS_MAX = 12 };

enum ct_source_step_kind {
	CT_STEP_NAME,
	CT_STEP_MEMBER,	 /* ".name" */
	CT_STEP_ARROW,	 /* "->name" */
	CT_STEP_ELEMENT, /* "[...]" */
	CT_STEP_POINTED, /* "*" before the rest */
};

struct ct_source_step {
	enum ct_source_step_kind kind;
	struct ct_source_piece name;
};

struct ct_source_path {
	struct ct_source_step steps[CT_SOURCE_STEPS_MAX];
	size_t count;
};

/* False: the statement writes to several things or to nothing, declares what it writes to, or
 * writes it in another way than this. */
bool ct_source_target(struct ct_source_piece statement, struct ct_source_path *out);

/* The first path that begins at or behind *at, which goes behind it; keywords and what is called
 * count as names. False: there is none. */
bool ct_source_next_path(struct ct_source_piece piece, size_t *at, struct ct_source_path *out);

#endif
