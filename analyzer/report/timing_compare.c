#include "report/timing_compare.h"

#include <math.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/picture_speedup.h"
#include "report/json.h"
#include "report/style.h"
#include "report/table.h"
#include "report/timing_json.h"
#include "report/timing_words.h"
#include "timing/timing.h"

double ct_timing_speedup(const struct ct_timing *base, const struct ct_timing *timing)
{
	return base->wall_ns && timing->wall_ns ? (double)base->wall_ns / (double)timing->wall_ns
						: NAN;
}

double ct_timing_efficiency(const struct ct_timing *base, const struct ct_timing *timing)
{
	return timing->workers ? ct_timing_speedup(base, timing) / (double)timing->workers : NAN;
}

/* Source: Karp and Flatt, "Measuring Parallel Processor Performance", 1990. */
double ct_timing_karp_flatt(const struct ct_timing *base, const struct ct_timing *timing)
{
	double workers = (double)timing->workers;

	if (timing == base || timing->workers < 2 || !(ct_timing_speedup(base, timing) > 1))
		return NAN;
	return (1 / ct_timing_speedup(base, timing) - 1 / workers) / (1 - 1 / workers);
}

enum ct_status ct_timing_compare_json(const struct ct_timing_column *columns, size_t count,
				      struct ct_text *out)
{
	struct ct_json json = {0};
	json_t *root = ct_json_object(&json), *traces = ct_json_array(&json);
	json_t *compared = ct_json_array(&json);
	const struct ct_timing *base = columns[0].timing;

	for (size_t i = 0; i < count; i++) {
		const struct ct_timing *timing = columns[i].timing;
		json_t *object = ct_json_object(&json);

		ct_json_append(&json, traces,
			       ct_timing_json_object(&json, timing, columns[i].path));
		ct_json_set_string(&json, object, "trace", columns[i].path);
		ct_json_set_string(&json, object, "mode", ct_timing_mode_name(timing->mode));
		ct_json_set(&json, object, "workers", ct_timing_json_count(&json, timing->workers));
		ct_json_set(&json, object, "wall_s",
			    ct_timing_json_seconds(&json, timing->wall_ns));
		ct_json_set(&json, object, "speedup",
			    ct_timing_json_real(&json, ct_timing_speedup(base, timing)));
		ct_json_set(&json, object, "efficiency",
			    ct_timing_json_real(&json, ct_timing_efficiency(base, timing)));
		ct_json_set(&json, object, "serial_share",
			    ct_timing_json_real(&json, ct_timing_karp_flatt(base, timing)));
		ct_json_append(&json, compared, object);
	}
	ct_json_set(&json, root, "version", ct_json_integer(&json, 1));
	ct_json_set(&json, root, "traces", traces);
	ct_json_set(&json, root, "compared", compared);
	return ct_timing_json_dump(&json, root, out);
}

enum { LABEL_WIDTH = 30, TITLE_LEAST = 8, TITLE_MOST = 24 };

/* What a row shows of one trace; shares and ratios in thousandths. */
struct row {
	const char *label;
	enum ct_table_kind kind;
	uint64_t (*get)(const struct ct_timing *base, const struct ct_timing *timing);
};

static uint64_t thousandths(double value)
{
	return value >= 0 && value < 1e15 ? (uint64_t)(value * 1000 + 0.5) : CT_TABLE_UNKNOWN;
}

#define ROW(name, value)                                                                           \
	static uint64_t get_##name(const struct ct_timing *base, const struct ct_timing *timing)   \
	{                                                                                          \
		(void)base;                                                                        \
		return value;                                                                      \
	}
ROW(workers, timing->workers)
ROW(wall, timing->wall_ns)
ROW(cpu, timing->usage.cpu_ns)
ROW(cores, thousandths(timing->parallelism.cores))
ROW(speedup, thousandths(ct_timing_speedup(base, timing)))
ROW(efficiency, thousandths(ct_timing_efficiency(base, timing)))
ROW(serial, thousandths(ct_timing_karp_flatt(base, timing)))
ROW(creation, ct_timing_sum(timing).creation_ns)
ROW(ready, timing->usage.ready_ns)
ROW(voluntary, timing->usage.voluntary)
ROW(involuntary, timing->usage.involuntary)
ROW(minor, timing->usage.minor_faults)
ROW(major, timing->usage.major_faults)
ROW(rss,
    timing->usage.max_rss_kb < UINT64_MAX >> 10 ? timing->usage.max_rss_kb << 10 : CT_TABLE_UNKNOWN)
