/*
 * What could make the program faster, from what was measured. Never an error: a program may have
 * its reasons. docs/rules.md says the same in words.
 */
#include "base/text.h"
#include "timing/advice.h"
#include "timing/parts.h"

/* Below this a run is over before anything but starting threads could matter. */
static const uint64_t long_run_ns = 10000000;
/* A thread that computed for less has no need of a processor of its own. */
static const uint64_t computes_ns = 1000000;
/* Of the time in which it sleeps or does I/O. */
static const double computes_share = 0.25;
/* More than one processor at work, but for start and end: nothing held the threads back. */
static const double one_core = 1.2;
/* Of the elapsed time: who holds a lock for so long leaves no room for the others. */
static const double held_share = 0.60;
/* Of their lives: so much waiting for one lock is no chance. Who has it most of the time may leave
 * little waiting: that of the last who came. */
static const double serialized_share = 0.30, waiting_share = 0.02;
/* Of the time in which they could compute: less is what other programs cost. */
static const double ready_share = 0.25;
/* Of the elapsed time, in which more ran at once than there are processors: one after the other,
 * many threads are not too many. */
static const double crowded_share = 0.25;
/* Of fewer acquisitions, a share says nothing. */
enum { MANY_ACQUISITIONS = 100 };
/* Of the acquisitions; and the waits, of the lives of the workers. */
static const double contended_share = 0.10, waits_share = 0.10;
/* Of their lives, however few acquisitions that takes. */
static const double starved_share = 0.30;
/* Locks that are told: after the worst few, the advice would be the same. */
enum { MOST_LOCKS = 3 };

/* Threads that did the work; of one process, or of all (NULL). */
struct workers {
	size_t count, computing;
	double life_ns, cpu_ns;
	double waited_ns; /* for what is looked at */
};

static double life_of(const struct ct_timing_thread *thread)
{
	return (double)(thread->end_ns - thread->begin_ns);
}

/* Whether it is there to compute: one that sleeps, or does I/O, computes a little around that. */
static bool computes(const struct ct_timing_thread *thread)
{
	uint64_t io_ns = 0;

	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (ct_activity_bound((enum ct_activity)i) == CT_BOUND_IO)
			io_ns += thread->by_activity[i];
	return thread->usage.cpu_ns != CT_TIME_UNKNOWN && thread->usage.cpu_ns >= computes_ns &&
	       (double)thread->usage.cpu_ns >= computes_share * (double)io_ns;
}

static double waited_for(const struct ct_timing_thread *thread, const struct ct_object *object)
{
	double waited_ns = 0;

	for (size_t i = 0; i < thread->blocked_count; i++)
		if (thread->blocked[i].object == object &&
		    thread->blocked[i].activity != CT_WAITS_INTERPRETER)
			waited_ns += (double)thread->blocked[i].total_ns;
	return waited_ns;
}

/* The workers, and how long they waited for a lock, or (NULL) for the interpreter's. */
static struct workers count_workers(const struct ct_timing *timing,
				    const struct ct_process *process, const struct ct_object *lock)
{
	struct workers workers = {.count = 0};

	for (size_t i = 0; i < timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &timing->threads[i];

		if (!thread->present || !thread->worker ||
		    (process && thread->thread->process != process))
			continue;
		workers.count++;
		workers.life_ns += life_of(thread);
		if (computes(thread)) {
			workers.computing++;
			workers.cpu_ns += (double)thread->usage.cpu_ns;
		}
		workers.waited_ns += lock ? waited_for(thread, lock)
					  : (double)thread->by_activity[CT_WAITS_INTERPRETER];
	}
	return workers;
}

static double cores_of(const struct ct_timing *timing)
{
	return timing->parallelism.cores < 0 ? timing->parallelism.mean : timing->parallelism.cores;
}

/* The time for which it was held says it, not the waiting: who was woken and has no processor waits
 * as well. */
static bool is_held_long(const struct ct_timing *timing, const struct ct_timing_lock *lock)
{
	return !lock->folded && lock->contended &&
	       (double)lock->hold.total_ns >= held_share * (double)timing->wall_ns;
}

