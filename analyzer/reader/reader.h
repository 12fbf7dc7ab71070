#ifndef CT_READER_READER_H
#define CT_READER_READER_H
/*
 * A trace, whatever its form (CTF folder or STD text), as one stream of records per thread.
 *
 * Opening reads the definitions and indexes the packets of every thread; records are decoded as
 * they are asked for, so a large trace is never in memory. What is damaged is left out: each loss
 * becomes a problem that names file and offset, and all the rest can still be read.
 * Times are clock ticks; `frequency` of them are a second.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "format/ct_format.h"
#include "reader/definitions.h"

/*
 * One event of a thread. `payload` is its CTF payload as bytes, unaligned (borrowed, valid until
 * the next call on the same stream); `object` and `arg` are its first two fields, decoded, for
 * every event, 0 where it has fewer (of HELD_SET: the count and 0).
 *
 * In a text trace: `time` is the event's number in its file, from 1; an object is a number given to
 * a name (ct_trace.names); a thread's pthread_t is its thread number, in THREAD_CREATE and
 * THREAD_JOIN alike, and no THREAD_START is made; an access has size 1. A READ, WRITE or SEM_WAIT
 * with CT_F_REQUEST is a request that stayed blocked: its payload is the list of threads that could
 * end it, as uint32_t thread numbers (payload_size 0: none was named). A COND_WAIT with
 * CT_F_REQUEST and arg 0 says that a thread which is parked already stayed so.
 */
struct ct_record {
	uint64_t time;
	uint64_t object, arg;
	const void *payload;
	uint32_t payload_size;
	uint32_t stack; /* id in its process, 0: unknown */
	uint16_t event; /* enum ct_event_id */
	uint16_t flags; /* enum ct_event_flags */
};

/* Flag of a HELD_SET that stands where records of its thread are left out (ct_trace_open_recent).
 */
#define CT_RECORD_GAP 0x8000u

/* Everything said once. Arrays are owned by the trace and stand in file order. */
struct ct_trace {
	const char *path;
	uint64_t frequency, begin; /* ticks a second; ticks at the start of the trace */
	uint32_t cpus;		   /* processors that the first process might use; 0: unknown */
	bool text;		   /* STD: closed world, names are the trace's own */
	bool races_off;		   /* the recorder was told not to look for data races */
	bool before_misuse; /* of formats 1 to 5, which lack some of what misuse is told from */
	bool accesses;	    /* all to memory that could matter were recorded (always, for STD) */
	bool some_accesses; /* some were: of compiled modules; STD: r or w */
	bool sampled;	    /* of those some were too many, and not kept (ACCESSES_SKIPPED) */
	struct ct_trace_process *processes;
	struct ct_trace_image *images; /* of a process: in order */
	struct ct_trace_module *modules;
	struct ct_trace_map *maps;
	struct ct_trace_name *names;
	struct ct_trace_fd *fds;
	struct ct_trace_socket *sockets;
	struct ct_trace_unseen *unseen;
	struct ct_trace_instrumented *instrumented;
	struct ct_trace_thread *threads; /* by process, then thread number */
	struct ct_trace_text_init *text_init;
	size_t process_count, module_count, map_count, name_count, fd_count, thread_count;
	size_t text_init_count, socket_count, unseen_count, image_count;
	size_t instrumented_count;
	char **problems; /* one line each: "FILE: byte N: what is wrong" */
	size_t problem_count;
	uint64_t
		until; /* what is recorded later is not read; 0: all is. Set by whoever opened it */
	/* See ct_trace_open_recent. */
	uint64_t left_out_bytes; /* packets with records that are left out */
	uint64_t complete_from;	 /* since when none is; 0: none is at all */
	uint64_t *followed;	 /* objects, as records name them, of which none is */
	size_t followed_count;
	void *private_data; /* the reader's */
};

/* Opens a trace folder, or a text file in STD notation. On failure *out_trace is untouched and
 * `error` says what and where: CT_ENOTFOUND, CT_EIO, CT_EFORMAT (foreign, empty, damaged beyond
 * use), CT_EVERSION, CT_ENOMEM. A trace with problems opens with CT_OK. */
CT_MUST_CHECK enum ct_status ct_trace_open(const char *path, struct ct_error *error,
					   struct ct_trace **out_trace);
/*
 * The same, but of a larger trace folder only the last `max_bytes` of records or so are read (0:
 * all). Of those before, what lasts: all that makes or ends threads, processes, objects,
 * descriptors, handlers and timers. Left out is what went through objects: locks that were taken
 * and given back, signals, posts, bytes. Those of `followed` objects, which threads wait for in the
 * end, are there too if they are not too many. Who holds which locks is known where a thread's
 * records go on after a gap.
 */
CT_MUST_CHECK enum ct_status ct_trace_open_recent(const char *path, uint64_t max_bytes,
						  struct ct_error *error,
						  struct ct_trace **out_trace);
void ct_trace_free(struct ct_trace *trace);

/* Records that the recorder could not keep, and of how many threads. */
uint64_t ct_trace_lost(const struct ct_trace *trace, size_t *out_threads);

/* Whether misuse is told of it: it has whatever the recorder says of that. */
bool ct_trace_tells_misuse(const struct ct_trace *trace);

/* NULL when that stack is unknown. */
const struct ct_trace_stack *ct_trace_stack(const struct ct_trace *trace, uint32_t process,
					    uint32_t stack);

/* The records of one thread, in its own order. */
struct ct_stream;
CT_MUST_CHECK enum ct_status ct_stream_open(struct ct_trace *trace, size_t thread,
					    struct ct_stream **out_stream);
/* False at the end (or at damage, which becomes a problem of the trace). */
bool ct_stream_next(struct ct_stream *stream, struct ct_record *out_record);
void ct_stream_close(struct ct_stream *stream);

/* Static facts of an event, from events.def. */
struct ct_event_info {
	uint16_t id;
	const char *name; /* "MUTEX_LOCK" */
	const char *api;  /* "pthread_mutex_lock" */
	const char *family;
	enum ct_effect effect;
};
/* NULL for an unknown id. */
const struct ct_event_info *ct_event_info(uint16_t id);

#endif
