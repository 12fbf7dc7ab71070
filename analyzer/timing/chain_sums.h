#ifndef CT_TIMING_CHAIN_SUMS_H
#define CT_TIMING_CHAIN_SUMS_H
/*
 * Time by thread or object, for the paths of chain.h. Private to timing/.
 *
 * An id that is new is put behind the sorted ones, and sorted in with others: to insert each in its
 * place takes quadratic time in a program with very many locks.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct ct_chain_sum {
	uint32_t id;
	uint64_t ns;
};

/* All zeros is empty. */
struct ct_chain_sums {
	struct ct_chain_sum *sums; /* owned; an id may have several, unless they are sorted */
	size_t count, cap;
	size_t sorted; /* so many are by id, one of each */
};

/* Adds `ns` to what `id` has. */
CT_MUST_CHECK enum ct_status ct_chain_add(struct ct_chain_sums *sums, uint32_t id, uint64_t ns);
void ct_chain_sort(struct ct_chain_sums *sums);
/* Keeps the room. */
void ct_chain_clear(struct ct_chain_sums *sums);
/* Of sorted ones: what `id` has. */
uint64_t ct_chain_sum_of(const struct ct_chain_sums *sums, uint32_t id);

#endif
