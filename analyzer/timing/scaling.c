#include "timing/scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Lines that miss a point by more than this say nothing about sizes that were not measured. */
#define OFF_MAX 0.25
/* And no line says anything about sizes that are so many times the largest measured one. */
#define BEYOND_MAX 10

enum ct_status ct_scaling_add(struct ct_scaling *scaling, const char *command, const char *mode)
{
	size_t runs = scaling->count * scaling->repeat, cap = scaling->series_count;
	struct ct_scaling_series *s;

	if (ct_vec_grow(&scaling->series, &cap, scaling->series_count + 1, sizeof(*s)) != CT_OK)
		return CT_ENOMEM;
	s = &scaling->series[scaling->series_count++];
	*s = (struct ct_scaling_series){
		.command = strdup(command),
		.mode = mode,
		.wall_s = calloc(runs, sizeof(double)),
		.cpu_s = calloc(runs, sizeof(double)),
		.points = calloc(scaling->count, sizeof(struct ct_scaling_point)),
	};
	return s->command && s->wall_s && s->cpu_s && s->points ? CT_OK : CT_ENOMEM;
}

void ct_scaling_measured(const struct ct_scaling *scaling, size_t series, size_t point,
			 double wall_s, double cpu_s)
{
	struct ct_scaling_series *s = &scaling->series[series];
	size_t run = point * scaling->repeat + s->points[point].runs++;

	s->wall_s[run] = wall_s;
	s->cpu_s[run] = cpu_s;
}

static void take_spreads(const struct ct_scaling *scaling, struct ct_scaling_series *s)
{
	for (size_t i = 0; i < scaling->count; i++) {
		struct ct_scaling_point *p = &s->points[i];

		p->wall = ct_fit_spread(&s->wall_s[i * scaling->repeat], p->runs);
		p->cpu = ct_fit_spread(&s->cpu_s[i * scaling->repeat], p->runs);
	}
}

/* How often `p` goes into the time of `base`; its own spread only, since one base serves many. */
static void take_speedup(struct ct_scaling_point *p, const struct ct_scaling_point *base)
{
	p->speedup = (struct ct_spread){.median = base->wall.median / p->wall.median,
					.low = base->wall.median / p->wall.high,
					.high = base->wall.median / p->wall.low};
}

static void compare_sizes(const struct ct_scaling *scaling, struct ct_scaling_series *s)
{
	for (size_t i = 0; i < scaling->count; i++)
		take_speedup(&s->points[i], &scaling->series[0].points[i]);
}

static bool is_serial(const struct ct_scaling_series *s)
{
	return s->mode && strcmp(s->mode, "serial") == 0;
}

/* A serial base has one worker, whatever is said to it; another one has the fewest. */
static enum ct_status compare_workers(const struct ct_scaling *scaling, struct ct_scaling_series *s)
{
	const struct ct_scaling_series *base = &scaling->series[0];
	double fewest = is_serial(base) ? 1 : scaling->over[0];
	double *workers = calloc(scaling->count + 1, 2 * sizeof(*workers));
	double *speedup = workers ? workers + scaling->count : NULL;
	size_t used = 0;

	if (!workers)
		return CT_ENOMEM;
	for (size_t i = 0; i < scaling->count && !is_serial(s); i++) {
		struct ct_scaling_point *p = &s->points[i];
		double more = scaling->over[i] / fewest;

		take_speedup(p, &base->points[0]);
		p->efficiency = p->speedup.median / more;
		if (more > 1 && p->speedup.median > 1)
			p->serial_share = ct_fit_karp_flatt(p->speedup.median, more);
		/* workers without a processor are no test of the law */
		if (!scaling->cpus || scaling->over[i] <= scaling->cpus) {
			workers[used] = more;
			speedup[used++] = p->speedup.median;
		}
	}
	s->amdahl = ct_fit_amdahl(workers, speedup, used);
	free(workers);
	return CT_OK;
}

/* The measured points of a series, as arrays: n, median, low, high. */
struct curve {
	double *n, *median, *low, *high;
	size_t count;
};

