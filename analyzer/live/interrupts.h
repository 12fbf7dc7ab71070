#ifndef CT_LIVE_INTERRUPTS_H
#define CT_LIVE_INTERRUPTS_H
/*
 * Whether interrupts from the keyboard, which reach the program as well, are to end it.
 *
 * A program that catches them has its own idea of what they mean: a shell takes any number of them,
 * but nobody strikes five within two seconds in one. One that neither catches them nor has ended is
 * ended by the second within two seconds, or the third.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { CT_INTERRUPTS_KEPT = 5 };

struct ct_interrupts {
	uint64_t at_ms[CT_INTERRUPTS_KEPT]; /* of the last ones, the newest first */
	unsigned count;
};

void ct_interrupts_add(struct ct_interrupts *interrupts, uint64_t now_ms);

/* After an interrupt. `catches`: the program has a handler for it, or waits for it. */
bool ct_interrupts_end(const struct ct_interrupts *interrupts, bool catches);

enum ct_interrupt_fate {
	CT_INTERRUPT_IGNORED, /* or blocked, and nobody waits for it */
	CT_INTERRUPT_CAUGHT,
	CT_INTERRUPT_DEFAULT, /* had it come, the process would be no more */
};

/* What becomes of an interrupt in that process; DEFAULT: it cannot be known. */
enum ct_interrupt_fate ct_interrupt_fate(pid_t pid);

#endif
