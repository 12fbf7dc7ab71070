#ifndef CT_FINDING_SUPPRESSION_SET_H
#define CT_FINDING_SUPPRESSION_SET_H
/*
 * Suppressions as they are kept. Private to suppression*.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "finding/stack.h"

struct ct_finding;
struct ct_naming;
struct ct_place;
struct ct_rule;
struct ct_symbols;
struct ct_text;

enum ct_part_kind { CT_PART_FUNCTION, CT_PART_FILE, CT_PART_LIB, CT_PART_ANY_FRAMES };

/* What one frame has to be; CT_PART_ANY_FRAMES: what any number of them may be. */
struct ct_stack_part {
	enum ct_part_kind kind;
	const char *glob;
};

struct ct_stack_pattern {
	struct ct_stack_part *parts; /* innermost first */
	size_t count;
};

struct ct_suppression {
	const struct ct_rule *rule; /* NULL: any */
	const char *path;	    /* where it is written */
	int line;
	const char *reason;
	const char *expires; /* "2027-03-01", or NULL */
	bool expired;
	const char **objects; /* globs; owned array */
	size_t object_count, object_cap;
	struct ct_stack_pattern *stacks; /* owned array */
	size_t stack_count, stack_cap;
	uint64_t uses;
};

struct ct_suppressions {
	struct ct_arena arena; /* strings and parts */
	const struct ct_rule *const *rules;
	struct ct_suppression *items; /* owned */
	size_t count, cap;
	const char **unused; /* owned array of strings in the arena */
	size_t unused_cap;
};

#define CT_STACK_PATTERNS_MAX 64u /* of one suppression */

/* Lines longer than that are refused: libinih may have no room for them. */
#define CT_SUPPRESSION_LINE_MAX 190u

/* `*`: any text, `?`: any byte, `\` before a byte: that byte. NULL matches only what all match. */
bool ct_glob_matches(const char *glob, const char *text);

/* "add_stat < worker < *". CT_EFORMAT: a part is empty. */
CT_MUST_CHECK enum ct_status ct_stack_pattern_parse(const char *text, struct ct_arena *arena,
						    struct ct_stack_pattern *out);
/* Whether the stack begins so, read from its innermost frame or from the one to point at. */
bool ct_stack_pattern_matches(const struct ct_stack_pattern *pattern,
			      const struct ct_shown_stack *stack);

/* What suppressions can be compared with: of one finding. */
struct ct_suppression_subject {
	const struct ct_finding *finding;
	struct ct_arena arena;
	struct ct_shown_stack *stacks; /* of its places, which have one; owned array */
	size_t stack_count, stack_cap;
	const char **names; /* of its objects and of its memory; owned array */
	size_t name_count, name_cap;
};

/* CT_ENOMEM: nothing is left behind. */
CT_MUST_CHECK enum ct_status ct_suppression_subject_init(struct ct_suppression_subject *subject,
							 const struct ct_finding *finding,
							 struct ct_symbols *symbols,
							 struct ct_naming *naming);
void ct_suppression_subject_fini(struct ct_suppression_subject *subject);
bool ct_suppression_matches(const struct ct_suppression *suppression,
			    const struct ct_suppression_subject *subject);

#endif
