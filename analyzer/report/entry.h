#ifndef CT_REPORT_ENTRY_H
#define CT_REPORT_ENTRY_H
/*
 * Findings as most formats want them: a sentence, a place in the source, a text, a number that
 * stays. Strings are plain UTF-8 text, not escaped for any format, free of what a terminal could
 * obey.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "finding/fingerprint.h"
#include "report/reporter.h"

struct ct_entry {
	const struct ct_finding *finding;
	const char *headline; /* one sentence without a full stop */
	const char *fix;      /* never NULL */
	const char *file;     /* of the place to point at; below in->directory relative to it, else
				 absolute; NULL: the source is not known */
	const char *function; /* the same; or NULL */
	int line;	      /* 0: not known */
	size_t main_place;    /* of finding_place.h */
	char id[CT_FINGERPRINT_BYTES];
	bool fails; /* it decides the exit status */
};

/* A damaged trace may lack very much: after so many sentences one more says how many are left out.
 */
#define CT_ENTRIES_LACKS_MAX 100u

struct ct_entries {
	struct ct_arena arena;
	struct ct_entry *items; /* as in->findings->items; in the arena */
	size_t count;
	const char **lacks; /* what the record lacks, so that something may be missed: a sentence
			     * each, in the arena; the array is owned */
	size_t lack_count;
};

/* Of findings that are numbered (ct_findings_identify). CT_ENOMEM: nothing is left behind. */
CT_MUST_CHECK enum ct_status ct_entries_make(const struct ct_report *in, struct ct_entries *out);
void ct_entries_fini(struct ct_entries *entries);

/* All that the text report says of the finding, without colours. */
void ct_entry_details(struct ct_text *out, const struct ct_report *in,
		      const struct ct_entry *entry);

#endif
