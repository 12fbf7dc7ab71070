#ifndef CT_TIMING_WAKES_H
#define CT_TIMING_WAKES_H
/*
 * Who ended a wait: the last event before its end that could have. Of each object the newest such
 * events are kept, of each thread and process its newest event at all. Private to timing/.
 */
#include "timing/span.h"

struct ct_wakes;

CT_MUST_CHECK enum ct_status ct_wakes_new(const struct ct_model *model,
					  struct ct_wakes **out_wakes);
void ct_wakes_free(struct ct_wakes *wakes);

/* An observer's step. */
CT_MUST_CHECK enum ct_status ct_wakes_note(struct ct_wakes *wakes, const struct ct_step *step,
					   uint64_t time_ns);

/* The event that ended a wait, as far as wakes are about it. */
struct ct_wait_end {
	const struct ct_thread *other;	  /* as of its step */
	const struct ct_object *accepted; /* the socket that an accept made, or NULL */
	bool nothing;			  /* it read 0 bytes: the end of the file */
};

/* Fills wake, and what is not known yet of whom was waited for (joined, child). `wait` is what the
 * model said while the span lasted. */
void ct_wakes_find(const struct ct_wakes *wakes, const struct ct_wait *wait,
		   const struct ct_wait_end *end, struct ct_span *span);

/* The newest time at which the process lived: of an event of it, or of a signal that it was sent.
 * 0: it has none. */
uint64_t ct_wakes_last_of(const struct ct_wakes *wakes, size_t process_index);

#endif
