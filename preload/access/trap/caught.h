#ifndef CT_ACCESS_TRAP_CAUGHT_H
#define CT_ACCESS_TRAP_CAUGHT_H
/*
 * Writes what was caught. Two pieces of code meet a few times in a process and no more: then they
 * are told well enough. Async-signal-safe.
 */
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "access/trap/rendezvous.h"
#include "record/recorder.h"

#define CT_CAUGHT_SIZE (sizeof(struct ct_record_head) + sizeof(struct ct_payload_caught))

/* Whether a meeting of these two places is still to be told. */
bool ct_caught_wanted(uintptr_t held_pc, uintptr_t came_pc);
/* They have met. */
void ct_caught_count(uintptr_t held_pc, uintptr_t came_pc);

/* Writes one side's record. The recorder has been entered with CT_CAUGHT_SIZE; the context's
 * instruction pointer is in or right behind the instruction. */
void ct_caught_write(struct ct_recorder *r, const ucontext_t *context,
		     const struct ct_payload_caught *what);

/* Of enum ct_site_flags, as records have it. */
uint8_t ct_caught_kind(uint32_t flags);
uint16_t ct_caught_size(uint32_t size);

/* Whether a thread can be held and meet others: not one that cannot record now, or perhaps is two
 * (record/guard.h). */
bool ct_caught_takes_part(const struct ct_recorder *r);
/* Meets the one that is held, and writes the calling thread's record. The recorder is entered
 * first: whoever cannot tell of a meeting does not take part in it. */
bool ct_caught_meet(const struct ct_held_access *held, const struct ct_held_place *place,
		    const ucontext_t *context, const struct ct_payload_caught *mine);

/* How many the process has met. */
uint64_t ct_caught_total(void);
/* In a forked child. */
void ct_caught_forked(void);

#endif
