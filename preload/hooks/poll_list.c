#include "hooks/poll_list.h"

#include "hooks/fds.h"
#include "hooks/readable.h"

void ct_poll_list_add(struct ct_poll_list *list, int fd, uint16_t wanted)
{
	uint64_t object = ct_fd_get(fd).object;

	if (list->head.count == CT_POLL_MAX)
		return;
	if (!list->head.count)
		list->head.object = object;
	list->members[list->head.count++] = (struct ct_polled){object, (uint32_t)fd, wanted};
}

size_t ct_poll_list_size(const struct ct_poll_list *list)
{
	return sizeof(list->head) + list->head.count * sizeof(list->members[0]);
}

uint16_t ct_poll_flags(uint64_t limit)
{
	if (limit == 0)
		return CT_F_TRY;
	return limit == CT_NO_LIMIT ? 0 : CT_F_TIMED;
}

void ct_poll_begin(struct ct_call *call, uint16_t event, struct ct_poll_list *wanted,
		   uint64_t limit, uintptr_t pc, uintptr_t sp)
{
	uint16_t flags = ct_poll_flags(limit);

	wanted->head.arg = limit;
	*call = (struct ct_call){.object = wanted->head.object, .event = event, .flags = flags};
	if (limit)
		ct_call_request_bytes(call, event, flags, wanted->head.object, limit, wanted,
				      ct_poll_list_size(wanted), pc, sp);
}

int ct_poll_end(struct ct_call *call, struct ct_poll_list *ready, int result, uintptr_t pc,
		uintptr_t sp)
{
	size_t size = ct_poll_list_size(ready);

	ready->head.arg = (uint64_t)result;
	if (call->pending)
		ct_call_complete_bytes(call, ct_errno_of(result), ready, size);
	else if (result < 0)
		ct_call_failed(call->event, call->flags, call->object, errno, pc, sp);
	else
		ct_call_event_bytes(call->event, call->flags, ready, size, pc, sp);
	return result;
}
