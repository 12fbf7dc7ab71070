#ifndef CT_RECORD_SELF_H
#define CT_RECORD_SELF_H
/* The recorder of the calling thread: what recorder.h writes with. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/ct_live.h"
#include "record/accesses.h"

#define CT_LIKELY(x) __builtin_expect(!!(x), 1)
#define CT_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define CT_BARRIER() __asm__ volatile("" ::: "memory")

struct ct_process;
struct ct_lane;
struct ct_stacks;

struct ct_recorder {
	char *cur, *end; /* next record; end of the packet's room. Both NULL: nothing to write to */
	struct ct_packet *packet;
	struct ct_live *live;
	uintptr_t busy; /* frame that is recording now: a signal handler must not join in */
	uint32_t number, tid;
	bool holds_signals; /* back until it is left; `signals` is the mask before */
	struct ct_process *process;
	struct ct_lane *lane;
	struct ct_stacks *stacks;
	char *yielded;		  /* where the packet's last record ends, if that is a YIELD */
	char *listed;		  /* the same, if it is a list of accesses */
	uint64_t list;		  /* number of the newest such list */
	uint64_t time;		  /* of the packet's last record */
	uint64_t begin;		  /* of the thread's first record */
	struct ct_epoch *epoch;	  /* of the thread's accesses */
	struct ct_epoch no_epoch; /* what `epoch` points to while none are recorded */
	uintptr_t waiting_sp;	  /* stack pointer of the call that the live page shows */
	uintptr_t stack_low, stack_high; /* of the thread's stack; high 0: unknown */
	struct ct_recorder *behind;	 /* not NULL: a stand-in, see guard.h */
	uint64_t signals;
};

extern __thread struct ct_recorder *ct_self __attribute__((tls_model("initial-exec")));

#endif
