#ifndef CT_REPORT_PERFETTO_EVENT_H
#define CT_REPORT_PERFETTO_EVENT_H
/*
 * The events of a Perfetto file as lines of JSON.
 *
 * They are put together as text, since a tree of values for each takes ten times as long: only
 * strings of the program go through JSON's escapes, each of them once. Failure is sticky, as in
 * base/text.h: put and flush hand it on. Private to perfetto*.c.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "model/model.h"
#include "report/perfetto.h"

struct ct_perfetto_file {
	struct ct_perfetto_out out;
	struct ct_text text;   /* what is not written yet; the event at hand is added to it */
	struct ct_map escaped; /* a string, as a pointer: itself, escaped, in the arena */
	struct ct_arena arena;
	bool begun;
};

void ct_perfetto_file_init(struct ct_perfetto_file *file, const struct ct_perfetto_out *out);
void ct_perfetto_file_fini(struct ct_perfetto_file *file);

/* Fit for use inside "...". `text` lasts as long as the file does; so does what is returned. */
const char *ct_perfetto_escape(struct ct_perfetto_file *file, const char *text);

/* An event begins with its phase and track. */
void ct_perfetto_begin(struct ct_perfetto_file *file, char phase, const struct ct_process *process,
		       const struct ct_thread *thread);
/* ,"key":12.345 in microseconds, which are what the format counts. */
void ct_perfetto_add_time(struct ct_perfetto_file *file, const char *key, uint64_t time_ns);
/* Arguments come last: open, add each; what is NULL is not added. */
void ct_perfetto_open_args(struct ct_perfetto_file *file);
void ct_perfetto_add_arg(struct ct_perfetto_file *file, const char *key, const char *value);
void ct_perfetto_close_args(struct ct_perfetto_file *file);
/* The event is whole. */
CT_MUST_CHECK enum ct_status ct_perfetto_put(struct ct_perfetto_file *file);

/* The end of the file. */
CT_MUST_CHECK enum ct_status ct_perfetto_end(struct ct_perfetto_file *file);

#endif
