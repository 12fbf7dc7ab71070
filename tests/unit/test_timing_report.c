/*
 * The reports of timings that were filled in by hand: the text as a whole, JSON, two side by side.
 */
#include "report/timing_compare.h"
#include "report/timing_json.h"
#include "report/timing_text.h"

#include "base/text.h"
#include "timing/timing.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define MS 1000000ull

enum { THREADS = 3 };

/* main starts two threads that fight for `queue`. */
struct fixture {
	struct ct_trace trace;
	struct ct_model model;
	struct ct_process process, *process_list[1];
	struct ct_thread threads[THREADS], *thread_list[THREADS];
	struct ct_object queue, *object_list[1];
	struct ct_naming naming;
	struct ct_timing timing;
	struct ct_timing_thread timed[THREADS];
	struct ct_timing_process timed_process;
	struct ct_blocked joins[2], locks[2];
	struct ct_timing_lock lock;
	struct ct_lock_site site;
	struct ct_advice advice;
	uint64_t at_ns[3], path_ns[THREADS];
};

static void fill_model(struct fixture *f)
{
	static const char *const names[] = {"main", "worker-1 (T2)", "worker-2 (T3)"};

	f->process = (struct ct_process){
		.number = 1, .pid = 100, .command = "./bank 2", .name = "bank", .exited = true};
	f->process_list[0] = &f->process;
	for (uint32_t i = 0; i < THREADS; i++) {
		f->threads[i] = (struct ct_thread){
			.id = i, .number = i + 1, .process = &f->process, .name = names[i]};
		f->thread_list[i] = &f->threads[i];
	}
	f->queue = (struct ct_object){.kind = CT_OBJECT_MUTEX,
				      .process = &f->process,
				      .creator = &f->threads[0],
				      .given_name = "queue"};
	f->object_list[0] = &f->queue;
	f->model = (struct ct_model){.trace = &f->trace,
				     .processes = f->process_list,
				     .threads = f->thread_list,
				     .objects = f->object_list,
				     .process_count = 1,
				     .thread_count = THREADS,
				     .object_count = 1};
}

static void fill_threads(struct fixture *f)
{
	const uint64_t unknown = CT_TIME_UNKNOWN;

	for (size_t i = 0; i < THREADS; i++)
		f->timed[i] = (struct ct_timing_thread){
			.thread = &f->threads[i],
			.begin_ns = i * MS,
			.end_ns = 1200 * MS,
			.creation_ns = i ? 80000 + i : unknown,
			.usage = {400 * MS, 20 * MS, 420 * MS, 30 * MS, 12, 3, 40, 0, unknown},
			.bound = CT_BOUND_OTHERS,
			.worker = i > 0,
			.present = true,
			.ended = true,
		};
	f->timed[0].usage = (struct ct_usage){MS, 0, MS, 0, 4, 0, 90, 1, unknown};
	f->timed[0].by_activity[CT_RUNS] = 10 * MS;
	f->timed[0].by_activity[CT_WAITS_JOIN] = 1190 * MS;
	f->joins[0] = (struct ct_blocked){CT_WAITS_JOIN, NULL,	    &f->threads[1], NULL, 1,
					  1000 * MS,	 1000 * MS, false};
	f->joins[1] = (struct ct_blocked){CT_WAITS_JOIN, NULL,	   &f->threads[2], NULL, 1,
					  190 * MS,	 190 * MS, false};
	f->timed[0].blocked = f->joins;
	f->timed[0].blocked_count = 2;
	for (size_t i = 1; i < THREADS; i++) {
		f->locks[i - 1] = (struct ct_blocked){CT_WAITS_LOCK, &f->queue, NULL, NULL, 10,
						      i * 350 * MS,  90 * MS,	false};
		f->timed[i].by_activity[CT_WAITS_LOCK] = i * 350 * MS;
		f->timed[i].by_activity[CT_RUNS] = (1200 - i - i * 350) * MS;
		f->timed[i].blocked = &f->locks[i - 1];
		f->timed[i].blocked_count = 1;
	}
	f->timed[2].unseen_ns = unknown;
}

