#include "report/timing_json_parts.h"

#include "base/text.h"
#include "report/json.h"
#include "report/timing_json.h"
#include "report/timing_words.h"
#include "timing/timing.h"

static json_t *make_bool(struct ct_json *json, bool value)
{
	json_t *boolean = json_boolean(value);

	if (!boolean)
		json->failed = true;
	return boolean;
}

static json_t *make_bound(struct ct_json *json, enum ct_bound bound)
{
	const char *name = ct_bound_name(bound);
	json_t *value = name ? ct_json_string(json, name) : json_null();

	if (!value)
		json->failed = true;
	return value;
}

static void set_bytes(struct ct_json *json, json_t *object, const struct ct_timing_process *process)
{
	ct_json_set(json, object, "bytes_read", ct_timing_json_count(json, process->bytes_read));
	ct_json_set(json, object, "bytes_written",
		    ct_timing_json_count(json, process->bytes_written));
	ct_json_set(json, object, "socket_bytes_read",
		    ct_timing_json_count(json, process->socket_bytes_read));
	ct_json_set(json, object, "socket_bytes_written",
		    ct_timing_json_count(json, process->socket_bytes_written));
	ct_json_set(json, object, "shared_bytes",
		    ct_timing_json_count(json, process->shared_bytes));
}

static void set_life(struct ct_json *json, json_t *object, uint64_t begin_ns, uint64_t creation_ns,
		     uint64_t end_ns)
{
	ct_json_set(json, object, "begin_s", ct_timing_json_seconds(json, begin_ns));
	ct_json_set(json, object, "creation_s", ct_timing_json_seconds(json, creation_ns));
	ct_json_set(json, object, "life_s", ct_timing_json_seconds(json, end_ns - begin_ns));
}

json_t *ct_timing_json_processes(struct ct_json *json, const struct ct_timing *timing)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < timing->process_count; i++) {
		const struct ct_timing_process *p = &timing->processes[i];
		json_t *object;

		if (!p->present)
			continue;
		object = ct_json_object(json);
		ct_json_set(json, object, "process",
			    ct_timing_json_count(json, p->process->number));
		ct_json_set(json, object, "pid", ct_timing_json_count(json, p->process->pid));
		ct_json_set_string(json, object, "name",
				   ct_name_process(timing->naming, p->process));
		set_life(json, object, p->begin_ns, p->creation_ns, p->end_ns);
		ct_timing_json_usage(json, object, &p->usage);
		ct_json_set(json, object, "max_rss_kb",
			    ct_timing_json_count(json, p->usage.max_rss_kb));
		set_bytes(json, object, p);
		ct_json_set(json, object, "threads", ct_timing_json_count(json, p->threads));
		ct_json_append(json, array, object);
	}
	return array;
}

static json_t *make_waits(struct ct_json *json, const struct ct_timing_thread *thread)
{
	json_t *object = ct_json_object(json);

	for (int i = CT_RUNS + 1; i < CT_ACTIVITIES; i++)
		if (thread->by_activity[i])
			ct_json_set(json, object, ct_activity_name((enum ct_activity)i),
				    ct_timing_json_seconds(json, thread->by_activity[i]));
	return object;
}

static json_t *make_blocked(struct ct_json *json, const struct ct_timing *timing,
			    const struct ct_timing_thread *thread)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < thread->blocked_count; i++) {
		const struct ct_blocked *blocked = &thread->blocked[i];
		json_t *object = ct_json_object(json);

		ct_json_set_string(json, object, "activity", ct_activity_name(blocked->activity));
		ct_json_set_string(json, object, "on", ct_timing_waited_for(timing, blocked));
		ct_json_set(json, object, "count", ct_timing_json_count(json, blocked->count));
		ct_json_set(json, object, "total_s",
			    ct_timing_json_seconds(json, blocked->total_ns));
		ct_json_set(json, object, "max_s", ct_timing_json_seconds(json, blocked->max_ns));
		ct_json_append(json, array, object);
	}
	return array;
}

