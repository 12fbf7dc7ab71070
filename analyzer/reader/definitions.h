#ifndef CT_READER_DEFINITIONS_H
#define CT_READER_DEFINITIONS_H
/*
 * What a trace says once: its processes, modules, stacks, names and so on. Strings and arrays are
 * the trace's; times are clock ticks.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/ct_format.h"

struct ct_trace_process {
	uint32_t number;	      /* of the process in the trace, from 1 */
	uint32_t pid, parent;	      /* parent: process number, 0 none or unknown */
	uint32_t parent_pid, creator; /* creator: thread number in the parent */
	uint32_t images;	      /* programs that it ran, 1 and up */
	uint64_t time;		      /* of its start */
	const char *command;	      /* of its newest image; "" unknown */
	bool ended;		      /* its exit was recorded */
};

/* One program that a process ran. */
struct ct_trace_image {
	uint32_t process, image; /* image: 0 at birth, +1 with every exec */
	uint64_t time;		 /* of its start */
	const char *command;
};

struct ct_trace_module {
	uint32_t process, image;
	uint64_t time, start, end, bias;
	uint32_t unload;   /* which unloading of its process ended it, from 1; 0: it stayed */
	uint64_t end_time; /* of that */
	const char *path;
	const uint8_t *build_id;
	uint16_t build_id_length;
};

struct ct_trace_stack {
	const uint64_t *frames; /* return addresses, innermost first */
	uint32_t depth;
	uint32_t image;		   /* of its process */
	uint32_t modules;	   /* how many of trace->modules were known when it was captured */
	uint32_t unloads;	   /* how many unloadings its process had seen then */
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

/* Addresses of a socket, as text; "" unknown or none. */
struct ct_trace_socket {
	uint32_t process;
	uint64_t time, inode;
	const char *local, *peer;
};

/* Code whose calls the trace does not have. */
struct ct_trace_unseen {
	uint32_t process;
	enum ct_unseen reason;
	const char *name; /* of a library, program or function */
};

/* A module whose accesses to memory are recorded, from then on. */
struct ct_trace_instrumented {
	uint32_t process, image;
	uint64_t time, address; /* in the module */
	const char *name;
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
	bool settled;		       /* none of them may tell what it holds, or waits for, now */
	bool skipped;		       /* some of its records were left out: ct_trace_open_recent */
	bool live; /* its last packet came from `.live/`: it had not ended when the trace was read
		    */
};

#endif
