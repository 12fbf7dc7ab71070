#include <ctype.h>

#include "timing/interpreter.h"

/* A thread that computed for less is no CPU-bound one: Python's threads run in turns of 5 ms. */
#define BUSY_NS 5000000u

/* CPU time of all over elapsed time, up to which threads ran one at a time: what the kernel and
 * code without the lock did meanwhile is beside it. */
#define ONE_AT_A_TIME 1.15

/* Threads of one kind: what they did together. */
struct group {
	size_t threads;
	uint64_t begin_ns, end_ns, life_ns, ready_ns, cpu_ns, waited_ns;
};

static bool is_of(const struct ct_interpreter *interpreter, const struct ct_timing_thread *thread)
{
	return thread->present && thread->thread->process == interpreter->process;
}

static bool waits_for(const struct ct_interpreter *interpreter, const struct ct_blocked *blocked)
{
	return blocked->activity == CT_WAITS_INTERPRETER ||
	       (blocked->object && (blocked->object == interpreter->mutex ||
				    blocked->object == interpreter->condition));
}

static uint64_t waited(const struct ct_interpreter *interpreter,
		       const struct ct_timing_thread *thread)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < thread->blocked_count; i++)
		if (waits_for(interpreter, &thread->blocked[i]))
			sum += thread->blocked[i].total_ns;
	return sum;
}

/* Of the time in which it did not wait for the lock, it computed, or would have, most. */
static bool is_busy(const struct ct_interpreter *interpreter, const struct ct_timing_thread *thread)
{
	uint64_t own = thread->end_ns - thread->begin_ns, cpu = thread->usage.cpu_ns;
	uint64_t lost = waited(interpreter, thread);

	if (thread->usage.ready_ns != CT_TIME_UNKNOWN)
		lost += thread->usage.ready_ns;
	own = own > lost ? own - lost : 0;
	return cpu != CT_TIME_UNKNOWN && cpu >= BUSY_NS && cpu >= own / 2;
}

static bool is_waiting(const struct ct_interpreter *interpreter,
		       const struct ct_timing_thread *thread)
{
	uint64_t io = 0;

	(void)interpreter;
	for (enum ct_activity a = CT_RUNS + 1; a < CT_ACTIVITIES; a++)
		if (ct_activity_bound(a) == CT_BOUND_IO)
			io += thread->by_activity[a];
	return io > 0 && io >= (thread->end_ns - thread->begin_ns) / 2;
}

static struct group gather(const struct ct_interpreter *interpreter, const struct ct_timing *timing,
			   bool (*belongs)(const struct ct_interpreter *interpreter,
					   const struct ct_timing_thread *thread))
{
	struct group group = {.begin_ns = UINT64_MAX};

	for (size_t i = 0; i < timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &timing->threads[i];

		if (!is_of(interpreter, thread) || !belongs(interpreter, thread))
			continue;
		group.threads++;
		if (thread->begin_ns < group.begin_ns)
			group.begin_ns = thread->begin_ns;
		if (thread->end_ns > group.end_ns)
			group.end_ns = thread->end_ns;
		group.life_ns += thread->end_ns - thread->begin_ns;
		if (thread->usage.ready_ns != CT_TIME_UNKNOWN)
			group.ready_ns += thread->usage.ready_ns;
		if (thread->usage.cpu_ns != CT_TIME_UNKNOWN)
			group.cpu_ns += thread->usage.cpu_ns;
		group.waited_ns += waited(interpreter, thread);
	}
	return group;
}

void ct_interpreter_judge(struct ct_interpreter *interpreter, const struct ct_timing *timing)
{
	struct group busy = gather(interpreter, timing, is_busy);
	uint64_t own = busy.life_ns > busy.ready_ns ? busy.life_ns - busy.ready_ns : 0;

	for (size_t i = 0; i < timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &timing->threads[i];

		for (size_t k = 0; is_of(interpreter, thread) && k < thread->blocked_count; k++) {
			if (!waits_for(interpreter, &thread->blocked[k]))
				continue;
			interpreter->waits += thread->blocked[k].count;
			interpreter->waited_ns += thread->blocked[k].total_ns;
		}
	}
	/* Threads that took turns for another reason hardly waited for this lock. */
	interpreter->serialized =
		busy.threads >= 2 && busy.waited_ns > own / 5 &&
		(double)busy.cpu_ns <= ONE_AT_A_TIME * (double)(busy.end_ns - busy.begin_ns);
}

static double percent(uint64_t part, uint64_t whole)
{
	if (!whole)
		return 0.0;
	return part < whole ? 100.0 * (double)part / (double)whole : 100.0;
}

static void add_busy(struct ct_text *out, const struct ct_interpreter *interpreter,
		     const struct group *busy)
{
	ct_text_addf(out,
		     interpreter->serialized ? " let %zu CPU-bound threads run one at a time only"
					     : " did not make %zu CPU-bound threads take turns",
		     busy->threads);
	ct_text_addf(out, ": together they computed for %.2f s in %.2f s, ",
		     (double)busy->cpu_ns / 1e9, (double)(busy->end_ns - busy->begin_ns) / 1e9);
	ct_text_addf(out, "and waited for it %.0f %% of their lives",
		     percent(busy->waited_ns, busy->life_ns));
}

static void add_io(struct ct_text *out, const struct group *io)
{
	double held_up = percent(io->waited_ns, io->life_ns);

	ct_text_addf(out, " held %zu I/O-bound thread%s up for %.1f %% of ", io->threads,
		     io->threads == 1 ? "" : "s", held_up);
	ct_text_add(out, io->threads == 1 ? "its life" : "their lives");
	if (io->threads > 1 && held_up < 5)
		ct_text_add(out, ", so those waited side by side");
}

enum ct_status ct_interpreter_sentence(const struct ct_interpreter *interpreter,
				       const struct ct_timing *timing, struct ct_text *out)
{
	struct group busy = gather(interpreter, timing, is_busy);
	struct group io = gather(interpreter, timing, is_waiting);
	bool several = busy.threads > 1;

	ct_text_addc(out, (char)toupper((unsigned char)interpreter->name[0]));
	ct_text_add(out, interpreter->name + 1);
	if (several)
		add_busy(out, interpreter, &busy);
	if (several && io.threads)
		ct_text_add(out, "; it");
	if (io.threads)
		add_io(out, &io);
	if (!several && !io.threads)
		ct_text_addf(out, " was waited for %llu time%s, %.3f s in all",
			     (unsigned long long)interpreter->waits,
			     interpreter->waits == 1 ? "" : "s",
			     (double)interpreter->waited_ns / 1e9);
	ct_text_addc(out, '.');
	return ct_text_status(out);
}
