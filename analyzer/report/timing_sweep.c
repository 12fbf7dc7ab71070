#include "report/timing_sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "timing/scaling.h"

#define CELL 32
#define SEEN_S 1e-7 /* less than starting anything takes */
#define NOISE 0.05  /* at least, as a share of the time */

static const char *name_of(const struct ct_scaling_series *s)
{
	return s->mode ? s->mode : s->command;
}

/* "1.20 ms": three digits that count, in the unit that suits them. */
static void format_time(char *out, double time_s)
{
	static const struct {
		const char *name;
		double s;
	} units[] = {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}};
	size_t unit = 0;
	double value;

	if (isnan(time_s)) {
		snprintf(out, CELL, "-");
		return;
	}
	while (unit + 1 < sizeof(units) / sizeof(*units) && fabs(time_s) < units[unit].s * 0.9995)
		unit++;
	value = time_s / units[unit].s;
	snprintf(out, CELL, "%.*f %s",
		 value < 9.995	 ? 2
		 : value < 99.95 ? 1
				 : 0,
		 value, units[unit].name);
}

/* A size of the work: three digits that count, without an exponent. */
static void format_size(char *out, double n)
{
	double step = n >= 1000 ? pow(10, floor(log10(n)) - 2) : 1;

	if (n < 10)
		snprintf(out, CELL, "%.3g", n);
	else
		snprintf(out, CELL, "%.0f", round(n / step) * step);
}

static void add_number(struct ct_text *out, const char *format, double number)
{
	char cell[CELL];

	if (isnan(number))
		snprintf(cell, sizeof(cell), "-");
	else
		snprintf(cell, sizeof(cell), format, number);
	ct_text_addf(out, " %10s", cell);
}

static void add_point(const struct ct_scaling *scaling, const struct ct_scaling_series *s, size_t i,
		      struct ct_text *out)
{
	const struct ct_scaling_point *p = &s->points[i];
	char median[CELL], low[CELL], high[CELL], cpu[CELL];

	format_time(median, p->wall.median);
	format_time(low, p->wall.low);
	format_time(high, p->wall.high);
	format_time(cpu, p->cpu.median);
	ct_text_addf(out, "  %10.0f %10s %10s to %-10s %10s", scaling->over[i], median, low, high,
		     cpu);
	add_number(out, "%.2f", p->speedup.median);
	if (scaling->workers) {
		add_number(out, "%.2f", p->efficiency);
		add_number(out, "%.1f %%", p->serial_share * 100);
	}
	if (p->runs < scaling->repeat)
		ct_text_addf(out, "  (%zu of %u runs)", p->runs, scaling->repeat);
	ct_text_addc(out, '\n');
}

static size_t count_points(const struct ct_scaling *scaling, const struct ct_scaling_series *s)
{
	size_t count = 0;

	for (size_t i = 0; i < scaling->count; i++)
		count += s->points[i].runs > 0;
	return count;
}

/* What the line goes down by is more than the runs of one point differ. */
static bool falls(const struct ct_scaling *scaling, const struct ct_scaling_series *s)
{
	double noise = s->line.fixed * NOISE, first = NAN, last = NAN;

	for (size_t i = 0; i < scaling->count; i++) {
		const struct ct_scaling_point *p = &s->points[i];

		if (!p->runs)
			continue;
		noise = fmax(noise, p->wall.high - p->wall.low);
		first = isnan(first) ? scaling->over[i] : first;
		last = scaling->over[i];
	}
	return s->line.slope * (first - last) > noise;
}

static void add_line(const struct ct_scaling *scaling, const struct ct_scaling_series *s,
		     struct ct_text *out)
{
	char fixed[CELL], slope[CELL];

	if (!s->fitted)
		return;
	if (s->line.slope <= 0) {
		ct_text_add(out, falls(scaling, s) ? "  the larger n is, the faster\n"
						   : "  no growth that can be seen\n");
		return;
	}
	format_time(fixed, s->line.fixed);
	format_time(slope, s->line.slope);
	if (s->line.fixed < SEEN_S)
		ct_text_add(out, "  no fixed cost that can be seen, ");
	else
		ct_text_addf(out, "  fixed cost %s, then ", fixed);
	ct_text_addf(out, "%s for each n", slope);
	if (count_points(scaling, s) > 2) /* a line fits any two */
		ct_text_addf(out, " (off by at most %.0f %%%s)", s->line.off * 100,
			     s->line.off > 0.25 ? ": no straight line" : "");
	ct_text_addc(out, '\n');
}

