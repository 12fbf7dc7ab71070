#include "base/suggest.h"

#include <string.h>

/* Longer words are no typing slips of ours. */
enum { WORD_MAX = 32 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * One row of the table after the other, `row[k]` standing for the k-th last one.
 * Source: Damerau, "A technique for computer detection and correction of spelling errors", 1964.
 */
size_t ct_suggest_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *row[3] = {rows[0], rows[1], rows[2]};
	size_t na = strlen(a), nb = strlen(b);

	if (na > WORD_MAX || nb > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *oldest = row[2];

		row[2] = row[1];
		row[1] = row[0];
		row[0] = oldest;
		row[0][0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = row[1][j - 1] + (a[i - 1] != b[j - 1]);

			best = least(best, least(row[1][j], row[0][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = least(best, row[2][j - 2] + 1);
			row[0][j] = best;
		}
	}
	return row[0][nb];
}

const char *ct_suggest(const char *typed, const char *const *words)
{
	const char *nearest = NULL;
	size_t best = 3; /* slips that are still a likeness */
	size_t length = strlen(typed);

	for (; *words; words++) {
		size_t distance = ct_suggest_distance(typed, *words);

		if (length >= 3 && strncmp(typed, *words, length) == 0)
			distance = 1; /* a beginning */
		if (distance < best && distance < strlen(*words)) {
			best = distance;
			nearest = *words;
		}
	}
	return nearest;
}
