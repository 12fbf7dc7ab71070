#ifndef CT_ACCESS_FAST_H
#define CT_ACCESS_FAST_H
/*
 * What stands before every load and store of a program that was compiled for it.
 *
 * The same code is in two places: in the stub, a static library that is linked into each module
 * compiled with -fsanitize=thread, so that no call leaves the module, and in libconctrace.so, for
 * plug-ins that were linked without it. Both see the thread's state through a pointer of their own.
 * It points to a state of zeros until the thread has one: then nothing hits, and each miss asks the
 * library, or (without it) whoever stands for it, which does nothing.
 *
 * The structs are what both agree on: CT_ACCESS_VERSION counts their changes.
 *
 * An entry of the filter is one access of this epoch (record/accesses.h): address | lg(size) << 47
 * | write << 50 | epoch. A write stands for a later read of the same bytes, never the reverse.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/ct_format.h"
#include "record/self.h"

#define CT_ACCESS_VERSION 3u
#define CT_FILTER_SIZE 2048u /* entries, a power of two: half of a small L1 cache */
#define CT_ACCESS_RUNS 64u   /* these are powers of two */
#define CT_ACCESS_LEFT_OUT 1024u
#define CT_ACCESS_LEFT_MAX 0xffffu /* of one instruction at a time */
#define CT_FILTER_LG 47
#define CT_FILTER_WRITE ((uint64_t)1 << 50)

/* A function that has been entered. */
struct ct_access_frame {
	uintptr_t sp;	  /* stack pointer in it */
	uintptr_t pc;	  /* where it returns to */
	uintptr_t code;	  /* an address in it, always the same */
	uint64_t context; /* of its callers and pc, see context.c; 0: not yet worked out */
};

/* What the last entry of an instruction leads to expect: the next access, so far further on. */
struct ct_access_run {
	uintptr_t pc;	/* 0: none */
	uintptr_t next; /* CT_ACCESS_NOWHERE: there has been one access only */
	uint64_t context;
	uint64_t list; /* that the entry is in: the recorder's, if it has not begun another */
	struct ct_access_entry *entry;
	intptr_t stride;
	uintptr_t last;		 /* address of the one access */
	uint32_t stack, unloads; /* id of its stack, known since so many modules had gone */
};

#define CT_ACCESS_NOWHERE UINTPTR_MAX

struct ct_access_thread {
	struct ct_epoch epoch;
	struct ct_recorder *recorder; /* the thread's, as long as any run has a pc */
	uint64_t samples;	      /* 1: it has used up its quota */
	uint64_t skipped;	      /* accesses left out, not yet counted */
	/* The frame to be entered next; the outermost, before which one with the highest stack
	 * pointer stands; the end of their room. */
	struct ct_access_frame *top, *base, *limit;
	struct ct_access_run runs[CT_ACCESS_RUNS]
		__attribute__((aligned(64))); /* of a cache line */
	uint64_t filter[CT_FILTER_SIZE];
	/* Of a thread that samples: instructions (pc << 16) whose next so many accesses are left
	 * out. */
	uint64_t left_out[CT_ACCESS_LEFT_OUT];
};

/* `self`: the module's pointer to the calling thread's state, which the library may change. */
struct ct_access_library {
	uint32_t version, size; /* of this struct in bytes */
	/* A module is there; `within` is an address in it. Or it is about to be unloaded. */
	void (*module_begins)(const void *within);
	void (*module_ends)(const void *within);
	/* An access that is not in the filter and extends no run. what: kind | lg(size) << 8 */
	void (*miss)(struct ct_access_thread **self, uintptr_t address, uintptr_t pc,
		     unsigned what);
	/* An access of any size. */
	void (*range)(struct ct_access_thread **self, uintptr_t address, size_t size, unsigned kind,
		      uintptr_t pc);
	/* A function is entered and there is no room for it, or some frames before it are gone. */
	void (*enter)(struct ct_access_thread **self, uintptr_t pc, uintptr_t code, uintptr_t sp);
	const struct ct_atomic_calls *atomics; /* atomics.h; NULL: they are not recorded */
};

/* Of this module. */
extern __thread struct ct_access_thread *ct_access_self
	__attribute__((visibility("hidden"), tls_model("initial-exec")));
extern const struct ct_access_library *ct_access_library __attribute__((visibility("hidden")));

/* In the stub, symbols are the module's alone; the library's are for modules without a stub. */
#ifdef CT_STUB
#define CT_ENTRY __attribute__((visibility("hidden")))
#else
#define CT_ENTRY __attribute__((visibility("default")))
#endif

#pragma GCC visibility push(hidden)
/* Not inline, and called last: so the caller needs no frame. `t` is what it found in
 * ct_access_self; `key` at `place` would put the access into the filter. */
void ct_access_miss(uintptr_t address, uintptr_t pc, unsigned what, uint64_t key, uint64_t *place,
		    struct ct_access_thread *t);
/* The library's, of this module. */
void ct_access_enter_function(uintptr_t pc, uintptr_t code, uintptr_t sp);
/* `pc` is where its constructor calls from: each of its compiled files has one. */
void ct_access_module_begins(uintptr_t pc);
#pragma GCC visibility pop

static inline uint64_t *ct_access_place(struct ct_access_thread *t, uintptr_t address, unsigned lg)
{
	return &t->filter[address >> lg & (CT_FILTER_SIZE - 1)];
}

static inline uint64_t ct_access_key(const struct ct_access_thread *t, uintptr_t address,
				     unsigned lg, unsigned kind)
{
	return address | (uint64_t)lg << CT_FILTER_LG |
	       (kind & CT_ACCESS_WRITE ? CT_FILTER_WRITE : 0) | t->epoch.now;
}

static inline __attribute__((always_inline)) void ct_access_fast(struct ct_access_thread *t,
								 uintptr_t address, unsigned lg,
								 unsigned kind, uintptr_t pc)
{
	uint64_t key = ct_access_key(t, address, lg, kind);
	uint64_t *place = ct_access_place(t, address, lg);
	uint64_t known = *place ^ key;

	if (__builtin_expect((kind & CT_ACCESS_WRITE ? known : known & ~CT_FILTER_WRITE) != 0, 0))
		ct_access_miss(address, pc, kind | lg << 8, key, place, t);
}

static inline uint64_t *ct_access_left_of(struct ct_access_thread *t, uintptr_t pc)
{
	return &t->left_out[(pc >> 1 ^ pc >> 9) & (CT_ACCESS_LEFT_OUT - 1)];
}

static inline struct ct_access_run *ct_access_run_of(struct ct_access_thread *t, uintptr_t pc)
{
	return &t->runs[(pc >> 2 ^ pc >> 8) & (CT_ACCESS_RUNS - 1)];
}

/* Any size, also 0; what libc's functions do. kind: enum ct_access_kind. */
static inline void ct_access_log(uintptr_t address, size_t size, unsigned kind, uintptr_t pc)
{
	ct_access_library->range(&ct_access_self, address, size, kind, pc);
}

#endif
