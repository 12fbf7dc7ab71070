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

struct ct_trace_process {
	uint32_t number;	      /* of the process in the trace, from 1 */
	uint32_t pid, parent;	      /* parent: process number, 0 none or unknown */
	uint32_t parent_pid, creator; /* creator: thread number in the parent */
	uint32_t images;	      /* programs that it ran, 1 and up */
	uint64_t time;		      /* of its start */
	const char *command;	      /* of its newest image; "" unknown */
	bool ended;		      /* its exit was recorded */
};

struct ct_trace_module {
	uint32_t process, image;
	uint64_t time, start, end, bias;
	const char *path;
	const uint8_t *build_id;
	uint16_t build_id_length;
};

struct ct_trace_stack {
	const uint64_t *frames; /* return addresses, innermost first */
	uint32_t depth;
	uint32_t image;		   /* of its process */
	uint32_t modules;	   /* how many of trace->modules were known when it was captured */
	const char *text_location; /* text trace: "main.c:12"; depth is 0 then. Else NULL */
};

struct ct_trace_map { /* shared memory; size 0 means: ends here (an UNMAP has device 0, inode 0) */
	uint32_t process;
	bool unmap;
	uint64_t time, start, size, device, inode, offset;
};

struct ct_trace_name {
	uint32_t process;
	bool thread;	 /* else: of a sync object */
	uint64_t object; /* address, or thread number */
	uint64_t time;
	const char *name;
};

struct ct_trace_fd {
	uint32_t process, image, fd, access;
	uint64_t inode;
};

/* Text trace: a #sem, #bar or #pipe line. */
struct ct_trace_text_init {
	uint64_t object;
	uint64_t value; /* initial value, count, or capacity in bytes */
	uint16_t event; /* CT_EV_SEM_INIT, CT_EV_BARRIER_INIT, CT_EV_FD_OPEN */
};

struct ct_trace_thread {
	uint32_t process, thread, tid; /* numbers; kernel's id */
	uint64_t discarded;	       /* records lost */
	bool live; /* its last packet came from `.live/`: it had not ended when the trace was read
		    */
};

/* Everything said once. Arrays are owned by the trace and stand in file order. */
struct ct_trace {
	const char *path;
	uint64_t frequency, begin; /* ticks a second; ticks at the start of the trace */
	bool text;		   /* STD: closed world, names are the trace's own */
	bool accesses;		   /* memory accesses were recorded (always, for STD) */
	struct ct_trace_process *processes;
	struct ct_trace_module *modules;
	struct ct_trace_map *maps;
	struct ct_trace_name *names;
	struct ct_trace_fd *fds;
	struct ct_trace_thread *threads; /* by process, then thread number */
	struct ct_trace_text_init *text_init;
	size_t process_count, module_count, map_count, name_count, fd_count, thread_count;
	size_t text_init_count;
	char **problems; /* one line each: "FILE: byte N: what is wrong" */
	size_t problem_count;
	void *private_data; /* the reader's */
};

/* Opens a trace folder, or a text file in STD notation. On failure *out_trace is untouched and
 * `error` says what and where: CT_ENOTFOUND, CT_EIO, CT_EFORMAT (foreign, empty, damaged beyond
 * use), CT_EVERSION, CT_ENOMEM. A trace with problems opens with CT_OK. */
CT_MUST_CHECK enum ct_status ct_trace_open(const char *path, struct ct_error *error,
					   struct ct_trace **out_trace);
void ct_trace_free(struct ct_trace *trace);

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
