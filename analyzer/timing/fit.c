#include "timing/fit.h"

#include <math.h>
#include <stdlib.h>

static int compare_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t count, double share)
{
	double at = share * (double)(count - 1);
	size_t below = (size_t)at;

	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

struct ct_spread ct_fit_spread(double *values, size_t count)
{
	if (!count)
		return (struct ct_spread){NAN, NAN, NAN};
	qsort(values, count, sizeof(*values), compare_numbers);
	return (struct ct_spread){.median = quantile(values, count, 0.5),
				  .low = quantile(values, count, 0.25),
				  .high = quantile(values, count, 0.75)};
}

struct weighted {
	double value; /* first: compare_numbers */
	double weight;
};

static double weighted_median(struct weighted *items, size_t count)
{
	double all = 0, below = 0;

	qsort(items, count, sizeof(*items), compare_numbers);
	for (size_t i = 0; i < count; i++)
		all += items[i].weight;
	for (size_t i = 0; i < count; i++) {
		double next = below + items[i].weight;

		if (i + 1 < count && fabs(next - all / 2) <= all * 1e-9)
			return (items[i].value + items[i + 1].value) / 2;
		if (next >= all / 2)
			return items[i].value;
		below = next;
	}
	return items[count - 1].value;
}

/*
 * Theil 1950 and Sen 1968, weighted as by Sievers 1978: a running time's noise grows with it, so
 * what a pair says of the slope is worth the more the farther apart and the shorter both are, and a
 * point's word on the fixed cost the more the shorter it is.
 */
enum ct_status ct_fit_line(const double *x, const double *y, size_t count,
			   struct ct_fit_line *out_line)
{
	struct weighted *items = calloc(count * (count + 1) / 2 + 1, sizeof(*items));
	struct ct_fit_line line = {0};
	size_t pairs = 0;

	if (!items)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			if (x[i] != x[k])
				items[pairs++] = (struct weighted){
					(y[k] - y[i]) / (x[k] - x[i]),
					fabs(x[k] - x[i]) / (hypot(y[i], y[k]) + 1e-12)};
	if (!pairs) {
		free(items);
		return CT_EUSAGE;
	}
	line.slope = weighted_median(items, pairs);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct weighted){y[i] - line.slope * x[i], 1 / (fabs(y[i]) + 1e-12)};
	line.fixed = weighted_median(items, count);
	for (size_t i = 0; i < count; i++)
		line.off = fmax(line.off,
				fabs(line.fixed + line.slope * x[i] - y[i]) / (fabs(y[i]) + 1e-12));
	free(items);
	*out_line = line;
	return CT_OK;
}

double ct_fit_karp_flatt(double speedup, double workers)
{
	return (1 / speedup - 1 / workers) / (1 - 1 / workers);
}

/* 1 / speed-up is share + (1 - share) / workers: least squares for the share. */
double ct_fit_amdahl(const double *workers, const double *speedup, size_t count)
{
	double above = 0, below = 0;

	for (size_t i = 0; i < count; i++) {
		double parallel = 1 - 1 / workers[i];

		if (!(workers[i] > 1) || !(speedup[i] > 0))
			continue;
		above += parallel * (1 / speedup[i] - 1 / workers[i]);
		below += parallel * parallel;
	}
	return below > 0 ? fmin(fmax(above / below, 0), 1) : NAN;
}

double ct_fit_crossing(const double *x, const double *base, const double *other, size_t count)
{
	size_t i = count;
	double before, after;

	while (i > 0 && other[i - 1] < base[i - 1])
		i--;
	if (i == 0)
		return count ? -INFINITY : INFINITY;
	if (i == count)
		return INFINITY;
	before = other[i - 1] - base[i - 1];
	after = base[i] - other[i];
	return x[i - 1] + (x[i] - x[i - 1]) * before / (before + after);
}