static void fill_rest(struct fixture *f)
{
	f->timed_process = (struct ct_timing_process){
		.process = &f->process,
		.end_ns = 1200 * MS,
		.creation_ns = CT_TIME_UNKNOWN,
		.usage = {801 * MS, 40 * MS, 841 * MS, 60 * MS, 28, 6, 170, 1, 4096},
		.bytes_written = 3000,
		.threads = THREADS,
		.present = true,
	};
	f->site = (struct ct_lock_site){1, 5, "bank.c:31", 900, 20, 1050 * MS, 800 * MS};
	f->lock = (struct ct_timing_lock){
		.object = &f->queue,
		.acquisitions = 900,
		.contended = 20,
		.wait = {20, 1050 * MS, 1050 * MS / 20, 88 * MS, 90 * MS},
		.hold = {900, 800 * MS, 800 * MS / 900, 2 * MS, 3 * MS},
		.critical_ns = 700 * MS,
		.sites = &f->site,
		.site_count = 1,
		.threads = 2,
	};
	f->advice = (struct ct_advice){.rule = "contended-lock",
				       .text = (char *)"`queue` was waited for 1.05 s.",
				       .help = (char *)"Hold it for a shorter time."};
	f->at_ns[0] = 10 * MS;
	f->at_ns[1] = 790 * MS;
	f->at_ns[2] = 400 * MS;
	f->path_ns[1] = 900 * MS;
	f->path_ns[2] = 300 * MS;
}

static void fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	fill_model(f);
	fill_threads(f);
	fill_rest(f);
	ct_naming_init(&f->naming, &f->model, NULL);
	f->timing = (struct ct_timing){
		.model = &f->model,
		.naming = &f->naming,
		.wall_ns = 1200 * MS,
		.usage = f->timed_process.usage,
		.cpus = 2,
		.mode = CT_THREADS,
		.processes = &f->timed_process,
		.threads = f->timed,
		.process_count = 1,
		.thread_count = THREADS,
		.workers = 2,
		.locks = &f->lock,
		.lock_count = 1,
		.parallelism = {1.325, 0.7, 2, f->at_ns, 0.25, NULL, 0},
		.critical = {1200 * MS, f->path_ns, 60 * MS, &f->lock, NULL, 0, false},
		.advice = &f->advice,
		.advice_count = 1,
	};
}

static const char golden[] =
	"bank: threads, 2 workers, 2 processors\n"
	"elapsed 1.200 s, CPU time 841 ms (user 801 ms, system 40 ms); 0.70 of 2 processors busy "
	"on average\n"
	"the workers waited 44 % of their lives: lock 44 %\n"
	"\n"
	"threads\n"
	"  thread         start   life     CPU  ready  waited  unseen  vol  invol  faults  bound "
	"by\n"
	"                    us      s      ms     ms       s      ns\n"
	"  main               -  1.200    1.00   0.00   1.190       0    4      0      91  "
	"(starts)\n"
	"  worker-1 (T2)   80.0  1.199  420.00  30.00   0.350       0   12      3      40    "
	"others\n"
	"  worker-2 (T3)   80.0  1.198  420.00  30.00   0.700       -   12      3      40    "
	"others\n"
	"\n"
	"waits\n"
	"  waited for    threads  waits  total    mean   most\n"
	"                                    s      ms      s\n"
	"  join                1      2  1.190  595.00  1.000\n"
	"  lock `queue`        2     20  1.050   52.50  0.090\n"
	"\n"
	"of its life, each thread waited\n"
	"  main: join worker-1 (T2) 83 % (1.000 s), join worker-2 (T3) 16 % (190 ms)\n"
	"  worker-1 (T2): lock `queue` 29 % (350 ms, 10 times)\n"
	"  worker-2 (T3): lock `queue` 58 % (700 ms, 10 times)\n"
	"\n"
	"locks\n"
	"  lock            taken  waited   wait   mean    p99    held   mean   p99  on path\n"
	"                                     s     ms     ms      ms     us    ms       ms\n"
	"  queue             900      20  1.050  52.50  88.00  800.00  888.9  2.00   700.00\n"
	"    at bank.c:31    900      20  1.050      -      -  800.00      -     -        -\n"
	"\n"
	"critical path\n"
	"  1.200 s: through worker-1 (T2) 75 %, worker-2 (T3) 25 %; 60 ms of it are sleep, I/O and "
	"other\n"
	"  waits that no thread ended; the lock held longest on it is `queue`: 700 ms, 58 %\n"
	"\n"
	"parallelism\n"
	"  1.32 threads ran at once on average, at most 2, and kept 0.70 processors busy; 25.0 % "
	"of the work\n"
	"  was done while one thread ran alone: by Amdahl's law at most 4.00 times as fast with "
	"any number of\n"
	"  processors\n"
	"  threads at once\n"
	"            0    1 %\n"
	"            1   66 %  #################################\n"
	"            2   33 %  #################\n"
	"\n"
	"processes\n"
	"  process   life     CPU  threads  peak RSS  pipe out\n"
	"               s      ms\n"
	"  bank     1.200  841.00        3      4.0M      2.9k\n"
	"\n"
	"advice[contended-lock]:\n"
	"  `queue` was waited for 1.05 s.\n"
	"  Hold it for a shorter time.\n";

