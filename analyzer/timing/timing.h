#ifndef CT_TIMING_TIMING_H
#define CT_TIMING_TIMING_H
/*
 * Where the time of a recorded program went: what `conctrace timing` tells.
 *
 * One pass over the trace, in bounded memory: what is kept grows with threads, objects and places,
 * not with events (lanes are coarsened, lanes.h). Times are nanoseconds, points in time since the
 * trace began. All strings are borrowed from the naming.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "model/model.h"
#include "model/names.h"
#include "timing/course.h"
#include "timing/locks.h"
#include "timing/usage.h"

/* Advice: never an error. Rules are those of docs/rules.md. */
struct ct_advice {
	const char *rule; /* "serialized-threads", static */
	char *text;	  /* one or two sentences with the numbers; owned */
	char *help;	  /* what to do; owned */
};

enum ct_timing_mode { CT_SERIAL, CT_THREADS, CT_PROCESSES, CT_THREADS_AND_PROCESSES };
const char *ct_timing_mode_name(enum ct_timing_mode mode); /* "serial", "threads" ... */

struct ct_lanes;

struct ct_timing {
	const struct ct_model *model; /* borrowed */
	struct ct_naming *naming;     /* borrowed */
	uint64_t wall_ns;	      /* first event to last */
	struct ct_usage usage;	      /* of all processes; RSS: the sum of their peaks */
	/* Of its processor time, what the first process used before its first event: ld.so. It is
	 * in none of the threads'. */
	uint64_t before_ns;
	size_t uncounted;      /* processes that did not tell what they used: `usage` is without */
	size_t lost_threads;   /* created or joined, but nothing of them was recorded */
	uint64_t lost_records; /* that could not be kept */
	size_t lost_from;      /* threads whose those were */
	uint32_t cpus;	       /* the program might use; 0 unknown */
	enum ct_timing_mode mode;
	struct ct_timing_process *processes; /* as model->processes */
	struct ct_timing_thread *threads;    /* by thread id */
	size_t process_count, thread_count;
	size_t workers;		      /* threads that did the work, or processes */
	struct ct_timing_lock *locks; /* most waiting first */
	size_t lock_count;
	struct ct_parallelism parallelism;
	struct ct_critical critical;
	struct ct_interpreter *interpreters;
	size_t interpreter_count;
	struct ct_advice *advice;
	size_t advice_count;
	struct ct_lanes *lanes; /* lanes.h; NULL unless asked for */
};

struct ct_timing_options {
	bool lanes; /* keep what pictures need */
	/* Called now and then with the events so far, or NULL; false: stop (CT_EINTR). */
	bool (*progress)(void *state, uint64_t events);
	void *progress_state;
};

/* Runs the model's trace. `naming` is of the same model; both outlive the result. */
CT_MUST_CHECK enum ct_status ct_timing_new(struct ct_model *model, struct ct_naming *naming,
					   const struct ct_timing_options *options,
					   struct ct_error *error, struct ct_timing **out_timing);
void ct_timing_free(struct ct_timing *timing);

#endif
