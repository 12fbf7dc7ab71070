#ifndef CT_ACCESS_TRAP_BUDGET_H
#define CT_ACCESS_TRAP_BUDGET_H
/*
 * How much of the run time traps and holding threads may cost: a share of the time since they were
 * planted, but at least CT_BUDGET_LEAST_NS, so that short programs are looked at, too. The times of
 * all threads are added up. Async-signal-safe.
 */
#include <stdint.h>

#define CT_BUDGET_LEAST_NS 100000000u

/* Once; percent 0: nothing is allowed. */
void ct_budget_init(uint32_t percent);
/* A forked child goes on with a part of what its parent has left, the smaller the more processes
 * there have been, and has used nothing yet. */
void ct_budget_forked(void);
/* A negative number, as unsigned ones are, gives back. */
void ct_budget_use(uint64_t time_ns);
/* How much later than was meant a thread has gone on: of that, too, there is so much and no more.
 * On a busy machine it would else be many times what holding takes. */
void ct_budget_late(uint64_t time_ns);
uint64_t ct_budget_allowed(void);
/* 0: it is used up. */
uint64_t ct_budget_left(void);

/* Of the trace's clock; differences of the former are right for two months. */
uint64_t ct_budget_ns(uint64_t ticks);
uint32_t ct_budget_now_ms(void);

#endif
