#ifndef CT_TIMING_SCALING_H
#define CT_TIMING_SCALING_H
/*
 * How the time of commands grows with the size of their work, or shrinks with the number of their
 * workers: measured runs, and what follows from them. The first series is the base of the others.
 * Seconds; NAN stands for what is not known.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "timing/fit.h"

struct ct_scaling_point {
	size_t runs; /* that were measured */
	struct ct_spread wall, cpu;
	/* Sizes: the base's time of the same size over this one. Workers: the base's time of fewest
	 * workers over this one. */
	struct ct_spread speedup;
	double efficiency;   /* speed-up per worker; workers only */
	double serial_share; /* Karp-Flatt; of more workers than the fewest that were faster */
};

struct ct_scaling_series {
	char *command;			 /* with {n} in it; owned */
	const char *mode;		 /* that stands for {mode}; static, or NULL */
	double *wall_s, *cpu_s;		 /* [point * repeat + run]; owned */
	struct ct_scaling_point *points; /* [count of values]; owned */
	bool fitted;
	struct ct_fit_line line;
	/* Sizes, not of the base: from where on it is faster, and the range that the spread leaves.
	 * -INFINITY: everywhere; INFINITY: nowhere. */
	struct ct_spread pays;
	bool extrapolated; /* beyond what was measured: the fitted lines say so */
	double amdahl;	   /* workers: serial share that fits all points best */
};

struct ct_scaling {
	double *over; /* values of {n}, growing; owned */
	size_t count;
	unsigned repeat;
	bool workers;			  /* {n} is their number; else a size of the work */
	unsigned cpus;			  /* that may be used; 0 unknown */
	struct ct_scaling_series *series; /* owned */
	size_t series_count;
};

/* Room for the runs of one more series; `command` is copied. */
CT_MUST_CHECK enum ct_status ct_scaling_add(struct ct_scaling *scaling, const char *command,
					    const char *mode);
/* One run of a point more. */
void ct_scaling_measured(const struct ct_scaling *scaling, size_t series, size_t point,
			 double wall_s, double cpu_s);
/* Once all runs are there, or as many as there will be: fills the rest. */
CT_MUST_CHECK enum ct_status ct_scaling_finish(struct ct_scaling *scaling);
void ct_scaling_fini(struct ct_scaling *scaling);

#endif
