#ifndef CT_BASE_SUGGEST_H
#define CT_BASE_SUGGEST_H
/*
 * "Did you mean": the word of a list that a mistyped one resembles.
 */
#include <stddef.h>

/* Least number of letters to insert, delete, replace or swap with their neighbour. */
size_t ct_suggest_distance(const char *a, const char *b);

/* The nearest of the NULL-terminated `words`, or NULL when none is near. */
const char *ct_suggest(const char *typed, const char *const *words);

#endif