/* "(900 to 1600)": what the quartiles leave open. */
static void add_range(const struct ct_scaling *scaling, const struct ct_spread *pays,
		      struct ct_text *out)
{
	char low[CELL], high[CELL];

	format_size(low, isinf(pays->low) ? scaling->over[0] : pays->low);
	format_size(high, isinf(pays->high) ? scaling->over[scaling->count - 1] : pays->high);
	ct_text_addf(out, " (%s%s to %s%s)", low, isinf(pays->low) ? " or less" : "", high,
		     isinf(pays->high) ? " or more" : "");
}

static void add_break_even(const struct ct_scaling *scaling, const struct ct_scaling_series *s,
			   struct ct_text *out)
{
	const char *base = name_of(&scaling->series[0]);
	char at[CELL], first[CELL], last[CELL];

	if (isnan(s->pays.median))
		return;
	format_size(at, s->pays.median);
	format_size(first, scaling->over[0]);
	format_size(last, scaling->over[scaling->count - 1]);
	ct_text_add(out, "  against ");
	ct_text_add_printable(out, base);
	if (s->extrapolated) {
		ct_text_addf(out,
			     ": does not pay off up to n = %s; by the fitted lines it would "
			     "from n = %s on",
			     last, at);
	} else if (s->pays.median == INFINITY) {
		ct_text_add(out, ": never pays off, here");
		if (s->pays.low != INFINITY) {
			format_size(at, fmax(s->pays.low, scaling->over[0]));
			ct_text_addf(out, "; by the quartiles it may from n = %s on", at);
		}
	} else if (s->pays.median == -INFINITY) {
		ct_text_addf(out, ": pays off from n = %s on, the smallest", first);
		if (s->pays.high != -INFINITY)
			add_range(scaling, &s->pays, out);
	} else {
		ct_text_addf(out, ": pays off from n = %s on", at);
		add_range(scaling, &s->pays, out);
	}
	ct_text_addc(out, '\n');
}

static void add_amdahl(const struct ct_scaling_series *s, struct ct_text *out)
{
	if (isnan(s->amdahl))
		return;
	ct_text_addf(out, "  serial share %.1f %% (Amdahl's law, up to one worker a processor)",
		     s->amdahl * 100);
	/* beyond, it says no more than the share */
	if (s->amdahl > 0.0005 && s->amdahl <= 0.95)
		ct_text_addf(out, ": at most %.1f times as fast", 1 / s->amdahl);
	ct_text_addc(out, '\n');
}

static void add_series(const struct ct_scaling *scaling, const struct ct_scaling_series *s,
		       struct ct_text *out)
{
	ct_text_addc(out, '\n');
	if (s->mode)
		ct_text_addf(out, "%s: ", s->mode);
	ct_text_add_printable(out, s->command);
	ct_text_addf(out, "\n  %10s %10s %24s %10s %10s", scaling->workers ? "workers" : "n",
		     "elapsed", "quartiles       ", "CPU", "speed-up");
	if (scaling->workers)
		ct_text_addf(out, " %10s %10s", "efficiency", "serial");
	ct_text_addc(out, '\n');
	for (size_t i = 0; i < scaling->count; i++)
		add_point(scaling, s, i, out);
	if (scaling->workers) {
		add_amdahl(s, out);
		return;
	}
	add_line(scaling, s, out);
	if (s != scaling->series)
		add_break_even(scaling, s, out);
}

enum ct_status ct_timing_sweep_text(const struct ct_scaling *scaling, struct ct_text *out)
{
	ct_text_addf(out, "Medians of %u run%s, commands and values in turns", scaling->repeat,
		     scaling->repeat == 1 ? "" : "s");
	if (scaling->cpus)
		ct_text_addf(out, ", %u processor%s", scaling->cpus, scaling->cpus == 1 ? "" : "s");
	ct_text_addc(out, '\n');
	for (size_t i = 0; i < scaling->series_count; i++)
		add_series(scaling, &scaling->series[i], out);
	return ct_text_status(out);
}
