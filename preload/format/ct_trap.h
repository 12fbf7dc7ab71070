#ifndef CT_FORMAT_CT_TRAP_H
#define CT_FORMAT_CT_TRAP_H
/*
 * Accesses that were caught in the act: part of the payloads of ct_payload.h.
 * docs/trapped-races.md.
 */
#include <stdint.h>

#ifndef CT_PACKED
#define CT_PACKED __attribute__((packed))
#endif

/* How a thread came to where it was caught. */
enum ct_caught_how {
	CT_CAUGHT_HELD = 1,    /* it stood just before its access, kept there */
	CT_CAUGHT_CAME = 2,    /* it came to its access while the other was held */
	CT_CAUGHT_WATCHED = 3, /* a watchpoint of the processor told of its access, just after it */
};

/* Two threads at one place in memory at once: each writes a record with the same number. The
 * stack's first frame is an address within or right behind the instruction. */
struct CT_PACKED ct_payload_caught {
	uint64_t object;	/* address of its own access, in its own process */
	uint64_t number;	/* of the meeting, unique in the trace; from 1 */
	uint64_t before, after; /* CT_CAUGHT_HELD: the first eight bytes (or `size`, if less) that
				 * stood there as it began to be held, and at its end; else 0 */
	uint16_t size;		/* bytes that it reads or writes; 0: unknown */
	uint8_t kind; /* CT_ACCESS_READ, _WRITE of enum ct_access_kind, and CT_CAUGHT_... */
	uint8_t how;  /* enum ct_caught_how */
};

/* With the kinds of enum ct_access_kind. LIBRARY: of code that has no traps, where what it did is
 * known by its effect. */
#define CT_CAUGHT_LOCKED 0x40u /* an atomic instruction: lock prefix, or xchg with memory */
#define CT_CAUGHT_LIBRARY 0x80u

/* Why a process has no traps, or no longer. Printed by the reports: add words there, too. */
enum ct_trap_aside {
	CT_TRAP_STAYS = 0,	/* it has them */
	CT_TRAP_NO_DECODER = 1, /* libZydis is not there */
	CT_TRAP_NO_TABLES = 2,	/* code without unwind tables: where functions begin is not known */
	CT_TRAP_REFUSED = 3,	/* the kernel does not let code be written to (SELinux, systemd) */
	CT_TRAP_DEBUGGER = 4,	/* it is traced by another program */
	CT_TRAP_SYSTEM_CALLS = 5, /* the code makes system calls itself: may block SIGTRAP unseen */
	CT_TRAP_RSEQ = 6,    /* restartable sequences in the code: a trap restarts them forever */
	CT_TRAP_SECCOMP = 7, /* it limits its own system calls */
	CT_TRAP_SMALL_STACK = 8,  /* a signal handler runs on a stack too small for one more */
	CT_TRAP_READS_CODE = 9,	  /* it reads its own code (checks itself) */
	CT_TRAP_WRITES_CODE = 10, /* it makes its own code writable */
	CT_TRAP_NO_MEMORY = 11,	  /* for copies of instructions near the code */
	CT_TRAP_SIGNAL = 12,  /* libc runs code with SIGTRAP blocked (SIGEV_THREAD and the like) */
	CT_TRAP_NO_CODE = 13, /* no instruction is worth a trap */
	CT_TRAP_OWN_THREADS = 14, /* it makes threads with thread-local memory of its own making */
};

/* Written as traps are planted, as a process ends, and as it steps aside. */
struct CT_PACKED ct_payload_traps {
	uint64_t object;	      /* enum ct_trap_aside */
	uint64_t places;	      /* instructions that had a trap */
	uint64_t traps;		      /* taken */
	uint64_t held;		      /* how often a thread was held */
	uint64_t held_ns, allowed_ns; /* for how long, and could have been */
	uint64_t caught;	      /* meetings */
};

#endif
