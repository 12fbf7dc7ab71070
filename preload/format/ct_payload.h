#ifndef CT_FORMAT_CT_PAYLOAD_H
#define CT_FORMAT_CT_PAYLOAD_H
/*
 * The payloads of events and definitions: the C side of payloads.def. Included by ct_format.h.
 */
#include <stdint.h>

#ifndef CT_PACKED
#define CT_PACKED __attribute__((packed))
#endif

struct CT_PACKED ct_payload_obj {
	uint64_t object;
};

struct CT_PACKED ct_payload_obj_arg {
	uint64_t object, arg;
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
	uint64_t thread;    /* number in its process, as THREAD_CREATE's object */
	uint64_t pthread;   /* pthread_self() */
	uint64_t stack_low; /* 0: unknown */
	uint64_t stack_size;
	uint64_t creator; /* thread number of the creator, 0: unknown */
};

struct CT_PACKED ct_payload_rusage {
	uint64_t object; /* thread number, or exit status of the process */
	uint64_t user_us, system_us, voluntary, involuntary, minor_faults, major_faults;
	uint64_t max_rss_kb;
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
	uint64_t time;
	uint64_t start, size, device, inode, offset;
};

struct CT_PACKED ct_payload_unmap {
	uint64_t time;
	uint64_t start, size;
};

struct CT_PACKED ct_payload_name { /* then: the name as a string */
	uint64_t time;
	uint64_t object;
};

struct CT_PACKED ct_payload_fd {
	uint32_t fd, access; /* access: 1 read, 2 write, 3 both */
	uint64_t inode;
};

/* access half of the argument of FD_OPEN, FD_DUP and FD_CLOSE */
#define CT_FD_ARG(fd, access) ((uint64_t)(uint32_t)(fd) | (uint64_t)(access) << 32)

#endif
