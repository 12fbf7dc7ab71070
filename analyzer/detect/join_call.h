#ifndef CT_DETECT_JOIN_CALL_H
#define CT_DETECT_JOIN_CALL_H
/* A call that names a thread and seems wrong, what became of that thread, and how to say so: the
 * words of detect_join_invalid. */
#include "detect/misuse.h"
#include "model/kinds.h"
#include "model/traffic.h"

enum ct_join_fate {
	CT_FATE_UNKNOWN,
	CT_FATE_LIVE,
	CT_FATE_JOINED,
	CT_FATE_BORN_DETACHED,
	CT_FATE_DETACHED,
};

/* Who has a pthread_t, and what became of it. */
struct ct_join_owner {
	const struct ct_thread *thread; /* NULL: it left no record */
	enum ct_join_fate fate;
	struct ct_deed created;
	struct ct_deed deed; /* that joined or detached it */
	struct ct_deed joining;
	struct ct_deed early;	/* detached what had no record yet */
	uint64_t early_created; /* threads that its process had created by then */
	uint32_t image;		/* of its process, see there */
};

enum ct_join_outcome { CT_CALL_PENDING, CT_CALL_REFUSED, CT_CALL_DONE, CT_CALL_FREE };

struct ct_join_call {
	const struct ct_thread *caller;
	struct ct_deed deed;
	uint16_t event;
	enum ct_join_outcome outcome;
	bool certain; /* no unborn thread can be meant */
	bool both;    /* who joined the thread at the time did join it */
	uint64_t pthread;
	struct ct_join_owner owner;  /* as it was; of an unknown one: nothing is wrong so far */
	struct ct_join_owner unborn; /* who it must be if its first instruction never comes on
				      * record; of an unknown fate: nobody */
	size_t next_free;	     /* index + 1 */
};

/* What a call of this event does. */
enum ct_effect ct_join_call_effect(uint16_t event);

/* Headline (NULL: out of memory) and places. */
void ct_join_call_describe(const struct ct_join_call *call, struct ct_arena *arena,
			   struct ct_misuse *misuse);

#endif
