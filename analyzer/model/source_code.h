#ifndef CT_MODEL_SOURCE_CODE_H
#define CT_MODEL_SOURCE_CODE_H
/*
 * Source text of C and C++, as far as it can be understood without compiling it: words, and what
 * stands beside them. Comments and literals are no words.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* Two copies of a file, each of its length, in which blanks stand for all the rest. */
struct ct_source_code {
	char *code;	  /* without directives of the preprocessor */
	char *directives; /* only those */
	size_t length;
};

/* On CT_ENOMEM there is nothing to be released. */
CT_MUST_CHECK enum ct_status ct_source_code_read(const char *text, size_t length,
						 struct ct_source_code *out);
void ct_source_code_fini(struct ct_source_code *source);

/* A piece of such a copy. */
struct ct_source_piece {
	const char *text;
	size_t length;
};

/* The statement (or statements) of which a part stands on the line, from 1: all between the nearest
 * of ";", "{" and "}" before and behind it. Empty: there is no such line. */
struct ct_source_piece ct_source_statement(const struct ct_source_code *source, int line);

/* Whether `word` is one of the piece's. */
bool ct_source_has_word(struct ct_source_piece piece, const char *word);

/* Whether all that the piece does is to be seen in it: no calls (of what may be a macro), no
 * assembly, nothing that is called atomic or volatile. */
bool ct_source_is_plain(struct ct_source_piece piece);

/* Whether something in it is called atomic or volatile, or is assembly. */
bool ct_source_is_doubtful(struct ct_source_piece piece);

/* Whether something is assigned to, or incremented. *out_target: its last name
 * ("pool->lane[i].done" is "done"), or nothing. */
bool ct_source_assigns(struct ct_source_piece piece, struct ct_source_piece *out_target);

/* Whether a line has the word and another one that is called atomic, volatile or assembly. */
bool ct_source_mixes(struct ct_source_piece piece, struct ct_source_piece word);

/* Whether a sequence lock, or RCU, is used: values that were read may be thrown away, then. */
bool ct_source_retries(struct ct_source_piece piece);

/* Whether directives change what the code is: lines count otherwise ("#line"), or a plain statement
 * is atomic ("#pragma omp atomic"). */
bool ct_source_is_directed(const struct ct_source_code *source);

/* Whether one of the piece's words is a macro here whose replacement has `name`, or is not plain.
 * A macro that is called counts by its name alone. */
bool ct_source_expands(const struct ct_source_code *source, struct ct_source_piece piece,
		       const char *name);

#endif