static void write_text(struct fixture *f, size_t top, struct ct_text *out)
{
	const struct ct_timing_text_options options = {.top = top};

	ct_text_init(out);
	assert_int_equal(ct_timing_text(&f->timing, &options, out), CT_OK);
}

static void all_is_told(void **state)
{
	struct fixture f;
	struct ct_text text;

	(void)state;
	fixture_init(&f);
	write_text(&f, 20, &text);
	assert_string_equal(ct_text_str(&text), golden);
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* With one row for each table the thread with the most CPU time is shown, the rest summed up. */
static void the_rest_is_summed_up(void **state)
{
	struct fixture f;
	struct ct_text text;

	(void)state;
	fixture_init(&f);
	f.timed[2].usage.cpu_ns = 500 * MS;
	f.timed[1].usage.ready_ns = 600 * MS;
	f.timed[2].usage.ready_ns = 9000 * MS; /* of 1198 ms that it lived */
	write_text(&f, 1, &text);
	assert_non_null(strstr(ct_text_str(&text), "\n  worker-2 (T3)"));
	assert_null(strstr(ct_text_str(&text), "\n  worker-1 (T2)    "));
	assert_non_null(strstr(ct_text_str(&text), "\n  2 others, summed up"));
	assert_non_null(strstr(ct_text_str(&text), " 421.00 "));
	assert_non_null(strstr(ct_text_str(&text), "\nready, but without a processor: 75 % of"));
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* Names are the program's: no line is too long, nothing in them is obeyed by a terminal. */
static void names_are_harmless(void **state)
{
	char name[400];
	struct fixture f;
	struct ct_text text;

	(void)state;
	fixture_init(&f);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memcpy(name, "\033[2J", 4);
	f.queue.given_name = name;
	f.threads[1].name = name;
	write_text(&f, 20, &text);
	assert_null(strchr(ct_text_str(&text), '\033'));
	for (const char *at = ct_text_str(&text), *end; *at; at = end + 1) {
		end = strchr(at, '\n');
		assert_non_null(end);
		assert_true(end - at <= 100);
	}
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* Nothing at all is known of an empty trace; it is told all the same. */
static void nothing_is_known(void **state)
{
	struct fixture f;
	struct ct_text text;
	json_t *root;

	(void)state;
	fixture_init(&f);
	f.timing = (struct ct_timing){.model = &f.model, .naming = &f.naming};
	f.timing.usage = (struct ct_usage){CT_TIME_UNKNOWN, CT_TIME_UNKNOWN, CT_TIME_UNKNOWN,
					   CT_TIME_UNKNOWN, CT_TIME_UNKNOWN, CT_TIME_UNKNOWN,
					   CT_TIME_UNKNOWN, CT_TIME_UNKNOWN, CT_TIME_UNKNOWN};
	f.timing.parallelism.cores = -1;
	f.timing.parallelism.serial_share = -1;
	write_text(&f, 20, &text);
	assert_non_null(strstr(ct_text_str(&text), "CPU time -\n"));
	ct_text_reset(&text);
	assert_int_equal(ct_timing_json(&f.timing, "t", &text), CT_OK);
	root = json_loads(ct_text_str(&text), 0, NULL);
	assert_non_null(root);
	assert_true(json_is_null(json_object_get(root, "cpu_s")));
	assert_true(json_is_null(json_object_get(root, "cpus")));
	assert_true(json_is_null(json_object_get(json_object_get(root, "parallelism"), "cores")));
	json_decref(root);
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

static double real_at(json_t *root, const char *list, size_t index, const char *key)
{
	json_t *value = json_object_get(json_array_get(json_object_get(root, list), index), key);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

static const char *string_at(json_t *root, const char *list, size_t index, const char *key)
{
	json_t *value = json_object_get(json_array_get(json_object_get(root, list), index), key);

	assert_true(json_is_string(value));
	return json_string_value(value);
}

static void json_has_all(void **state)
{
	struct fixture f;
	struct ct_text text;
	json_t *root, *waits, *blocked;

	(void)state;
	fixture_init(&f);
	ct_text_init(&text);
	assert_int_equal(ct_timing_json(&f.timing, "course/bank", &text), CT_OK);
	root = json_loads(ct_text_str(&text), 0, NULL);
	assert_non_null(root);
	assert_string_equal(json_string_value(json_object_get(root, "trace")), "course/bank");
	assert_string_equal(json_string_value(json_object_get(root, "command")), "./bank 2");
	assert_string_equal(json_string_value(json_object_get(root, "mode")), "threads");
	assert_true(fabs(json_number_value(json_object_get(root, "wall_s")) - 1.2) < 1e-9);
	assert_int_equal(json_integer_value(json_object_get(root, "max_rss_kb")), 4096);
	assert_int_equal(json_integer_value(json_object_get(root, "pipe_bytes")), 3000);
	assert_string_equal(string_at(root, "threads", 1, "name"), "worker-1 (T2)");
	assert_string_equal(string_at(root, "threads", 1, "bound"), "waits for others");
	assert_true(fabs(real_at(root, "threads", 2, "critical_s") - 0.3) < 1e-9);
	assert_string_equal(string_at(root, "locks", 0, "name"), "queue");
	assert_true(fabs(real_at(root, "locks", 0, "critical_s") - 0.7) < 1e-9);
	assert_string_equal(string_at(root, "processes", 0, "name"), "bank");
	assert_string_equal(string_at(root, "advice", 0, "rule"), "contended-lock");
	waits = json_object_get(json_array_get(json_object_get(root, "threads"), 1), "waits");
	assert_int_equal(json_object_size(waits), 1);
	assert_true(fabs(json_number_value(json_object_get(waits, "lock")) - 0.35) < 1e-9);
	blocked = json_object_get(json_array_get(json_object_get(root, "threads"), 0), "blocked");
	assert_string_equal(json_string_value(json_object_get(json_array_get(blocked, 1), "on")),
			    "worker-2 (T3)");
	json_decref(root);
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* Three times as fast by four workers: a ninth of the work was as good as serial. */
static void two_are_compared(void **state)
{
	struct fixture f;
	struct ct_timing serial;
	struct ct_timing_column columns[2];
	struct ct_text text;
	json_t *root;

	(void)state;
	fixture_init(&f);
	serial = f.timing;
	serial.mode = CT_SERIAL;
	serial.workers = 1;
	serial.wall_ns = 3600 * MS;
	f.timing.workers = 4;
	columns[0] = (struct ct_timing_column){&serial, "t/one"};
	columns[1] = (struct ct_timing_column){&f.timing, "t/four"};
	ct_text_init(&text);
	assert_int_equal(ct_timing_compare_text(columns, 2, false, &text), CT_OK);
	assert_non_null(strstr(ct_text_str(&text), "    one     four\n"));
	assert_non_null(strstr(ct_text_str(&text), "\n  elapsed, s "));
	assert_non_null(strstr(ct_text_str(&text), " 3.600    1.200\n"));
	assert_non_null(strstr(ct_text_str(&text), "  1.00     3.00\n"));
	assert_non_null(strstr(ct_text_str(&text), " 100 %     75 %\n"));
	assert_non_null(strstr(ct_text_str(&text), "     -     11 %\n"));
	ct_text_reset(&text);
	assert_int_equal(ct_timing_compare_json(columns, 2, &text), CT_OK);
	root = json_loads(ct_text_str(&text), 0, NULL);
	assert_non_null(root);
	assert_true(fabs(real_at(root, "compared", 1, "speedup") - 3) < 1e-9);
	assert_true(fabs(real_at(root, "compared", 1, "efficiency") - 0.75) < 1e-9);
	assert_true(fabs(real_at(root, "compared", 1, "serial_share") - 1.0 / 9) < 1e-9);
	assert_true(json_is_null(json_object_get(
		json_array_get(json_object_get(root, "compared"), 0), "serial_share")));
	assert_string_equal(string_at(root, "traces", 0, "mode"), "serial");
	json_decref(root);
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* Waits of many kinds are told in lines that fit; small ones are not told as none. */
static void waits_are_told_in_a_line(void **state)
{
	struct fixture f;
	struct ct_text text;
	const char *at;

	(void)state;
	fixture_init(&f);
	for (int i = CT_RUNS + 1; i < CT_ACTIVITIES; i++)
		f.timed[1].by_activity[i] = 50 * MS;
	write_text(&f, 20, &text);
	at = strstr(ct_text_str(&text), "\nthe workers waited 44 % of their lives: lock 31 %, ");
	assert_non_null(at);
	assert_true(strchr(at + 1, '\n') - at <= 101);
	ct_text_fini(&text);
	memset(f.timed[1].by_activity, 0, sizeof(f.timed[1].by_activity));
	memset(f.timed[2].by_activity, 0, sizeof(f.timed[2].by_activity));
	f.timed[1].by_activity[CT_RUNS] = f.timed[2].by_activity[CT_RUNS] = 1190 * MS;
	f.timed[1].by_activity[CT_WAITS_LOCK] = f.timed[2].by_activity[CT_WAITS_JOIN] = 8 * MS;
	f.timed[1].end_ns = f.timed[1].begin_ns + 1198 * MS;
	write_text(&f, 20, &text);
	assert_non_null(strstr(ct_text_str(&text), "\nthe workers waited 1 % of their lives\n"));
	ct_text_fini(&text);
	f.timed[1].by_activity[CT_RUNS] = f.timed[2].by_activity[CT_RUNS] = 1197 * MS;
	write_text(&f, 20, &text);
	assert_non_null(
		strstr(ct_text_str(&text), "\nthe workers waited less than 1 % of their lives\n"));
	ct_text_fini(&text);
	f.timed[1].by_activity[CT_RUNS] = f.timed[2].by_activity[CT_RUNS] = 1198 * MS;
	write_text(&f, 20, &text);
	assert_non_null(strstr(ct_text_str(&text), "\nthe workers waited for nothing\n"));
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* User and system time are told where they are all of the CPU time. */
static void parts_are_of_the_whole(void **state)
{
	struct fixture f;
	struct ct_text text;

	(void)state;
	fixture_init(&f);
	f.timing.usage.cpu_ns += 100 * MS; /* of a thread of a process that was killed */
	write_text(&f, 20, &text);
	assert_non_null(strstr(ct_text_str(&text), "CPU time 941 ms; "));
	ct_text_fini(&text);
	f.timing.uncounted = 2;
	f.timing.parallelism.cores = -1;
	write_text(&f, 20, &text);
	assert_non_null(strstr(ct_text_str(&text),
			       "CPU time at least 941 ms: 2 processes could not say\n"));
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* Half as fast with two workers: the law would need more than all of the work to be serial. */
static void no_share_is_more_than_all(void **state)
{
	struct ct_timing_column columns[2];
	struct ct_timing slower;
	struct ct_text text;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	slower = f.timing;
	slower.wall_ns *= 2;
	columns[0] = (struct ct_timing_column){&f.timing, "t/one"};
	columns[1] = (struct ct_timing_column){&slower, "t/two"};
	ct_text_init(&text);
	assert_int_equal(ct_timing_compare_text(columns, 2, false, &text), CT_OK);
	assert_null(strstr(ct_text_str(&text), "Karp-Flatt"));
	assert_true(isnan(ct_timing_karp_flatt(&f.timing, &slower)));
	assert_non_null(strstr(ct_text_str(&text), "\n  one is not serial: "));
	assert_null(strstr(ct_text_str(&text), "incomplete"));
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

static json_int_t incomplete_at(json_t *root, const char *key)
{
	return json_integer_value(json_object_get(json_object_get(root, "incomplete"), key));
}

/* What the record lacks is told by all: in words, as JSON, and side by side. */
static void what_lacks_is_told(void **state)
{
	struct ct_timing_column columns[2];
	struct ct_timing lacking;
	struct ct_text text;
	struct fixture f;
	json_t *root;

	(void)state;
	fixture_init(&f);
	f.timed_process.ended = true;
	lacking = f.timing;
	lacking.lost_records = 40;
	lacking.lost_from = lacking.lost_threads = 1;
	lacking.uncounted = 3;
	columns[0] = (struct ct_timing_column){&f.timing, "t/one"};
	columns[1] = (struct ct_timing_column){&lacking, "t/two"};
	ct_text_init(&text);
	assert_int_equal(ct_timing_compare_text(columns, 2, false, &text), CT_OK);
	assert_non_null(strstr(ct_text_str(&text), "    -      yes\n"));
	assert_non_null(strstr(ct_text_str(&text), "\n  two is incomplete"));
	f.timed_process.ended = false;
	ct_text_reset(&text);
	assert_int_equal(ct_timing_compare_text(columns, 2, false, &text), CT_OK);
	assert_non_null(strstr(ct_text_str(&text), "\n  one did not come to its end"));
	ct_text_fini(&text);
	f.timing = lacking;
	write_text(&f, 20, &text);
	assert_non_null(strstr(ct_text_str(&text), "\nincomplete: 40 records of 1 thread were "
						   "lost"));
	assert_non_null(strstr(ct_text_str(&text), "\nincomplete: 1 thread left no record\n"));
	ct_text_reset(&text);
	assert_int_equal(ct_timing_json(&f.timing, "t", &text), CT_OK);
	root = json_loads(ct_text_str(&text), 0, NULL);
	assert_int_equal(incomplete_at(root, "lost_records"), 40);
	assert_int_equal(incomplete_at(root, "lost_threads"), 1);
	assert_int_equal(incomplete_at(root, "uncounted_processes"), 3);
	json_decref(root);
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

/* What is not known is told so, shares are of a whole, and what says nothing is not said. */
static void odd_numbers_are_told_right(void **state)
{
	struct ct_text text;
	struct fixture f;
	json_t *root;

	(void)state;
	fixture_init(&f);
	f.timing.parallelism.serial_share = 0.97;
	f.timed[1].usage.cpu_ns = 1300 * MS; /* of 1199 that it lived */
	f.timed[1].bound = CT_BOUND_UNKNOWN;
	f.lock.critical_ns = 1300 * MS; /* of a path of 1200 */
	write_text(&f, 20, &text);
	assert_null(strstr(ct_text_str(&text), "Amdahl"));
	assert_non_null(strstr(ct_text_str(&text), "\n  a thread's CPU time counts from before"));
	assert_non_null(strstr(ct_text_str(&text), "         -\n"));
	assert_non_null(strstr(ct_text_str(&text), "1.300 s, 100 %"));
	ct_text_reset(&text);
	assert_int_equal(ct_timing_json(&f.timing, "t", &text), CT_OK);
	root = json_loads(ct_text_str(&text), 0, NULL);
	assert_true(json_is_null(
		json_object_get(json_array_get(json_object_get(root, "threads"), 1), "bound")));
	json_decref(root);
	ct_text_fini(&text);
	ct_naming_fini(&f.naming);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_told),
		cmocka_unit_test(the_rest_is_summed_up),
		cmocka_unit_test(names_are_harmless),
		cmocka_unit_test(nothing_is_known),
		cmocka_unit_test(json_has_all),
		cmocka_unit_test(two_are_compared),
		cmocka_unit_test(waits_are_told_in_a_line),
		cmocka_unit_test(parts_are_of_the_whole),
		cmocka_unit_test(no_share_is_more_than_all),
		cmocka_unit_test(what_lacks_is_told),
		cmocka_unit_test(odd_numbers_are_told_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