static json_t *make_thread(struct ct_json *json, const struct ct_timing *timing, size_t id)
{
	const struct ct_timing_thread *t = &timing->threads[id];
	const uint64_t *critical = timing->critical.thread_ns;
	json_t *object = ct_json_object(json);

	ct_json_set_string(json, object, "name", ct_name_thread(timing->naming, t->thread));
	ct_json_set(json, object, "process",
		    ct_timing_json_count(json, t->thread->process->number));
	ct_json_set(json, object, "thread", ct_timing_json_count(json, t->thread->number));
	set_life(json, object, t->begin_ns, t->creation_ns, t->end_ns);
	ct_json_set(json, object, "runs_s", ct_timing_json_seconds(json, t->by_activity[CT_RUNS]));
	ct_timing_json_usage(json, object, &t->usage);
	ct_json_set(json, object, "unseen_s", ct_timing_json_seconds(json, t->unseen_ns));
	ct_json_set(json, object, "bound", make_bound(json, t->bound));
	ct_json_set(json, object, "worker", make_bool(json, t->worker));
	ct_json_set(json, object, "critical_s",
		    ct_timing_json_seconds(json, critical ? critical[id] : CT_TIME_UNKNOWN));
	ct_json_set(json, object, "waits", make_waits(json, t));
	ct_json_set(json, object, "blocked", make_blocked(json, timing, t));
	return object;
}

json_t *ct_timing_json_threads(struct ct_json *json, const struct ct_timing *timing)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < timing->thread_count; i++)
		if (timing->threads[i].present)
			ct_json_append(json, array, make_thread(json, timing, i));
	return array;
}

static json_t *make_times(struct ct_json *json, const struct ct_times *times)
{
	json_t *object = ct_json_object(json);

	ct_json_set(json, object, "total", ct_timing_json_seconds(json, times->total_ns));
	ct_json_set(json, object, "mean", ct_timing_json_seconds(json, times->mean_ns));
	ct_json_set(json, object, "p99", ct_timing_json_seconds(json, times->p99_ns));
	ct_json_set(json, object, "max", ct_timing_json_seconds(json, times->max_ns));
	return object;
}

static json_t *make_sites(struct ct_json *json, const struct ct_timing_lock *lock)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < lock->site_count; i++) {
		const struct ct_lock_site *site = &lock->sites[i];
		json_t *object = ct_json_object(json);

		ct_json_set_string(json, object, "place", site->place);
		ct_json_set(json, object, "acquisitions",
			    ct_timing_json_count(json, site->acquisitions));
		ct_json_set(json, object, "contended", ct_timing_json_count(json, site->contended));
		ct_json_set(json, object, "wait_s", ct_timing_json_seconds(json, site->wait_ns));
		ct_json_set(json, object, "hold_s", ct_timing_json_seconds(json, site->hold_ns));
		ct_json_append(json, array, object);
	}
	return array;
}

json_t *ct_timing_json_locks(struct ct_json *json, const struct ct_timing *timing)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < timing->lock_count; i++) {
		const struct ct_timing_lock *lock = &timing->locks[i];
		json_t *object;

		if (lock->folded)
			continue;
		object = ct_json_object(json);
		ct_json_set_string(json, object, "name",
				   ct_name_object(timing->naming, lock->object));
		ct_json_set_string(json, object, "kind", ct_name_kind(lock->object->kind));
		ct_json_set(json, object, "acquisitions",
			    ct_timing_json_count(json, lock->acquisitions));
		ct_json_set(json, object, "contended", ct_timing_json_count(json, lock->contended));
		ct_json_set(json, object, "threads", ct_timing_json_count(json, lock->threads));
		ct_json_set(json, object, "wait_s", make_times(json, &lock->wait));
		ct_json_set(json, object, "hold_s", make_times(json, &lock->hold));
		ct_json_set(json, object, "critical_s",
			    ct_timing_json_seconds(json, lock->critical_ns));
		ct_json_set(json, object, "sites", make_sites(json, lock));
		ct_json_append(json, array, object);
	}
	return array;
}
