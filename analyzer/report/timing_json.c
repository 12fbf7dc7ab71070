#include "report/timing_json.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/json.h"
#include "report/timing_json_parts.h"
#include "report/timing_regions.h"
#include "report/timing_words.h"
#include "timing/timing.h"

/* Nanoseconds of a year in seconds have so many digits; more would be those of the binary form. */
enum { DIGITS = 15 };

static json_t *checked(struct ct_json *json, json_t *value)
{
	if (!value)
		json->failed = true;
	return value;
}

json_t *ct_timing_json_real(struct ct_json *json, double number)
{
	return checked(json, isfinite(number) ? json_real(number) : json_null());
}

json_t *ct_timing_json_seconds(struct ct_json *json, uint64_t time_ns)
{
	return ct_timing_json_real(json, time_ns == CT_TIME_UNKNOWN ? NAN : (double)time_ns / 1e9);
}

json_t *ct_timing_json_count(struct ct_json *json, uint64_t count)
{
	if (count > INT64_MAX)
		return checked(json, json_null());
	return ct_json_integer(json, (json_int_t)count);
}

void ct_timing_json_usage(struct ct_json *json, json_t *object, const struct ct_usage *usage)
{
	ct_json_set(json, object, "user_s", ct_timing_json_seconds(json, usage->user_ns));
	ct_json_set(json, object, "system_s", ct_timing_json_seconds(json, usage->system_ns));
	ct_json_set(json, object, "cpu_s", ct_timing_json_seconds(json, usage->cpu_ns));
	ct_json_set(json, object, "ready_s", ct_timing_json_seconds(json, usage->ready_ns));
	ct_json_set(json, object, "voluntary", ct_timing_json_count(json, usage->voluntary));
	ct_json_set(json, object, "involuntary", ct_timing_json_count(json, usage->involuntary));
	ct_json_set(json, object, "minor_faults", ct_timing_json_count(json, usage->minor_faults));
	ct_json_set(json, object, "major_faults", ct_timing_json_count(json, usage->major_faults));
}

static json_t *make_parallelism(struct ct_json *json, const struct ct_parallelism *p)
{
	json_t *object = ct_json_object(json), *at = ct_json_array(json);

	for (uint32_t k = 0; p->at_ns && k <= p->most; k++)
		ct_json_append(json, at, ct_timing_json_seconds(json, p->at_ns[k]));
	ct_json_set(json, object, "mean", ct_timing_json_real(json, p->mean));
	ct_json_set(json, object, "cores",
		    ct_timing_json_real(json, p->cores < 0 ? NAN : p->cores));
	ct_json_set(json, object, "most", ct_timing_json_count(json, p->most));
	ct_json_set(json, object, "serial_share",
		    ct_timing_json_real(json, p->serial_share < 0 ? NAN : p->serial_share));
	ct_json_set(json, object, "at_s", at);
	return object;
}

static json_t *make_critical(struct ct_json *json, const struct ct_timing *timing)
{
	const struct ct_critical *critical = &timing->critical;
	json_t *object = ct_json_object(json);

	ct_json_set(json, object, "length_s", ct_timing_json_seconds(json, critical->length_ns));
	ct_json_set(json, object, "waits_s", ct_timing_json_seconds(json, critical->waits_ns));
	ct_json_set(json, object, "lock",
		    critical->lock ? ct_json_string(json, ct_name_object(timing->naming,
									 critical->lock->object))
				   : checked(json, json_null()));
	return object;
}

static json_t *make_interpreters(struct ct_json *json, const struct ct_timing *timing)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < timing->interpreter_count; i++) {
		const struct ct_interpreter *in = &timing->interpreters[i];
		json_t *object = ct_json_object(json);

		ct_json_set_string(json, object, "name", in->name);
		ct_json_set(json, object, "process",
			    ct_timing_json_count(json, in->process->number));
		ct_json_set(json, object, "threads", ct_timing_json_count(json, in->threads));
		ct_json_set(json, object, "acquisitions",
			    ct_timing_json_count(json, in->acquisitions));
		ct_json_set(json, object, "waits", ct_timing_json_count(json, in->waits));
		ct_json_set(json, object, "waited_s", ct_timing_json_seconds(json, in->waited_ns));
		ct_json_set(json, object, "held_s", ct_timing_json_seconds(json, in->held_ns));
		ct_json_set(json, object, "folded_events", ct_timing_json_count(json, in->folded));
		ct_json_set(json, object, "serialized",
			    checked(json, json_boolean(in->serialized)));
		ct_json_append(json, array, object);
	}
	return array;
}

