#ifndef CT_RECORD_ACCESSES_H
#define CT_RECORD_ACCESSES_H
/*
 * What the recorder knows of memory accesses (access/, which it may not include).
 *
 * A thread's epoch is what lies between two of its events that may let another thread go on. An
 * access that was recorded in an epoch need not be recorded again in the same: whoever is ordered
 * after the first is ordered after the second. So it is enough to begin a new one at releases.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/ct_format.h"

#define CT_EPOCH_SHIFT 51 /* the bits below are those of an entry of the filter */
#define CT_EPOCH_ONE ((uint64_t)1 << CT_EPOCH_SHIFT)

struct ct_epoch {
	uint64_t now; /* a multiple of CT_EPOCH_ONE, not 0 */
	void *filter; /* accesses of this epoch, and of earlier ones; NULL: none are kept */
	size_t size;
};

/* Where threads and processes end and begin. */
struct ct_access_calls {
	void (*thread_ends)(void);    /* the calling thread is about to write its last record */
	void (*recorder_ends)(void);  /* in a child; its memory is about to be unmapped */
	void (*process_forked)(void); /* the calling thread goes on in a child, with its recorder */
};

/* NULL: no module of this process was compiled so that its accesses are recorded. */
extern const struct ct_access_calls *ct_accesses;

/* After the last epoch: numbers are used again. */
void ct_epoch_wrapped(struct ct_epoch *epoch);

/* Whether an event begins a new epoch: it may let another thread go on, or the memory that the
 * thread has accessed is now something else. Atomic accesses say so themselves, by their order. */
static inline bool ct_event_ends_epoch(uint16_t event)
{
	static const uint8_t effects[] = {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text) [id] = CT_EFFECT_##EFFECT,
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
	};
	static const bool ends[] = {
		[CT_EFFECT_MEMORY_FREED] = true,  [CT_EFFECT_MEMORY_ALLOCATED] = true,
		[CT_EFFECT_INIT] = true,	  [CT_EFFECT_RELEASE] = true,
		[CT_EFFECT_WAIT] = true,	  [CT_EFFECT_SIGNAL] = true,
		[CT_EFFECT_BROADCAST] = true,	  [CT_EFFECT_SEM_POST] = true,
		[CT_EFFECT_BARRIER] = true,	  [CT_EFFECT_ONCE] = true,
		[CT_EFFECT_THREAD_CREATE] = true, [CT_EFFECT_THREAD_EXIT] = true,
		[CT_EFFECT_THREAD_CANCEL] = true, [CT_EFFECT_FORK] = true,
		[CT_EFFECT_SYSTEM] = true,	  [CT_EFFECT_EXEC] = true,
		[CT_EFFECT_PROCESS_EXIT] = true,  [CT_EFFECT_FD_CLOSE] = true,
		[CT_EFFECT_FD_SEND] = true,	  [CT_EFFECT_WRITE] = true,
		[CT_EFFECT_SEM_OP] = true,	  [CT_EFFECT_SEM_SET] = true,
		[CT_EFFECT_MESSAGE_SEND] = true,  [CT_EFFECT_COUNTER_ADD] = true,
		[CT_EFFECT_FILE_LOCK] = true,	  [CT_EFFECT_LISTEN] = true,
		[CT_EFFECT_CONNECT] = true,	  [CT_EFFECT_TIMER_ARM] = true,
		[CT_EFFECT_SIGNAL_SEND] = true,	  [CT_EFFECT_HANDLER_ENTER] = true,
		[CT_EFFECT_HANDLER_LEAVE] = true, [CT_EFFECT_FUTEX_WAKE] = true,
		[CT_EFFECT_ORDER_RELEASE] = true, [CT_EFFECT_IGNORE_BEGIN] = true,
		[CT_EFFECT_IGNORE_END] = true,	  [CT_EFFECT_ACCESSES_SKIPPED] = false,
	};

	return event < sizeof(effects) && effects[event] < sizeof(ends) && ends[effects[event]];
}

#endif
