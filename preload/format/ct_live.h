#ifndef CT_FORMAT_CT_LIVE_H
#define CT_FORMAT_CT_LIVE_H
/*
 * `.live/`: what the recorder shares with whoever looks on while the program runs, and after it
 * was killed. Not part of the public format: reader and recorder of one version agree on it.
 *
 *   .live/session          struct ct_session: one per trace, mapped by every process in it
 *   .live/p<P>.t<L>        one per lane: struct ct_live, then the packet under construction
 *
 * All fields are written by plain stores of their owner and may be read at any instant, also of a
 * stopped or dead program. A reader copies all of it, and trusts what two copies, some time apart,
 * say alike: `epoch` and `since` change with every call.
 */
#include "format/ct_format.h"

#define CT_LIVE_DIR ".live"
#define CT_LIVE_MAGIC 0x4c544e43u    /* "CNTL" */
#define CT_SESSION_MAGIC 0x53544e43u /* "CNTS" */
#define CT_LIVE_SIZE 4096u	     /* of the page before the packet */
#define CT_PACKET_SIZE 65536u	     /* of the packet under construction */
#define CT_HELD_MAX 128u
#define CT_PROCESS_SLOTS 4096u

enum ct_live_state {
	CT_LIVE_FREE = 0, /* no thread; the packet has been appended */
	CT_LIVE_RUNNING = 1,
};

struct ct_live {
	uint32_t magic;	  /* CT_LIVE_MAGIC */
	uint32_t version; /* CT_FORMAT_VERSION */
	uint32_t state;	  /* enum ct_live_state */
	uint32_t pid, process, tid, thread;
	uint32_t epoch; /* odd: inside a call that may block; even: in the program */
	uint64_t pthread;
	uint64_t object, arg; /* of the blocking call, as in its request record */
	uint64_t since;	      /* clock ticks when it began */
	uint32_t stack;
	uint16_t event;	      /* enum ct_event_id */
	uint16_t flags;	      /* enum ct_event_flags */
	uint64_t lost;	      /* records of this thread that could not be kept ... */
	uint64_t lost_before; /* ... of those: before the packet began */
	uint64_t appended;    /* bytes of the packet that stand in the stream file already */
	uint32_t held_count;  /* at most CT_HELD_MAX */
	uint32_t unlisted;    /* locks held beyond those in `held` */
	char name[16];
	struct ct_held held[CT_HELD_MAX];
	uint64_t start;	    /* of the process, as its slot has it */
	uint64_t pid_space; /* inode of the namespace that `pid` and `tid` are from, 0: unknown */
};

_Static_assert(sizeof(struct ct_live) <= CT_LIVE_SIZE, "the live page holds its struct");

enum ct_clock { CT_CLOCK_TSC = 0, CT_CLOCK_MONOTONIC = 1 };

/* What number a pid has in the trace. Claimed by compare-and-swap on `pid`; `start` tells a pid
 * that was used again; process 0: has ended, and then `start` is CT_SLOT_ENDED until another
 * process takes the slot over. */
#define CT_SLOT_ENDED UINT64_MAX

struct ct_process_slot {
	uint32_t pid, process;
	uint64_t start;		  /* start time of the pid from /proc, 0: unknown */
	uint32_t image;		  /* of the newest image */
	uint32_t parent;	  /* process number */
	uint32_t threads, stacks; /* numbers given so far: they go on after exec */
	uint64_t image_key;	  /* another in each image */
};

/* What keeps atomic operations of the programs apart while they are recorded (access/stripes.c). */
struct ct_stripe {
	uint32_t lock;	 /* 1: taken */
	uint64_t writes; /* that changed something, or may have */
} __attribute__((aligned(64)));

#define CT_STRIPES 256u /* for each 16 bytes of a page */

/* An access that a thread is held at (access/trap/rendezvous.h). Its holder may be killed amid
 * writing it, or be stopped and go on when another has the place: `check` tells that all fields
 * were written together, and for this state. */
struct ct_held_access {
	uint64_t state; /* rendezvous.c says what its bits mean; the low half is a futex. 0: free */
	uint32_t process, tid;
	uint32_t size;
	uint32_t flags;	 /* enum ct_site_flags */
	uint64_t space;	 /* which memory: a process's own, or some that is shared */
	uint64_t start;	 /* in that */
	uint64_t number; /* of the meeting, if there is one */
	uint64_t pc;
	uint64_t check;
} __attribute__((aligned(64)));

#define CT_HELD_ACCESSES 16u

struct ct_session {
	uint32_t magic, version;
	uint8_t uuid[CT_UUID_SIZE];
	uint32_t clock;	    /* enum ct_clock */
	uint32_t ready;	    /* 1 once metadata stands and the root process records */
	uint64_t frequency; /* clock ticks a second */
	uint64_t begin;	    /* clock ticks when the session was made */
	uint64_t max_bytes; /* limit of the trace's size, 0: none */
	uint64_t bytes;	    /* appended so far, by all processes */
	uint32_t processes; /* numbers given so far */
	uint32_t numbers;   /* given to kernel objects and memory without one of their own */
	uint32_t root_pid;
	uint32_t given_up;    /* processes that could not be recorded, or not to their end */
	uint32_t stack_depth; /* frames kept of a stack: 0 none, 1 caller only */
	uint32_t denied;      /* processes that may not open the folder any more: another user's */
	uint32_t left_out;    /* programs left out: they have ThreadSanitizer's own runtime */
	struct ct_process_slot slots[CT_PROCESS_SLOTS];
	uint64_t meetings; /* numbers given so far, one to each hold */
	struct ct_stripe stripes[CT_STRIPES];
	struct ct_held_access held_accesses[CT_HELD_ACCESSES];
};

#endif
