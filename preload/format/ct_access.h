#ifndef CT_FORMAT_CT_ACCESS_H
#define CT_FORMAT_CT_ACCESS_H
/*
 * Accesses to memory in a trace: part of the payloads of ct_payload.h.
 */
#include <stdint.h>

#ifndef CT_PACKED
#define CT_PACKED __attribute__((packed))
#endif

/* Which version of the calls between stub and library (preload/access/fast.h) a file was built for:
 * stands in .rodata of each instrumented module, and of libconctrace.so. */
#define CT_ACCESS_TAG "conctrace-race stub"
struct ct_access_tag {
	char mark[20];
	uint32_t version;
};

/* An instruction's accesses to memory: at `address`, then `more` times `stride` bytes further. */
struct CT_PACKED ct_access_entry { /* ACCESSES: count times, after a uint16_t count */
	uint8_t size;		   /* bytes of each */
	uint8_t kind;		   /* enum ct_access_kind */
	uint8_t address[6];	   /* low 48 bits */
	uint32_t stack;		   /* its first frame is the return address of the access itself */
	uint16_t more;
	uint16_t stride; /* 16 bit, signed */
};

enum ct_access_kind {
	CT_ACCESS_READ = 1 << 0,
	CT_ACCESS_WRITE = 1 << 1,    /* with READ: one instruction does both, not atomically */
	CT_ACCESS_VOLATILE = 1 << 2, /* of a volatile object */
	CT_ACCESS_VPTR = 1 << 3,     /* of a C++ object's pointer to its virtual functions */
	CT_ACCESS_LIBC = 1 << 4,     /* by a function of libc: memcpy ... */
	/* Only in the model: */
	CT_ACCESS_ATOMIC = 1 << 5,
	CT_ACCESS_FREE = 1 << 6, /* the memory is given back */
};

enum ct_skip_reason {
	CT_SKIP_SAMPLED = 1, /* a site that was there often is recorded now and then */
	CT_SKIP_LIMIT = 2,   /* the trace is as large as it may be */
	CT_SKIP_BUSY = 3,    /* in a signal handler that interrupted the recorder */
};

/* Order is the ISO C memory_order's number: relaxed 0, consume 1, acquire 2, release 3, acq_rel 4,
 * seq_cst 5. */
struct CT_PACKED ct_payload_atomic {
	uint64_t object; /* address */
	uint8_t size, order;
};

#endif
