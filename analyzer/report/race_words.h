#ifndef CT_REPORT_RACE_WORDS_H
#define CT_REPORT_RACE_WORDS_H
/*
 * How a finding about memory is put into words, the same in all reports: what the memory is called,
 * what the accesses are, why nothing orders them, and what to do. Not yet fit for a terminal.
 */
#include <stdbool.h>
#include <stddef.h>

#include "finding/finding.h"
#include "model/names.h"

struct ct_text;

/* What is known of the memory of a race. */
struct ct_named_memory {
	const struct ct_race *race;
	struct ct_symbol_data data; /* of a variable, or of the type of a heap block */
	size_t first, last;	    /* bytes that both touch, from the begin of `data` or block */
	bool in_block;
	bool is_guess;			  /* of what lies on a stack */
	const struct ct_thread *local_to; /* whose thread-local variable; NULL: it is none */
	bool is_text;			  /* a variable of a text trace */
	const char *file;		  /* whose static memory it is that has no name, or NULL */
	uint64_t file_offset;
};

void ct_named_memory_find(struct ct_naming *naming, const struct ct_race *race,
			  struct ct_named_memory *out);

/* "`accounts[3].balance`", "`node.next` in a heap block", "byte 16 of a heap block", "a variable on
 * the stack of T2", "shared memory". */
void ct_race_add_name(struct ct_text *out, struct ct_naming *naming,
		      const struct ct_named_memory *memory);

/* "`accounts[3].balance` (long)" */
void ct_race_add_name_and_type(struct ct_text *out, struct ct_naming *naming,
			       const struct ct_named_memory *memory);

/* "writes 4 bytes", "reads 8 bytes, atomically", "frees the block"; of a text trace, whose
 * variables have no sizes, "writes it". */
void ct_race_add_access(struct ct_text *out, const struct ct_naming *naming,
			const struct ct_race_side *side);

/* "T2" */
const char *ct_race_who(struct ct_naming *naming, const struct ct_race_side *side);

/* The sentence that tells the finding. */
void ct_race_add_headline(struct ct_text *out, struct ct_naming *naming,
			  const struct ct_finding *finding);

/* "T2 holds `m`, main holds no lock: there is no lock that both hold." */
void ct_race_add_why(struct ct_text *out, struct ct_naming *naming,
		     const struct ct_finding *finding);

/* Of a race that was caught: "41 when T2 came there, 42 when it went on". False and nothing if what
 * stood there is not known. */
bool ct_race_add_values(struct ct_text *out, struct ct_naming *naming, const struct ct_race *race);

/* What to do, by the kind of the race: one or two sentences. */
void ct_race_add_fix(struct ct_text *out, struct ct_naming *naming,
		     const struct ct_finding *finding);

#endif