/* Readers may hold a lock together: then waiting has to say that they did not. */
static bool are_serialized(const struct ct_timing *timing, const struct ct_timing_lock *lock,
			   const struct workers *workers)
{
	double share = lock->object->kind == CT_OBJECT_RWLOCK ? serialized_share : waiting_share;

	return workers->computing >= 2 && timing->cpus != 1 && cores_of(timing) <= one_core &&
	       workers->waited_ns >= share * workers->life_ns;
}

/* held_ns: for how long somebody had the lock; 0 unknown. */
static enum ct_status tell_serialized(struct ct_timing *timing, const struct workers *workers,
				      const char *lock, double held_ns, const char *help)
{
	struct ct_text text, advised;

	ct_text_init(&text);
	ct_text_init(&advised);
	ct_text_addf(&text, "%zu threads compute, but one after the other: ", workers->computing);
	if (held_ns > 0)
		ct_text_addf(&text, "`%s` was held for %.0f %% of the elapsed time, and they", lock,
			     ct_advice_percent(held_ns, (double)timing->wall_ns));
	else
		ct_text_add(&text, "they");
	ct_text_addf(&text, " waited for %s for %.0f %% of their lives; %.1f",
		     held_ns > 0 ? "it" : lock,
		     ct_advice_percent(workers->waited_ns, workers->life_ns), cores_of(timing));
	if (timing->cpus)
		ct_text_addf(&text, " of %u", timing->cpus);
	ct_text_add(&text, " processors were busy.");
	ct_text_add(&advised, help);
	return ct_advice_add(timing, "serialized-threads", &text, &advised);
}

static const char help_interpreter[] =
	"Compute in processes, or in code that gives the interpreter's lock up while it does.";
static const char help_own[] = "Have it for less: compute before and after, not meanwhile.";
static const char help_lock[] =
	"Hold it for what is shared only, and compute outside; or let each thread work on data of "
	"its own, and put the results together at the end.";

static enum ct_status advise_interpreters(struct ct_timing *timing)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < timing->interpreter_count; i++) {
		const struct ct_interpreter *interpreter = &timing->interpreters[i];
		/* interpreter.h has looked closer: it knows what the lock is */
		const struct workers workers =
			count_workers(timing, interpreter->process,
				      interpreter->folded ? NULL : interpreter->condition);

		if (interpreter->serialized && timing->cpus != 1)
			status = tell_serialized(timing, &workers, interpreter->name, 0,
						 interpreter->folded ? help_interpreter : help_own);
	}
	return status;
}

static enum ct_status advise_serialized(struct ct_timing *timing)
{
	enum ct_status status = advise_interpreters(timing);
	size_t told = 0;

	for (size_t i = 0; !status && told < MOST_LOCKS && i < timing->lock_count; i++) {
		const struct ct_timing_lock *lock = &timing->locks[i];
		struct workers workers;

		if (!is_held_long(timing, lock))
			continue;
		workers = count_workers(timing, NULL, lock->object);
		if (!are_serialized(timing, lock, &workers))
			continue;
		told++;
		status = tell_serialized(timing, &workers,
					 ct_name_object(timing->naming, lock->object),
					 (double)lock->hold.total_ns, help_lock);
	}
	return status;
}

static bool is_crowded(const struct ct_timing *timing)
{
	const struct ct_parallelism *parallelism = &timing->parallelism;
	double crowded_ns = 0;

	for (uint32_t k = timing->cpus + 1; parallelism->at_ns && k <= parallelism->most; k++)
		crowded_ns += (double)parallelism->at_ns[k];
	return timing->cpus && crowded_ns >= crowded_share * (double)timing->wall_ns;
}

static enum ct_status advise_oversubscribed(struct ct_timing *timing)
{
	double cpu_ns = 0, ready_ns = 0;
	struct ct_text text, help;
	size_t bound = 0;

