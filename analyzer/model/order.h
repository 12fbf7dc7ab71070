#ifndef CT_MODEL_ORDER_H
#define CT_MODEL_ORDER_H
/*
 * One order of all events: the threads' streams merged by time, corrected by semantics.
 *
 * Clocks of two processors may differ by a few nanoseconds, so that an acquisition seems to come
 * before the release that made it possible. The merge asks its rules about each record that is
 * next by time; if a record cannot be before one that another thread makes shortly afterwards, its
 * stream is held back until that one was delivered. When there is no such record within the
 * look-ahead (the release was never recorded, say), time alone decides.
 * Only the streams' heads and a bounded look-ahead are in memory.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "reader/reader.h"

/* How far the merge looks for the missing record: records of one thread, and seconds. */
#define CT_ORDER_AHEAD 256u
#define CT_ORDER_AHEAD_SECONDS 0.001

/* Where records come from, in each thread's own order. `payload` as in ct_stream_next. */
struct ct_order_source {
	void *state;
	size_t thread_count;
	bool (*next)(void *state, size_t thread, struct ct_record *out_record);
};

/* What cannot be before what. Both may be NULL: then time alone decides. */
struct ct_order_rules {
	void *state;
	/* Whether `record` of `thread` lacks something that only another thread's record can bring
	 * about; if so, *out_other is that thread. */
	bool (*lacks)(void *state, size_t thread, const struct ct_record *record,
		      size_t *out_other);
	/* Whether `later`, of the other thread, is what `record` lacks. */
	bool (*brings)(void *state, size_t thread, const struct ct_record *record, size_t other,
		       const struct ct_record *later);
};

struct ct_order;
CT_MUST_CHECK enum ct_status ct_order_new(const struct ct_order_source *source,
					  const struct ct_order_rules *rules, uint64_t frequency,
					  struct ct_order **out_order);
/* CT_ENOTFOUND at the end. *out_record is valid until the next call. */
CT_MUST_CHECK enum ct_status ct_order_next(struct ct_order *order, size_t *out_thread,
					   const struct ct_record **out_record);
void ct_order_free(struct ct_order *order);

#endif
