#ifndef CT_ACCESS_ACCESS_H
#define CT_ACCESS_ACCESS_H
/*
 * Accesses to memory inside libconctrace.so: what the entry points (fast.h) do when the quick way
 * does not tell. Every function here is async-signal-safe, keeps errno, and neither locks nor
 * allocates.
 */
#include <stdbool.h>
#include <stdint.h>

#include "access/fast.h"
#include "record/recorder.h"

/* The calling thread's recorder, entered, with room for CT_SIZE_ANY and with its state of accesses:
 * leave it by ct_recorder_leave(). NULL: the thread does not record now, which has been counted. */
struct ct_recorder *ct_access_enter(void);
/* Id of the stack of the functions that were entered, with `pc` (a return address of an entry
 * point) as the innermost frame. The recorder has been entered by ct_access_enter(). */
uint32_t ct_access_stack(struct ct_recorder *r, uintptr_t pc);
/* Whether the calling thread records its accesses, as far as is known. */
bool ct_access_thread_records(void);
/* Begins a new epoch: an atomic access or a fence whose order is a release. */
static inline void ct_access_release(struct ct_recorder *r)
{
	ct_recorder_new_epoch(r);
}

#endif