	for (size_t i = 0; i < timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &timing->threads[i];

		if (!thread->present || !thread->worker || thread->bound != CT_BOUND_CPU ||
		    !computes(thread) || thread->usage.ready_ns == CT_TIME_UNKNOWN)
			continue;
		bound++;
		cpu_ns += (double)thread->usage.cpu_ns;
		ready_ns += (double)thread->usage.ready_ns;
	}
	if (!is_crowded(timing) || bound <= timing->cpus ||
	    ready_ns < ready_share * (cpu_ns + ready_ns))
		return CT_OK;
	ct_text_init(&text);
	ct_text_init(&help);
	ct_text_addf(&text,
		     "%zu threads compute on %u %s: %.0f %% of the time that they could have "
		     "computed, they waited for a processor (",
		     bound, timing->cpus, timing->cpus == 1 ? "processor" : "processors",
		     ct_advice_percent(ready_ns, cpu_ns + ready_ns));
	ct_advice_add_time(&text, ready_ns);
	ct_text_add(&text, " of ");
	ct_advice_add_time(&text, cpu_ns + ready_ns);
	ct_text_add(&text, ").");
	ct_text_add(&help, "Start as many threads that compute as there are processors, and divide "
			   "the work among those.");
	return ct_advice_add(timing, "oversubscribed", &text, &help);
}

/* Either often, or seldom but long: who gives a lock back and takes it again at once has it before
 * those who wait for it are awake, and they wait for many of its turns. */
static bool is_contended(const struct ct_timing_lock *lock, const struct workers *workers)
{
	return (double)lock->contended >= contended_share * (double)lock->acquisitions ||
	       workers->waited_ns >= starved_share * workers->life_ns;
}

static enum ct_status tell_contended(struct ct_timing *timing, const struct ct_timing_lock *lock,
				     const struct workers *workers)
{
	struct ct_text text, help;

	ct_text_init(&text);
	ct_text_init(&help);
	ct_text_addf(&text,
		     "`%s` was not free in %.0f %% of %llu acquisitions: waiting for it took ",
		     ct_name_object(timing->naming, lock->object),
		     ct_advice_percent((double)lock->contended, (double)lock->acquisitions),
		     (unsigned long long)lock->acquisitions);
	ct_advice_add_time(&text, workers->waited_ns);
	ct_text_addf(&text, ", %.0f %% of the lives of the threads that work",
		     ct_advice_percent(workers->waited_ns, workers->life_ns));
	if (lock->site_count && lock->sites[0].place && *lock->sites[0].place)
		ct_text_addf(&text, ", most of it at %s", lock->sites[0].place);
	ct_text_add(&text, "; it was held for ");
	ct_advice_add_time(&text, (double)lock->hold.mean_ns);
	ct_text_add(&text, " on average.");
	ct_text_add(&help,
		    "Hold it for a shorter time, take it less often (several items at once), "
		    "or have several locks, each for a part of the data.");
	return ct_advice_add(timing, "contended-lock", &text, &help);
}

static enum ct_status advise_contended(struct ct_timing *timing)
{
	const double all_ns = waits_share * count_workers(timing, NULL, NULL).life_ns;
	enum ct_status status = CT_OK;
	size_t told = 0;

	/* most waiting first; of others wait those as well that do not work */
	for (size_t i = 0; !status && told < MOST_LOCKS && i < timing->lock_count &&
			   (double)timing->locks[i].wait.total_ns >= all_ns;
	     i++) {
		struct workers workers;

		if (timing->locks[i].folded || timing->locks[i].acquisitions < MANY_ACQUISITIONS)
			continue;
		workers = count_workers(timing, NULL, timing->locks[i].object);
		if (workers.waited_ns < all_ns || !is_contended(&timing->locks[i], &workers))
			continue;
		told++;
		status = tell_contended(timing, &timing->locks[i], &workers);
	}
	return status;
}

enum ct_status ct_timing_advise(struct ct_timing *timing)
{
	enum ct_status status = CT_OK;

	if (timing->wall_ns >= long_run_ns) {
		status = advise_serialized(timing);
		if (status == CT_OK)
			status = advise_oversubscribed(timing);
	}
	if (status == CT_OK)
		status = ct_advice_creation(timing);
	if (status == CT_OK && timing->wall_ns >= long_run_ns)
		status = advise_contended(timing);
	return status;
}