ROW(pipes, ct_timing_sum(timing).pipe_bytes)
ROW(sockets, ct_timing_sum(timing).socket_bytes)
ROW(shared, ct_timing_sum(timing).shared_bytes)
#undef ROW

static const struct row rows[] = {
	{"workers", CT_TABLE_COUNT, get_workers},
	{"elapsed", CT_TABLE_TIME, get_wall},
	{"CPU time", CT_TABLE_TIME, get_cpu},
	{"processors busy", CT_TABLE_RATIO, get_cores},
	{"speed-up", CT_TABLE_RATIO, get_speedup},
	{"efficiency", CT_TABLE_SHARE, get_efficiency},
	{"serial share (Karp-Flatt)", CT_TABLE_SHARE, get_serial},
	{"start of a worker (median)", CT_TABLE_TIME, get_creation},
	{"waited for a processor", CT_TABLE_TIME, get_ready},
	{"switches, voluntary", CT_TABLE_COUNT, get_voluntary},
	{"switches, involuntary", CT_TABLE_COUNT, get_involuntary},
	{"page faults, minor", CT_TABLE_COUNT, get_minor},
	{"page faults, major", CT_TABLE_COUNT, get_major},
	{"peak RSS, all processes", CT_TABLE_BYTES, get_rss},
	{"through pipes", CT_TABLE_BYTES, get_pipes},
	{"through sockets", CT_TABLE_BYTES, get_sockets},
	{"shared memory", CT_TABLE_BYTES, get_shared},
};

struct comparison {
	const struct ct_timing_column *columns;
	size_t count;
	struct ct_table table;
	uint64_t *values; /* of the row at hand */
};

/* Nothing for a row of which nothing is known, or nothing happened. */
static void add_row(struct comparison *c, const char *label, enum ct_table_kind kind)
{
	char number[CT_TABLE_NUMBER_BYTES], full[64];
	struct ct_table_unit unit;
	uint64_t most = 0;

	for (size_t i = 0; i < c->count; i++)
		if (c->values[i] != CT_TABLE_UNKNOWN && c->values[i] > most)
			most = c->values[i];
	if (!most)
		return;
	unit = ct_table_unit_for(most);
	snprintf(full, sizeof(full), kind == CT_TABLE_TIME ? "%s, %s" : "%s", label, unit.name);
	ct_table_text(&c->table, full);
	for (size_t i = 0; i < c->count; i++) {
		ct_table_format(c->values[i], kind, &unit, number);
		ct_table_text(&c->table, number);
	}
}

static void add_modes(struct comparison *c)
{
	ct_table_text(&c->table, "mode");
	for (size_t i = 0; i < c->count; i++)
		ct_table_text(&c->table, ct_timing_mode_name(c->columns[i].timing->mode));
}

static bool is_incomplete(const struct ct_timing *timing)
{
	return timing->lost_records || timing->lost_threads || timing->uncounted;
}

/* Nothing if all are whole. */
static void add_incomplete(struct comparison *c)
{
	bool any = false;

	for (size_t i = 0; i < c->count; i++)
		any = any || is_incomplete(c->columns[i].timing);
	if (!any)
		return;
	ct_table_text(&c->table, "incomplete");
	for (size_t i = 0; i < c->count; i++)
		ct_table_text(&c->table, is_incomplete(c->columns[i].timing) ? "yes" : "-");
}

static void add_rows(struct comparison *c)
{
	add_modes(c);
	add_incomplete(c);
	for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++) {
		for (size_t i = 0; i < c->count; i++)
			c->values[i] = rows[r].get(c->columns[0].timing, c->columns[i].timing);
		add_row(c, rows[r].label, rows[r].kind);
	}
	for (int kind = CT_RUNS + 1; kind < CT_ACTIVITIES; kind++) {
		char label[48];

		for (size_t i = 0; i < c->count; i++)
			c->values[i] = ct_timing_sum(c->columns[i].timing).by_activity[kind];
		snprintf(label, sizeof(label), "workers waited: %s",
			 ct_activity_name((enum ct_activity)kind));
		add_row(c, label, CT_TABLE_TIME);
	}
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void free_titles(char **titles, size_t count)
{
	for (size_t i = 0; titles && i < count; i++)
		free(titles[i]);
	free(titles);
}

