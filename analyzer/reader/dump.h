#ifndef CT_READER_DUMP_H
#define CT_READER_DUMP_H
/*
 * A trace as it stands: every CTF event of every stream, definitions included, one after the other.
 * The model reads definitions and threads apart (reader.h); this is for people who look inside.
 */
#include "reader/reader.h"

struct ct_text;

struct ct_event {
	bool definition; /* `id` is an enum ct_def_id; thread, flags and stack are 0 */
	uint16_t id, flags;
	uint32_t process, thread, stack;
	uint64_t time;	     /* of a definition: start of its process */
	const void *payload; /* CTF payload as bytes; borrowed during the call */
	uint32_t payload_size;
};

/* Calls `visit` for each event exactly once, in order of time; at the same time definitions come
 * first, then lower process and thread numbers. Stops at the first status that is not CT_OK and
 * returns it. In a text trace the payload of each event has its CTF layout, too. */
CT_MUST_CHECK enum ct_status
ct_trace_each_event(struct ct_trace *trace,
		    enum ct_status (*visit)(void *state, const struct ct_event *event),
		    void *state);

/* One line, without the newline: "[0.000012345] p1:T2 pthread_mutex_lock object=0x7f12 stack=3
 * flags=blocked"; time is in seconds since the trace began. A list of accesses is "accesses {rw 4
 * 0x7f12 stack=3} {r 8 0x7f20 x100 +16 stack=4 libc}". A text trace has its names instead: "[3] T2
 * pthread_mutex_lock object=a at=main.c:12". */
void ct_event_format(struct ct_text *text, const struct ct_trace *trace,
		     const struct ct_event *event);

#endif
