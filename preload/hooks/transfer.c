#include "hooks/transfer.h"

#include "hooks/fds.h"
#include "hooks/sockets.h"

/* 0: none */
static uint16_t event_of(uint16_t event, uint64_t object)
{
	switch (CT_KERNEL_CLASS(object)) {
	case CT_KERNEL_INODE:
	case CT_KERNEL_TIMERFD:
	case CT_KERNEL_SIGNALFD:
		return event;
	case CT_KERNEL_EVENTFD:
		if (event == CT_EV_READ)
			return CT_EV_EVENTFD_READ;
		return event == CT_EV_WRITE ? CT_EV_EVENTFD_WRITE : 0;
	default:
		return 0;
	}
}

static bool is_counter(uint16_t event)
{
	return event == CT_EV_EVENTFD_READ || event == CT_EV_EVENTFD_WRITE;
}

void ct_transfer_request(struct ct_call *call, uint16_t event, uint16_t flags, int fd,
			 uint64_t wanted, uintptr_t pc, uintptr_t sp)
{
	struct ct_fd entry = ct_fd_get(fd);

	call->pending = false;
	event = entry.access ? event_of(event, entry.object) : 0;
	if (!event)
		return;
	if (CT_KERNEL_CLASS(entry.object) == CT_KERNEL_INODE)
		flags |= ct_socket_timed(fd, event == CT_EV_WRITE || event == CT_EV_SEND);
	ct_call_request(call, event, flags, entry.object, is_counter(event) ? 0 : wanted, pc, sp);
}

/* An eventfd takes and gives 8 bytes at a time, wherever they lie: the sum of these. */
static uint64_t sum_of(const struct iovec *parts, ssize_t done)
{
	uint64_t value = 0, sum = 0;
	size_t have = 0;

	for (; done > 0; parts++) {
		for (size_t i = 0; i < parts->iov_len && done > 0; i++, done--) {
			((char *)&value)[have++] = ((const char *)parts->iov_base)[i];
			if (have < sizeof(value))
				continue;
			sum += value;
			have = 0;
		}
	}
	return sum;
}

void ct_transfer_complete(struct ct_call *call, ssize_t done, const struct iovec *parts)
{
	uint64_t amount = (uint64_t)done;

	if (!call->pending)
		return;
	if (done > 0 && is_counter(call->event))
		amount = parts ? sum_of(parts, done) : 0;
	if (call->flags & CT_F_PEEK)
		amount = 0;
	ct_call_complete_with(call, ct_errno_of(done), call->object, amount);
}
