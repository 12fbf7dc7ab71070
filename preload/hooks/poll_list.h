#ifndef CT_HOOKS_POLL_LIST_H
#define CT_HOOKS_POLL_LIST_H
/*
 * The descriptors of one call of poll or select as its events have them, and the call from its
 * request to its completion.
 */
#include <stdint.h>

#include "format/ct_format.h"
#include "hooks/call.h"

struct CT_PACKED ct_poll_list {
	struct ct_payload_poll head;
	struct ct_polled members[CT_POLL_MAX];
};

static inline void ct_poll_list_clear(struct ct_poll_list *list)
{
	list->head = (struct ct_payload_poll){0, 0, 0};
}

/* What is one too many is left out. */
void ct_poll_list_add(struct ct_poll_list *list, int fd, uint16_t wanted);
size_t ct_poll_list_size(const struct ct_poll_list *list);

/* Flags of a call with that limit in ns: 0, never waits; CT_NO_LIMIT, none. */
uint16_t ct_poll_flags(uint64_t limit);
/* Writes a request if it may wait. */
void ct_poll_begin(struct ct_call *call, uint16_t event, struct ct_poll_list *wanted,
		   uint64_t limit, uintptr_t pc, uintptr_t sp);
/* `result` is the real call's, and is given back; with -1, errno says why. */
int ct_poll_end(struct ct_call *call, struct ct_poll_list *ready, int result, uintptr_t pc,
		uintptr_t sp);

#endif
