#ifndef CT_READER_STD_H
#define CT_READER_STD_H
/*
 * STD, the text notation of traces: one event per line, THREAD|op(argument)|location, as RAPID
 * has it, with the further operations of docs/trace-format.md. Private to reader/.
 *
 * std.c reads lines, std_op.c makes an event of one, std_stream.c hands the events out.
 */
#include "base/map.h"
#include "reader/trace.h"

#define CT_STD_LINE_MAX 65536u /* bytes of a line */
#define CT_STD_EVENTS_MAX (UINT32_MAX - 1)

struct ct_std_event {
	uint64_t object;
	uint64_t arg;	 /* of a request with helpers: number of its list, from 1 */
	uint32_t next;	 /* event number of the thread's next one, 0: none */
	uint32_t thread; /* number, from 1 */
	uint32_t stack;
	uint16_t event;
	uint16_t flags;
};

/* Who could end a blocked request. */
struct ct_std_helpers {
	uint32_t *threads; /* in the trace's arena */
	uint32_t count;
};

/* First and last event number of a thread, 0: none. */
struct ct_std_thread {
	uint32_t first, last;
};

struct ct_std {
	struct ct_trace *trace;
	struct ct_names threads;   /* thread number - 1 */
	struct ct_names objects;   /* object number - 1; the name has its kind as first character */
	struct ct_names locations; /* stack id - 1 */
	struct ct_std_event *events; /* event number - 1 */
	struct ct_std_helpers *helpers;
	struct ct_std_thread *ends; /* by thread number - 1 */
	size_t event_count, helper_count, end_count;
	size_t event_cap, helper_cap, end_cap;
	struct ct_map rwlocks; /* object numbers of locks that somebody read-locks */
};

/* Where a line stands, for messages. */
struct ct_std_place {
	uint64_t line;	 /* from 1 */
	uint64_t offset; /* of the line's first byte in the file */
};

/* Kinds of names; a lock and a variable of one name are two objects. */
enum ct_std_kind {
	CT_STD_VARIABLE = 'v',
	CT_STD_LOCK = 'l',
	CT_STD_COND = 'c',
	CT_STD_SEM = 's',
	CT_STD_BARRIER = 'b',
	CT_STD_PIPE = 'p',
};

/* The number of a name of `len` bytes, a new one if need be. */
CT_MUST_CHECK enum ct_status ct_std_object(struct ct_std *std, enum ct_std_kind kind,
					   const char *name, size_t len, uint64_t *out_object);
/* False if there is no such name so far. */
bool ct_std_known(struct ct_std *std, enum ct_std_kind kind, const char *name, size_t len);

/* A line that is neither blank nor a comment, without its newline; it may be changed.
 * CT_EFORMAT: `error` names file, line and byte. */
CT_MUST_CHECK enum ct_status ct_std_event_line(struct ct_std *std, char *line,
					       const struct ct_std_place *place,
					       struct ct_error *error);

/* Fails: fills `error` for byte `column` (from 0) of the line. Returns CT_EFORMAT. */
enum ct_status ct_std_bad(const struct ct_std *std, const struct ct_std_place *place, size_t column,
			  struct ct_error *error, const char *fmt, ...) CT_PRINTF(5, 6);

extern const struct ct_form ct_std_form;

#endif
