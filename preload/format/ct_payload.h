#ifndef CT_FORMAT_CT_PAYLOAD_H
#define CT_FORMAT_CT_PAYLOAD_H
/*
 * The payloads of events and definitions: the C side of payloads.def. Included by ct_format.h.
 */
#include <stdint.h>

#include "format/ct_access.h"
#include "format/ct_kernel.h"
#include "format/ct_trap.h"

struct CT_PACKED ct_payload_obj {
	uint64_t object;
};

struct CT_PACKED ct_payload_obj_arg {
	uint64_t object, arg;
};

struct CT_PACKED ct_payload_block {
	uint64_t object, arg, usable; /* arg: bytes asked for; usable: those that it has */
};

struct CT_PACKED ct_payload_fail {
	uint64_t object;
	uint32_t error; /* errno value */
	uint16_t call;	/* enum ct_event_id of what failed */
};

/* One held lock, in HELD_SET (after a uint16_t count) and in the live page. */
struct CT_PACKED ct_held {
	uint64_t object;
	uint64_t since; /* clock ticks */
	uint32_t stack;
	uint16_t event; /* enum ct_event_id of the acquisition: tells the mode */
	uint16_t depth; /* acquisitions not yet released; 1 unless recursive */
};

struct CT_PACKED ct_payload_start {
	uint64_t thread;		/* number in its process, as THREAD_CREATE's object */
	uint64_t pthread;		/* pthread_self() */
	uint64_t stack_low, stack_size; /* low 0: unknown */
	uint64_t creator;		/* thread number of the creator, 0: unknown */
};

struct CT_PACKED ct_payload_rusage {
	uint64_t object; /* thread number, or exit status; the rest may be 2^64 - 1: unknown */
	uint64_t user_us, system_us, voluntary, involuntary, minor_faults, major_faults;
	uint64_t max_rss_kb;
};

/* As the kernel's scheduler counts them: /proc/PID/task/TID/schedstat. */
struct CT_PACKED ct_payload_cpu {
	uint64_t thread;   /* number in its process */
	uint64_t cpu_ns;   /* on a processor */
	uint64_t ready_ns; /* waiting for one; 2^64 - 1: unknown */
	uint64_t slices;   /* how often it got one */
};

struct CT_PACKED ct_payload_sem_ops { /* then: count times ct_sem_op */
	uint64_t object;	      /* the set */
	uint16_t count;
};

struct CT_PACKED ct_sem_op {
	uint16_t number;
	uint16_t amount; /* 16 bit, signed: as sem_op of semop(2) */
	uint16_t flags;	 /* IPC_NOWAIT, SEM_UNDO */
};

/* Request: arg is the limit in ns, UINT64_MAX none, and the list what is waited for, at most
 * CT_POLL_MAX of the tracked descriptors. Completion: arg is the result, the list what is ready.
 * object: of the first of the list, or 0. EPOLL_CTL: object is the epoll, arg the operation. */
struct CT_PACKED ct_payload_poll { /* then: count times ct_polled */
	uint64_t object, arg;
	uint16_t count;
};

#define CT_POLL_MAX 32u

struct CT_PACKED ct_polled {
	uint64_t object;
	uint32_t fd;
	uint16_t wanted; /* poll(2)'s events or revents; select's as POLLIN, POLLOUT, POLLPRI */
};

struct CT_PACKED ct_payload_file_lock {
	uint64_t object;
	uint64_t start, length; /* length 0: to the end, however far that moves */
	uint32_t fd;
	uint16_t mode;	/* enum ct_file_lock_mode */
	uint16_t owner; /* enum ct_file_lock_owner */
};

struct CT_PACKED ct_payload_handler {
	uint64_t object; /* signal */
	uint64_t arg;	 /* address of the handler */
	uint32_t sender; /* pid if a process sent it, else 0 */
	uint32_t code;	 /* 32 bit, signed: si_code of sigaction(2), or CT_CODE_UNKNOWN */
};

struct CT_PACKED ct_payload_process { /* then: command as a string */
	uint64_t time;		      /* start of process or image, clock ticks */
	uint32_t pid, parent_pid;
	uint32_t process, parent; /* numbers in this trace; parent 0: root or unknown */
	uint32_t image;		  /* 0 at birth, +1 with every exec */
	uint32_t creator;	  /* thread number in the parent that forked, 0: unknown */
};

struct CT_PACKED ct_payload_module { /* then: the build-id's bytes, path as a string */
	uint64_t time;
	uint64_t start, end; /* addresses in memory */
	uint64_t bias;	     /* memory address - file's virtual address */
	uint16_t build_id_length;
};

struct CT_PACKED ct_payload_stack { /* then: depth times uint64_t */
	uint32_t stack;
	uint16_t depth;
};

/* Identity of shared memory: (device, inode, offset). Anonymous memory has device 0 and a number
 * unique in the trace as inode; children inherit it. */
struct CT_PACKED ct_payload_map {
	uint64_t time, start, size, device, inode, offset;
};

struct CT_PACKED ct_payload_unmap {
	uint64_t time, start, size;
};

struct CT_PACKED ct_payload_name { /* then: the name as a string */
	uint64_t time;
	uint64_t object;
};

struct CT_PACKED ct_payload_fd {
	uint32_t fd, access; /* access: 1 read, 2 write, 3 both */
	uint64_t inode;
};

/* Addresses as text: "127.0.0.1:80", "[::1]:80", "unix:/path", "unix:@abstract"; "" unknown or
 * none. Two sockets of a stream whose addresses are each other's are the two ends of one
 * connection. */
struct CT_PACKED ct_payload_socket { /* then: local, peer as strings */
	uint64_t time;
	uint64_t inode;
};

#endif
