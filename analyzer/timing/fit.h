#ifndef CT_TIMING_FIT_H
#define CT_TIMING_FIT_H
/*
 * Statistics of running times that were measured several times. NAN stands for what is not known.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* Median and quartiles: of few runs, a mean and a deviation say more about the worst one. */
struct ct_spread {
	double median, low, high;
};

/* Sorts `values`. Between two of them it interpolates; NANs of none. */
struct ct_spread ct_fit_spread(double *values, size_t count);

/* Time as fixed + slope * n. */
struct ct_fit_line {
	double fixed, slope;
	double off; /* how far it is from the worst point, as a share of that point's value */
};

/* Through the medians of what the pairs of points say. CT_EUSAGE: fewer than two different x. */
CT_MUST_CHECK enum ct_status ct_fit_line(const double *x, const double *y, size_t count,
					 struct ct_fit_line *out_line);

/* The serial share of the work that a speed-up on `workers` (> 1) means; below 0 if it is more than
 * the workers explain. Source: Karp and Flatt, "Measuring Parallel Processor Performance", 1990. */
double ct_fit_karp_flatt(double speedup, double workers);

/* The serial share that fits all speed-ups best, 0 to 1; NAN without a point of more than one
 * worker. Source: Amdahl, "Validity of the Single Processor Approach ...", 1967. */
double ct_fit_amdahl(const double *workers, const double *speedup, size_t count);

/* From which x on `other` is below `base`: both by straight lines from point to point. -INFINITY:
 * everywhere; INFINITY: not even at the last point. */
double ct_fit_crossing(const double *x, const double *base, const double *other, size_t count);

#endif