static json_t *make_regions(struct ct_json *json, const struct ct_timing *timing)
{
	json_t *array = ct_json_array(json);
	struct ct_region_sum *sums = NULL;
	size_t count = 0;

	if (ct_timing_regions(timing, &sums, &count) != CT_OK)
		json->failed = true;
	for (size_t i = 0; i < count; i++) {
		json_t *object = ct_json_object(json);

		ct_json_set_string(json, object, "name", sums[i].name);
		ct_json_set(json, object, "count", ct_timing_json_count(json, sums[i].count));
		ct_json_set(json, object, "total_s",
			    ct_timing_json_seconds(json, sums[i].total_ns));
		ct_json_set(json, object, "mean_s",
			    ct_timing_json_seconds(json, sums[i].total_ns / sums[i].count));
		ct_json_append(json, array, object);
	}
	free(sums);
	return array;
}

static json_t *make_advice(struct ct_json *json, const struct ct_timing *timing)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < timing->advice_count; i++) {
		json_t *object = ct_json_object(json);

		ct_json_set_string(json, object, "rule", timing->advice[i].rule);
		ct_json_set_string(json, object, "text", timing->advice[i].text);
		ct_json_set_string(json, object, "help", timing->advice[i].help);
		ct_json_append(json, array, object);
	}
	return array;
}

static void set_totals(struct ct_json *json, json_t *object, const struct ct_timing *timing)
{
	const struct ct_timing_sums sums = ct_timing_sum(timing);

	ct_json_set(json, object, "cpus",
		    timing->cpus ? ct_timing_json_count(json, timing->cpus)
				 : checked(json, json_null()));
	ct_json_set(json, object, "workers", ct_timing_json_count(json, timing->workers));
	ct_json_set(json, object, "wall_s", ct_timing_json_seconds(json, timing->wall_ns));
	ct_timing_json_usage(json, object, &timing->usage);
	ct_json_set(json, object, "cpu_before_s", ct_timing_json_seconds(json, timing->before_ns));
	ct_json_set(json, object, "max_rss_kb",
		    ct_timing_json_count(json, timing->usage.max_rss_kb));
	ct_json_set(json, object, "pipe_bytes", ct_timing_json_count(json, sums.pipe_bytes));
	ct_json_set(json, object, "socket_bytes", ct_timing_json_count(json, sums.socket_bytes));
	ct_json_set(json, object, "shared_bytes", ct_timing_json_count(json, sums.shared_bytes));
}

static json_t *make_incomplete(struct ct_json *json, const struct ct_timing *timing)
{
	json_t *object = ct_json_object(json);

	ct_json_set(json, object, "lost_records", ct_timing_json_count(json, timing->lost_records));
	ct_json_set(json, object, "lost_threads", ct_timing_json_count(json, timing->lost_threads));
	ct_json_set(json, object, "uncounted_processes",
		    ct_timing_json_count(json, timing->uncounted));
	return object;
}

json_t *ct_timing_json_object(struct ct_json *json, const struct ct_timing *timing,
			      const char *path)
{
	json_t *object = ct_json_object(json);

	ct_json_set(json, object, "version", ct_json_integer(json, 1));
	ct_json_set_string(json, object, "trace", path);
	ct_json_set_string(json, object, "command", ct_timing_command(timing));
	ct_json_set_string(json, object, "mode", ct_timing_mode_name(timing->mode));
	set_totals(json, object, timing);
	ct_json_set(json, object, "incomplete", make_incomplete(json, timing));
	ct_json_set(json, object, "parallelism", make_parallelism(json, &timing->parallelism));
	ct_json_set(json, object, "processes", ct_timing_json_processes(json, timing));
	ct_json_set(json, object, "threads", ct_timing_json_threads(json, timing));
	ct_json_set(json, object, "locks", ct_timing_json_locks(json, timing));
	ct_json_set(json, object, "critical_path", make_critical(json, timing));
	ct_json_set(json, object, "interpreters", make_interpreters(json, timing));
	ct_json_set(json, object, "regions", make_regions(json, timing));
	ct_json_set(json, object, "advice", make_advice(json, timing));
	return object;
}

enum ct_status ct_timing_json_dump(const struct ct_json *json, json_t *root, struct ct_text *out)
{
	char *text = json->failed ? NULL
				  : json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));

	json_decref(root);
	if (!text)
		return CT_ENOMEM;
	ct_text_add(out, text);
	ct_text_addc(out, '\n');
	free(text);
	return ct_text_status(out);
}

enum ct_status ct_timing_json(const struct ct_timing *timing, const char *path, struct ct_text *out)
{
	struct ct_json json = {0};
	json_t *root = ct_timing_json_object(&json, timing, path);

	return ct_timing_json_dump(&json, root, out);
}
