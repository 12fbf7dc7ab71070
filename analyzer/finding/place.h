#ifndef CT_FINDING_PLACE_H
#define CT_FINDING_PLACE_H
/*
 * One place of a finding: this thread did this there.
 */
#include <stdint.h>

struct ct_thread;

struct ct_place {
	const struct ct_thread *thread; /* whose stack; may be NULL */
	uint32_t process, stack;	/* for ct_symbols_stack */
	uint64_t time;	  /* clock ticks; of a text trace: number of the event; 0 unknown */
	const char *text; /* "takes `accounts`, still holding `log`" */
};

#endif
