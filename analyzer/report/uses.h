#ifndef CT_REPORT_USES_H
#define CT_REPORT_USES_H
/*
 * What a program used, by stable names: kinds of things ("mutex", "condition variable") and
 * functions ("pthread_mutex_lock"). docs/json.md lists them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_model;

struct ct_use {
	const char *name; /* NULL: nothing has that index */
	bool has_objects;
	uint64_t objects, calls;
};

/* Indices are below it. Things come first. */
size_t ct_use_limit(void);
/* Name and nothing else: of an index, or NULL. */
const char *ct_use_name(size_t index);
bool ct_use_is_name(const char *name);
/* Of a model that was run. Takes time that grows with the number of objects. */
struct ct_use ct_use_of(const struct ct_model *model, size_t index);

#endif