/* Those points that `other` has as well. */
static enum ct_status take_curve(const struct ct_scaling *scaling,
				 const struct ct_scaling_series *s,
				 const struct ct_scaling_series *other, struct curve *out)
{
	double *room = calloc(scaling->count + 1, 4 * sizeof(*room));

	if (!room)
		return CT_ENOMEM;
	*out = (struct curve){room, room + scaling->count, room + 2 * scaling->count,
			      room + 3 * scaling->count, 0};
	for (size_t i = 0; i < scaling->count; i++) {
		const struct ct_scaling_point *p = &s->points[i];

		if (!p->runs || !other->points[i].runs)
			continue;
		out->n[out->count] = scaling->over[i];
		out->median[out->count] = p->wall.median;
		out->low[out->count] = p->wall.low;
		out->high[out->count++] = p->wall.high;
	}
	return CT_OK;
}

static enum ct_status fit(const struct ct_scaling *scaling, struct ct_scaling_series *s)
{
	struct curve own;
	enum ct_status status = take_curve(scaling, s, s, &own);

	if (status)
		return status;
	status = ct_fit_line(own.n, own.median, own.count, &s->line);
	s->fitted = status == CT_OK;
	free(own.n);
	return status == CT_EUSAGE ? CT_OK : status;
}

/* Where the fitted lines cross, if that is behind all that was measured. */
static double crossing_beyond(const struct ct_scaling *scaling,
			      const struct ct_scaling_series *base,
			      const struct ct_scaling_series *s)
{
	double last = scaling->over[scaling->count - 1], at;

	if (!base->fitted || !s->fitted || base->line.off > OFF_MAX || s->line.off > OFF_MAX ||
	    s->line.slope >= base->line.slope)
		return INFINITY;
	at = (s->line.fixed - base->line.fixed) / (base->line.slope - s->line.slope);
	return at > last && at <= BEYOND_MAX * last ? at : INFINITY;
}

static enum ct_status find_break_even(const struct ct_scaling *scaling, struct ct_scaling_series *s)
{
	struct curve base = {0}, own = {0};
	enum ct_status status = take_curve(scaling, &scaling->series[0], s, &base);

	if (status == CT_OK)
		status = take_curve(scaling, s, &scaling->series[0], &own);
	if (status == CT_OK) {
		s->pays = (struct ct_spread){
			.median = ct_fit_crossing(own.n, base.median, own.median, own.count),
			.low = ct_fit_crossing(own.n, base.high, own.low, own.count),
			.high = ct_fit_crossing(own.n, base.low, own.high, own.count),
		};
		if (isinf(s->pays.median) && s->pays.median > 0) {
			s->pays.median = crossing_beyond(scaling, &scaling->series[0], s);
			s->extrapolated = !isinf(s->pays.median);
		}
	}
	free(base.n);
	free(own.n);
	return status;
}

enum ct_status ct_scaling_finish(struct ct_scaling *scaling)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < scaling->series_count; i++) {
		struct ct_scaling_series *s = &scaling->series[i];

		take_spreads(scaling, s);
		s->amdahl = NAN;
		s->pays = (struct ct_spread){NAN, NAN, NAN};
		for (size_t k = 0; k < scaling->count; k++) {
			s->points[k].speedup = s->pays;
			s->points[k].efficiency = s->points[k].serial_share = NAN;
		}
	}
	for (size_t i = 0; i < scaling->series_count && status == CT_OK; i++) {
		struct ct_scaling_series *s = &scaling->series[i];

		if (scaling->workers) {
			status = compare_workers(scaling, s);
			continue;
		}
		status = fit(scaling, s);
		if (i > 0) {
			compare_sizes(scaling, s);
			if (status == CT_OK)
				status = find_break_even(scaling, s);
		}
	}
	return status;
}

void ct_scaling_fini(struct ct_scaling *scaling)
{
	for (size_t i = 0; i < scaling->series_count; i++) {
		free(scaling->series[i].command);
		free(scaling->series[i].wall_s);
		free(scaling->series[i].cpu_s);
		free(scaling->series[i].points);
	}
	free(scaling->series);
	free(scaling->over);
}
