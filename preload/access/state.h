#ifndef CT_ACCESS_STATE_H
#define CT_ACCESS_STATE_H
/*
 * What the library keeps of a thread whose accesses are recorded. It lies in memory of the
 * process's own, which a forked child has a copy of: the forking thread goes on with it, emptied.
 *
 * States are never unmapped, and given to the next thread when theirs ends. The modules' pointers
 * to it are known, so that none is left when the thread gives it back: what runs after the thread's
 * last record finds the state of zeros.
 */
#include "access/access.h"

#define CT_ACCESS_FRAMES 8192u /* beyond, the outermost are forgotten */
#define CT_ACCESS_RANGES 64u   /* these are powers of two */
#define CT_ATOMIC_SEEN 16u
#define CT_ACCESS_SITES 8192u
#define CT_ACCESS_MODULES 64u /* with a pointer of their own: one more is not recorded */

/* An access of a size that the filter does not know. */
struct ct_access_range {
	uintptr_t address;
	size_t size;
	uint64_t epoch; /* | kind */
};

/* How often an instruction is recorded, once the thread has used up its quota. */
struct ct_access_site {
	uintptr_t pc;
	uint32_t skip, count, period;
};

/* A load that was recorded: what makes another one say the same (stripes.c). */
struct ct_atomic_seen {
	uintptr_t address;
	uint64_t value, writes, epoch;
	uint32_t what;
};

struct ct_access_skips {
	uint64_t count, told; /* since the last record of them; in all records */
};

struct ct_access_state {
	struct ct_access_thread fast; /* first: what modules point to */
	uint64_t owner; /* process << 32 | thread; 0: none. Claimed by compare-and-swap */
	struct ct_access_state *next; /* of all */
	struct ct_access_thread **modules[CT_ACCESS_MODULES];
	uint32_t lists;	 /* that were begun */
	uint16_t *count; /* of the newest */
	uint64_t logged; /* bytes */
	struct ct_access_skips skips[CT_SKIP_BUSY + 1];
	struct ct_access_range ranges[CT_ACCESS_RANGES];
	struct ct_atomic_seen seen[CT_ATOMIC_SEEN];
	struct ct_atomic_idle { /* the exchange without an effect that came last, of all atomics */
		struct ct_atomic_seen what;
		const char *end; /* of its record, NULL: none */
		uint64_t time;
	} idle;
	struct ct_access_frame outermost; /* stands before frames[0] */
	struct ct_access_frame frames[CT_ACCESS_FRAMES];
	struct ct_access_site sites[CT_ACCESS_SITES];
};

/* The thread's state, NULL: it has none. Of any module's pointer it gives the state, too: of one
 * that points to zeros, nobody's. */
extern __thread struct ct_access_state *ct_access_mine
	__attribute__((visibility("hidden"), tls_model("initial-exec")));

/* What the modules' pointers point to in a thread without a state: zeros, never written. */
extern struct ct_access_thread ct_access_nothing;
/* What stubs call. */
extern const struct ct_access_library ct_access_calls;

/* No data races are to be looked for. False until the settings are read, when none are recorded. */
bool ct_access_off(void);

static inline struct ct_access_state *ct_access_state_of(struct ct_recorder *r)
{
	return (struct ct_access_state *)r->epoch;
}

/* The recorder, entered, when *self belongs to it; tries to make it so. NULL: it does not record.
 */
struct ct_recorder *ct_access_enter_slow(struct ct_access_thread **self, struct ct_recorder *r);

static inline struct ct_recorder *ct_access_enter_as(struct ct_access_thread **self)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	if (CT_LIKELY(r && r->epoch == &(*self)->epoch))
		return r;
	return ct_access_enter_slow(self, r);
}

/* Of the innermost function; worked out if need be. sp: the stack pointer of who accesses, below
 * which no function is any more. */
uint64_t ct_access_context(struct ct_recorder *r, uintptr_t sp);
/* Id of the stack of that context with pc in it. */
uint32_t ct_access_stack_of(struct ct_recorder *r, uint64_t context, uintptr_t pc);
/* Makes the table of stacks; false: out of memory. */
bool ct_access_contexts_init(void);
void ct_access_entered(struct ct_access_thread **self, uintptr_t pc, uintptr_t code, uintptr_t sp);

void ct_access_missed(struct ct_access_thread **self, uintptr_t address, uintptr_t pc,
		      unsigned what);
void ct_access_ranged(struct ct_access_thread **self, uintptr_t address, size_t size, unsigned kind,
		      uintptr_t pc);

/* Whether an access of a thread that samples is left out for certain, and with it the next ones of
 * its instruction; counts them. */
bool ct_access_skip(struct ct_access_state *s, uintptr_t pc);
/* Whether an access is to be left out, which it counts. */
bool ct_access_leave_out(struct ct_recorder *r, uintptr_t pc);
/* An access was not recorded since its thread is recording: in a signal handler. */
void ct_access_count_busy(void);
/* Writes how many were left out for this reason since it last said so. */
void ct_access_tell_skips(struct ct_recorder *r, enum ct_skip_reason why);

#endif
