#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/picture_speedup.h"
#include "report/json.h"
#include "report/timing_json.h"
#include "report/timing_sweep.h"
#include "timing/scaling.h"

static void set_real(struct ct_json *json, json_t *object, const char *key, double number)
{
	ct_json_set(json, object, key, ct_timing_json_real(json, number));
}

static json_t *spread(struct ct_json *json, const struct ct_spread *spread)
{
	json_t *object = ct_json_object(json);

	set_real(json, object, "median", spread->median);
	set_real(json, object, "low", spread->low);
	set_real(json, object, "high", spread->high);
	return object;
}

static json_t *point(struct ct_json *json, double n, const struct ct_scaling_point *p)
{
	json_t *object = ct_json_object(json);

	ct_json_set(json, object, "n", ct_json_integer(json, (json_int_t)n));
	ct_json_set(json, object, "runs", ct_json_integer(json, (json_int_t)p->runs));
	ct_json_set(json, object, "wall_s", spread(json, &p->wall));
	ct_json_set(json, object, "cpu_s", spread(json, &p->cpu));
	set_real(json, object, "speedup", p->speedup.median);
	set_real(json, object, "efficiency", p->efficiency);
	set_real(json, object, "serial_share", p->serial_share);
	return object;
}

static json_t *series(struct ct_json *json, const struct ct_scaling *scaling,
		      const struct ct_scaling_series *s)
{
	json_t *object = ct_json_object(json), *points = ct_json_array(json);
	bool everywhere = isinf(s->pays.median) && s->pays.median < 0;

	for (size_t i = 0; i < scaling->count; i++)
		ct_json_append(json, points, point(json, scaling->over[i], &s->points[i]));
	ct_json_set_string(json, object, "command", s->command);
	ct_json_set(json, object, "mode", s->mode ? ct_json_string(json, s->mode) : json_null());
	ct_json_set(json, object, "points", points);
	set_real(json, object, "fixed_s", s->fitted ? s->line.fixed : NAN);
	set_real(json, object, "slope_s", s->fitted ? s->line.slope : NAN);
	set_real(json, object, "off", s->fitted ? s->line.off : NAN);
	set_real(json, object, "pays_off_from", everywhere ? scaling->over[0] : s->pays.median);
	set_real(json, object, "pays_off_low", s->pays.low);
	set_real(json, object, "pays_off_high", s->pays.high);
	ct_json_set(json, object, "extrapolated", json_boolean(s->extrapolated));
	set_real(json, object, "serial_share", s->amdahl);
	return object;
}

enum ct_status ct_timing_sweep_json(const struct ct_scaling *scaling, struct ct_text *out)
{
	struct ct_json json = {0};
	json_t *root = ct_json_object(&json), *over = ct_json_array(&json);
	json_t *all = ct_json_array(&json);

	for (size_t i = 0; i < scaling->count; i++)
		ct_json_append(&json, over, ct_json_integer(&json, (json_int_t)scaling->over[i]));
	for (size_t i = 0; i < scaling->series_count; i++)
		ct_json_append(&json, all, series(&json, scaling, &scaling->series[i]));
	ct_json_set(&json, root, "version", ct_json_integer(&json, 1));
	ct_json_set(&json, root, "over", over);
	ct_json_set(&json, root, "repeat", ct_json_integer(&json, scaling->repeat));
	ct_json_set(&json, root, "workers", json_boolean(scaling->workers));
	ct_json_set(&json, root, "cpus", ct_json_integer(&json, scaling->cpus));
	ct_json_set(&json, root, "series", all);
	return ct_timing_json_dump(&json, root, out);
}

/* One series as arrays of `count` numbers, in `room` for three times that. */
static void take_points(const struct ct_scaling *scaling, const struct ct_scaling_series *s,
			double *room, struct ct_picture_series *out)
{
	size_t count = scaling->count;

	for (size_t i = 0; i < count; i++) {
		const struct ct_scaling_point *p = &s->points[i];
		const struct ct_spread *shown = scaling->workers ? &p->speedup : &p->wall;

		room[i] = shown->median;
		room[count + i] = shown->low;
		room[2 * count + i] = shown->high;
	}
	*out = (struct ct_picture_series){
		.name = s->mode ? s->mode : s->command,
		.n = scaling->over,
		.median = room,
		.low = room + count,
		.high = room + 2 * count,
		.count = count,
		.fitted = s->fitted,
		.fixed = s->line.fixed,
		.slope = s->line.slope,
	};
}

/* Whether nothing is known of what a picture of it would show: a serial base among workers. */
static bool is_blank(const struct ct_scaling *scaling, const struct ct_scaling_series *s)
{
	bool blank = true;

	for (size_t i = 0; i < scaling->count; i++)
		blank = blank && isnan(scaling->workers ? s->points[i].speedup.median
							: s->points[i].wall.median);
	return blank;
}

enum ct_status ct_timing_sweep_picture(const struct ct_scaling *scaling, struct ct_text *out)
{
	size_t used = 0, each = 3 * scaling->count;
	struct ct_picture_series *shown = calloc(scaling->series_count, sizeof(*shown));
	double *room = calloc(scaling->series_count * each, sizeof(*room));
	enum ct_status status = CT_ENOMEM;

	if (shown && room) {
		for (size_t i = 0; i < scaling->series_count; i++) {
			const struct ct_scaling_series *s = &scaling->series[i];

			if (is_blank(scaling, s))
				continue;
			take_points(scaling, s, room + used * each, &shown[used]);
			used++;
		}
		status = scaling->workers
				 ? ct_picture_speedup("Speed-up over workers", shown, used, out)
				 : ct_picture_curve("Elapsed time over n", shown, used, out);
	}
	free(shown);
	free(room);
	return status;
}