/* The traces' names, short enough for all to fit. NULL: no memory. */
static char **make_titles(const struct ct_timing_column *columns, size_t count)
{
	size_t width = (CT_TABLE_WIDTH - LABEL_WIDTH) / count;
	char **titles = calloc(count, sizeof(*titles));
	struct ct_text clean, title;
	bool whole = true;

	width = width < TITLE_LEAST + 2 ? TITLE_LEAST : width - 2;
	if (width > TITLE_MOST)
		width = TITLE_MOST;
	ct_text_init(&clean);
	ct_text_init(&title);
	for (size_t i = 0; titles && i < count; i++) {
		ct_text_reset(&clean);
		ct_text_reset(&title);
		ct_text_add_printable(&clean, last_part(columns[i].path));
		ct_table_add_cut(&title, ct_text_str(&clean), width);
		titles[i] = strdup(ct_text_str(&title));
		whole = whole && titles[i];
	}
	ct_text_fini(&title);
	ct_text_fini(&clean);
	if (whole)
		return titles;
	free_titles(titles, count);
	return NULL;
}

/* Its first process is the program. */
static bool has_ended(const struct ct_timing *timing)
{
	return !timing->process_count || timing->processes[0].ended;
}

static void add_notes(const struct comparison *c, char *const *titles, struct ct_text *out)
{
	const struct ct_timing *base = c->columns[0].timing;

	if (base->mode != CT_SERIAL)
		ct_text_addf(out,
			     "  %s is not serial: speed-up, efficiency and serial share are "
			     "against it as it is\n",
			     titles[0]);
	for (size_t i = 0; i < c->count; i++) {
		const struct ct_timing *timing = c->columns[i].timing;

		if (!has_ended(timing))
			ct_text_addf(out,
				     "  %s did not come to its end: its times are those of a "
				     "part\n",
				     titles[i]);
		else if (is_incomplete(timing))
			ct_text_addf(out,
				     "  %s is incomplete: its own timing says what is missing\n",
				     titles[i]);
	}
}

static enum ct_status print(struct comparison *c, char *const *titles, bool color,
			    struct ct_text *out)
{
	struct ct_table_column *columns = calloc(c->count + 1, sizeof(*columns));

	if (!columns)
		return CT_ENOMEM;
	columns[0] = (struct ct_table_column){"", CT_TABLE_NAME};
	for (size_t i = 0; i < c->count; i++)
		columns[i + 1] = (struct ct_table_column){titles[i], CT_TABLE_WORD};
	ct_table_init(&c->table, columns, c->count + 1);
	add_rows(c);
	ct_table_print(&c->table, color, out);
	add_notes(c, titles, out);
	ct_table_fini(&c->table);
	free(columns);
	return ct_text_status(out);
}

enum ct_status ct_timing_compare_text(const struct ct_timing_column *columns, size_t count,
				      bool color, struct ct_text *out)
{
	struct comparison c = {.columns = columns, .count = count};
	char **titles = make_titles(columns, count);
	enum ct_status status = CT_ENOMEM;

	c.values = calloc(count, sizeof(*c.values));
	if (titles && c.values)
		status = print(&c, titles, color, out);
	free(c.values);
	free_titles(titles, count);
	return status;
}

/* Traces of one mode are the points of a series. */
static size_t take_series(const struct ct_timing_column *columns, size_t count,
			  enum ct_timing_mode mode, double *n, double *speedup)
{
	size_t points = 0;

	for (size_t i = 0; i < count; i++) {
		if (columns[i].timing->mode != mode)
			continue;
		n[points] = (double)columns[i].timing->workers;
		speedup[points++] = ct_timing_speedup(columns[0].timing, columns[i].timing);
	}
	return points;
}

enum ct_status ct_timing_compare_picture(const struct ct_timing_column *columns, size_t count,
					 struct ct_text *out)
{
	enum { MODES = CT_THREADS_AND_PROCESSES + 1 };
	struct ct_picture_series series[MODES];
	double *values = calloc(2 * count, sizeof(*values));
	size_t used = 0, series_count = 0;
	enum ct_status status;

	if (!values)
		return CT_ENOMEM;
	for (int mode = 0; mode < MODES; mode++) {
		double *n = values + 2 * used;
		size_t left = count - used, points;

		points = take_series(columns, count, (enum ct_timing_mode)mode, n, n + left);
		if (!points)
			continue;
		memmove(n + points, n + left, points * sizeof(*n));
		series[series_count++] = (struct ct_picture_series){
			.name = ct_timing_mode_name((enum ct_timing_mode)mode),
			.n = n,
			.median = n + points,
			.count = points,
		};
		used += points;
	}
	status =
		ct_picture_speedup(ct_timing_program(columns[0].timing), series, series_count, out);
	free(values);
	return status;
}
