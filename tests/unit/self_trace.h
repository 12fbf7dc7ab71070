/*
 * A trace of one process, number 1, that is this test itself: its own code and variables are what
 * the symbolizer is asked about. A test that uses it answers ct_trace_stack() with
 * self_trace_stack(): no trace is read.
 */
#ifndef CT_TESTS_SELF_TRACE_H
#define CT_TESTS_SELF_TRACE_H

#include "reader/reader.h"

enum { SELF_STACKS = 32, SELF_DEPTH = 8, SELF_MODULES = 4 };

struct self_trace {
	struct ct_trace trace;
	struct ct_trace_module modules[SELF_MODULES]; /* the first: this executable */
	struct ct_trace_stack stacks[SELF_STACKS];    /* [0] is stack 1 */
	uint64_t frames[SELF_STACKS][SELF_DEPTH];
	uint32_t stack_count;
	uint8_t build_ids[SELF_MODULES][64];
	char path[4096]; /* of this executable */
};

void self_trace_init(struct self_trace *self);

/* One more module: the library that `address` lies in. */
void self_trace_map(struct self_trace *self, uint64_t address);

/* One more stack of image 0 that knows all modules; returns its id. */
uint32_t self_trace_add(struct self_trace *self, const uint64_t *frames, uint32_t depth);

const struct ct_trace_stack *self_trace_stack(const struct self_trace *self, uint32_t process,
					      uint32_t stack);

#endif
