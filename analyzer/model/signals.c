#include "model/signals.h"

#include <signal.h>

#include "model/helpers.h"
#include "model/kernel_view.h"
#include "model/state.h"

enum { FIRST_REAL_TIME = 32 }; /* of the kernel; libc keeps some for itself */

static uint64_t bit(int signal)
{
	return (uint64_t)1 << (signal - 1);
}

/* Those that come of what a thread does. */
static uint64_t own_doing(void)
{
	return bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGFPE) | bit(SIGTRAP) | bit(SIGSYS) |
	       bit(SIGABRT) | bit(SIGPIPE) | bit(SIGXCPU) | bit(SIGXFSZ);
}

/* Those by which the kernel tells of what happens outside: I/O, messages. */
static uint64_t told_by_kernel(void)
{
	return bit(SIGIO) | bit(SIGURG) | ~(bit(FIRST_REAL_TIME) - 1);
}

/* A signal is blocked in its handler. 0: there is a thread that runs none, and would take any. */
static uint64_t blocked_in_all(const struct ct_process *process)
{
	uint64_t blocked = UINT64_MAX;

	for (size_t i = 0; i < process->thread_count; i++) {
		const struct ct_thread_state *thread = ct_thread_state(process->threads[i]);

		if (!ct_thread_lives(process->threads[i]))
			continue;
		blocked &= thread->handler_time ? bit((int)thread->handler_signal) : 0;
	}
	return blocked;
}

static uint64_t could_be_handled(const struct ct_process *process)
{
	return ct_process_state(process)->handled & ~own_doing() & ~blocked_in_all(process);
}

uint64_t ct_signals_handled(const struct ct_process *process)
{
	return could_be_handled(process) & ~told_by_kernel();
}

/* The time of the look at a program that lives; of a dead one, of its last event. */
static uint64_t now_of(const struct ct_model *model)
{
	const struct ct_kernel_view *view = model->kernel_view;

	return view && view->outside.now ? view->outside.now : ct_model_state(model)->last_time;
}

/* Whether it does something when it fires. The one of alarm() and setitimer(ITIMER_REAL) is number
 * 0; if nothing catches its signal, that ends the process, which matters to others only. */
static bool does_something(const struct ct_model *model, const struct ct_process *process,
			   uint64_t timer)
{
	if (timer != 0)
		return true;
	if (blocked_in_all(process) & bit(SIGALRM))
		return false;
	return ct_process_state(process)->handled || model->process_count > 1;
}

enum ct_timer ct_timer_of(const struct ct_model *model, const struct ct_process *process)
{
	const struct ct_process_state *state = ct_process_state(process);
	uint64_t now = now_of(model), timer, fired;
	enum ct_timer result = CT_TIMER_NONE;
	size_t cursor = 0;

	while (ct_map_next(&state->timers, &cursor, &timer, &fired)) {
		if (fired < now || !does_something(model, process, timer))
			continue;
		if (fired != UINT64_MAX)
			return CT_TIMER_ONCE;
		result = CT_TIMER_REPEATS;
	}
	return result;
}

enum ct_signals ct_signals_of(const struct ct_model *model, const struct ct_process *process)
{
	if (process->exited)
		return CT_SIGNALS_NONE;
	if (could_be_handled(process) & told_by_kernel() ||
	    ct_timer_of(model, process) != CT_TIMER_NONE)
		return CT_SIGNALS_COME;
	return could_be_handled(process) ? CT_SIGNALS_UNSENT : CT_SIGNALS_NONE;
}
