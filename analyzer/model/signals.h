#ifndef CT_MODEL_SIGNALS_H
#define CT_MODEL_SIGNALS_H
/*
 * What signals and timers may yet do in a process: the handler of one may post a semaphore, write
 * to a pipe, leave what its thread waits in, or end the process.
 */
#include "model/model.h"

/* What is to be expected of them. */
enum ct_signals {
	CT_SIGNALS_NONE,   /* nothing is handled */
	CT_SIGNALS_UNSENT, /* a handler, but nobody is known who would send the signal */
	CT_SIGNALS_COME,   /* a timer sends it, or the kernel when something happens outside */
};

enum ct_signals ct_signals_of(const struct ct_model *model, const struct ct_process *process);

/* Signals that are handled and that nobody is known to send; bit 0 is signal 1. Those that a thread
 * brings upon itself by running do not count, nor one whose handler all threads of the process are
 * in, where it is blocked. */
uint64_t ct_signals_handled(const struct ct_process *process);

/* Whether a timer of the process is to fire yet, once or for ever: the handler of its signal may do
 * anything, also leave what its thread waits in; without one the process ends, for which another
 * one may wait. */
enum ct_timer { CT_TIMER_NONE, CT_TIMER_REPEATS, CT_TIMER_ONCE };
enum ct_timer ct_timer_of(const struct ct_model *model, const struct ct_process *process);

#endif
