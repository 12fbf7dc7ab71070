#include "timing/chain_sums.h"

#include <stdlib.h>

#include "base/vec.h"

/* So many, and half as many as are sorted, may be unsorted. */
enum { UNSORTED_AT_LEAST = 16 };

static struct ct_chain_sum *find(const struct ct_chain_sums *sums, uint32_t id)
{
	size_t low = 0, high = sums->sorted;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sums->sums[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sums->sorted && sums->sums[low].id == id ? &sums->sums[low] : NULL;
}

static int by_id(const void *left, const void *right)
{
	const struct ct_chain_sum *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

void ct_chain_sort(struct ct_chain_sums *sums)
{
	size_t kept = 0;

	if (sums->sorted == sums->count)
		return;
	qsort(sums->sums, sums->count, sizeof(*sums->sums), by_id);
	for (size_t i = 1; i < sums->count; i++) {
		if (sums->sums[i].id == sums->sums[kept].id)
			sums->sums[kept].ns += sums->sums[i].ns;
		else
			sums->sums[++kept] = sums->sums[i];
	}
	sums->sorted = sums->count = kept + 1;
}

enum ct_status ct_chain_add(struct ct_chain_sums *sums, uint32_t id, uint64_t ns)
{
	struct ct_chain_sum *sum = find(sums, id);
	enum ct_status status;

	if (!sum && sums->count && sums->sums[sums->count - 1].id == id)
		sum = &sums->sums[sums->count - 1];
	if (sum) {
		sum->ns += ns;
		return CT_OK;
	}
	status = ct_vec_grow(&sums->sums, &sums->cap, sums->count + 1, sizeof(*sums->sums));
	if (status)
		return status;
	sums->sums[sums->count++] = (struct ct_chain_sum){id, ns};
	if (sums->count - sums->sorted > sums->sorted / 2 + UNSORTED_AT_LEAST)
		ct_chain_sort(sums);
	return CT_OK;
}

void ct_chain_clear(struct ct_chain_sums *sums)
{
	sums->count = sums->sorted = 0;
}

uint64_t ct_chain_sum_of(const struct ct_chain_sums *sums, uint32_t id)
{
	const struct ct_chain_sum *sum = find(sums, id);

	return sum ? sum->ns : 0;
}
