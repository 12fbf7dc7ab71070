#ifndef CT_TESTS_SPANS_TOLD_H
#define CT_TESTS_SPANS_TOLD_H
/*
 * Traces made in memory whose spans are compared with lines of text. One tick is a nanosecond.
 */
#include "fake_trace.h"

/* Process 1 with so many threads. */
struct fake_trace *new_fake(uint32_t threads);

void request(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event, uint64_t object,
	     uint64_t arg);
void complete(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
	      uint64_t object, uint64_t arg);
void event(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t id, uint64_t object,
	   uint64_t arg);
/* An exit: what was used. */
void rusage(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event);

/* Runs the trace, which is gone then. `wanted` has a line for each span: "P.T activity from-to [!]
 * [~] [+] [<waker@time]"; ! is failed, ~ open, + resumed. */
void check(struct fake_trace *fake, const char *wanted);

#endif
