#ifndef CT_TIMING_SPAN_H
#define CT_TIMING_SPAN_H
/*
 * What each thread did when: one span after the other, from its first event to its end.
 *
 * A span is a stretch of time in which a thread did one thing: it ran, or it waited for one thing.
 * The model says when a wait begins and ends; spans are told when they end, in the order of the
 * events that end them. "Runs" means that the thread asked for nothing: it had a processor, or was
 * ready for one, or was in a call that is not recorded (a file, a page fault). Times are
 * nanoseconds since the trace began.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "model/model.h"

enum ct_activity {
	CT_RUNS,
	CT_WAITS_LOCK, /* mutex, read-write lock, spin lock, the program's own */
	CT_WAITS_CONDITION,
	CT_WAITS_SEMAPHORE,
	CT_WAITS_BARRIER,
	CT_WAITS_JOIN,
	CT_WAITS_CHILD,
	CT_WAITS_PIPE, /* pipe or FIFO: for data or for room */
	CT_WAITS_SOCKET,
	CT_WAITS_MESSAGE, /* message queues, eventfd */
	CT_WAITS_POLL,
	CT_SLEEPS,
	CT_WAITS_SIGNAL,
	CT_WAITS_FILE_LOCK,
	CT_WAITS_INTERPRETER, /* interpreter.h; only known when the whole trace was seen */
	CT_WAITS_OTHER,	      /* pthread_once, futex calls of the program's own */
	CT_ACTIVITIES,
};

/* What kind of waiting it is, for who asks what bounds a thread. */
enum ct_bound {
	CT_BOUND_CPU,
	CT_BOUND_IO,
	CT_BOUND_OTHERS,
	CT_BOUND_MIXED,
	CT_BOUND_UNKNOWN, /* too short, or nobody knows what it did while it ran */
};

/* "lock", "pipe", "sleep", "running" ...: as in reports and JSON. Static. */
const char *ct_activity_name(enum ct_activity activity);
/* IO: pipe, socket, message, poll, sleep, signal, child of another program; OTHERS: what other
 * threads of the program have to do. Not for CT_RUNS. */
enum ct_bound ct_activity_bound(enum ct_activity activity);
/* "CPU-bound", "I/O-bound" ...; NULL: it is not known. */
const char *ct_bound_name(enum ct_bound bound);
/* What a thread does whose wait is this. */
enum ct_activity ct_activity_of(const struct ct_wait *wait);

/* Who ended a wait, and when. thread NULL: nobody is known (time passed, data came from outside).
 */
struct ct_wake {
	const struct ct_thread *thread;
	uint64_t time_ns;
	uint16_t event; /* unlock, signal, post, write, exit ... */
};

struct ct_span {
	const struct ct_thread *thread;
	enum ct_activity activity;
	const struct ct_object *object; /* waited for; of a poll or sleep NULL */
	const struct ct_thread *joined; /* of a join: whom; or NULL */
	const struct ct_process *child; /* of a wait for a child: which; NULL: any */
	uint64_t from_ns, to_ns;	/* to_ns >= from_ns */
	uint32_t stack;			/* where the wait began; 0 unknown, or it ran */
	bool failed;			/* the wait ended without what it was for: a limit */
	bool resumed;			/* the same wait as before a signal handler, not one more */
	bool open;	     /* the thread's last one, and the trace does not have its end */
	struct ct_wake wake; /* of a wait */
};

/* Who wants to know. NULL functions are skipped. */
struct ct_span_sink {
	void *state;
	/* A thread goes from one activity to another; from == to: its first, and again if it goes
	 * on after its end (a main thread that ended before another one called exec). Times of
	 * change and end never go back: what is told late, as clocks differ, has the newest one. */
	enum ct_status (*change)(void *state, const struct ct_thread *thread, uint64_t time_ns,
				 enum ct_activity from, enum ct_activity to);
	enum ct_status (*span)(void *state, const struct ct_span *span);
	/* The thread has ended; after its last span, which has the exact time. */
	enum ct_status (*end)(void *state, const struct ct_thread *thread, uint64_t time_ns);
	/* Every event, as an observer gets it (thread states as before it); after the spans that
	 * the events before have ended. */
	enum ct_status (*step)(void *state, const struct ct_model *model,
			       const struct ct_step *step, uint64_t time_ns);
};

struct ct_spans;
/* `sinks` are copied; they are called in their order. */
CT_MUST_CHECK enum ct_status ct_spans_new(const struct ct_model *model,
					  const struct ct_span_sink *sinks, size_t count,
					  struct ct_spans **out_spans);
void ct_spans_free(struct ct_spans *spans);
/* An observer's step (model.h): `spans` is a struct ct_spans. */
CT_MUST_CHECK enum ct_status ct_spans_step(void *spans, const struct ct_model *model,
					   const struct ct_step *step);
/* After the last event: threads that have not ended end with their process's last event, or with
 * the trace; their last span is `open`. */
CT_MUST_CHECK enum ct_status ct_spans_finish(struct ct_spans *spans);

/* Ticks of the trace's clock to nanoseconds since it began; earlier ones are 0. */
uint64_t ct_timing_ns(const struct ct_trace *trace, uint64_t ticks);

#endif
