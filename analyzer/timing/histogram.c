#include "timing/histogram.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Values below 2^FINE_BITS have a step each; above, every power of two has that many. */
enum { FINE_BITS = 5 };

static uint32_t step_of(uint64_t value)
{
	uint32_t power;

	if (value >> FINE_BITS == 0)
		return (uint32_t)value;
	power = 63 - (uint32_t)__builtin_clzll(value) - FINE_BITS;
	return (power << FINE_BITS) + (uint32_t)(value >> power);
}

/* The greatest value of a step. */
static uint64_t top_of(uint32_t step)
{
	uint32_t power;
	uint64_t first;

	if (step >> FINE_BITS == 0)
		return step;
	power = (step >> FINE_BITS) - 1;
	first = (uint64_t)(step - (power << FINE_BITS)) << power;
	return first + (((uint64_t)1 << power) - 1);
}

void ct_histogram_fini(struct ct_histogram *histogram)
{
	free(histogram->steps);
	*histogram = (struct ct_histogram){.steps = NULL};
}

/* Where the step is, or would have to be. */
static size_t find(const struct ct_histogram *histogram, uint32_t step)
{
	size_t low = 0, high = histogram->step_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (histogram->steps[middle].step < step)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum ct_status ct_histogram_add(struct ct_histogram *histogram, uint64_t value)
{
	uint32_t step = step_of(value);
	size_t at = find(histogram, step);

	if (at == histogram->step_count || histogram->steps[at].step != step) {
		enum ct_status status =
			ct_vec_grow(&histogram->steps, &histogram->step_cap,
				    histogram->step_count + 1, sizeof(*histogram->steps));

		if (status)
			return status;
		memmove(&histogram->steps[at + 1], &histogram->steps[at],
			(histogram->step_count - at) * sizeof(*histogram->steps));
		histogram->steps[at] = (struct ct_histogram_step){.step = step};
		histogram->step_count++;
	}
	if (histogram->steps[at].count < UINT32_MAX)
		histogram->steps[at].count++;
	histogram->count++;
	if (__builtin_add_overflow(histogram->total, value, &histogram->total))
		histogram->total = UINT64_MAX;
	if (value > histogram->max)
		histogram->max = value;
	return CT_OK;
}

uint64_t ct_histogram_percentile(const struct ct_histogram *histogram, double share)
{
	uint64_t in_steps = 0, seen = 0;

	/* less than `count`, if steps are at their maximum */
	for (size_t i = 0; i < histogram->step_count; i++)
		in_steps += histogram->steps[i].count;
	for (size_t i = 0; i < histogram->step_count; i++) {
		uint64_t top = top_of(histogram->steps[i].step);

		seen += histogram->steps[i].count;
		if ((double)seen >= share * (double)in_steps)
			return top < histogram->max ? top : histogram->max;
	}
	return histogram->max;
}

struct ct_times ct_histogram_times(const struct ct_histogram *histogram)
{
	return (struct ct_times){
		.count = histogram->count,
		.total_ns = histogram->total,
		.mean_ns = histogram->count ? histogram->total / histogram->count : 0,
		.p99_ns = ct_histogram_percentile(histogram, 0.99),
		.max_ns = histogram->max,
	};
}
