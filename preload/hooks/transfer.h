#ifndef CT_HOOKS_TRANSFER_H
#define CT_HOOKS_TRANSFER_H
/*
 * A read or write of a tracked descriptor, by whatever function: what event it is depends on the
 * kind of object. May wait, and so has a request: what asks the kernel first whether it will would
 * cost more.
 *
 *   CT_CALL_SCOPE struct ct_call call;
 *
 *   ct_transfer_request(&call, CT_EV_READ, 0, fd, size, pc, sp);
 *   done = CT_REAL(...)(...);
 *   ct_transfer_complete(&call, done, parts);
 */
#include <sys/types.h>
#include <sys/uio.h>

#include "hooks/call.h"

/* `event`: READ, WRITE, SEND or RECV, of `wanted` bytes, 0 unknown. No event, and so no request,
 * is what a read or write that neither waits nor moves anything is: of an epoll or a queue. */
void ct_transfer_request(struct ct_call *call, uint16_t event, uint16_t flags, int fd,
			 uint64_t wanted, uintptr_t pc, uintptr_t sp);
/* `done`: bytes, or -1 with errno. `parts`: the program's buffers, looked into where the bytes are
 * the value of a counter; NULL: not at hand. */
void ct_transfer_complete(struct ct_call *call, ssize_t done, const struct iovec *parts);

#endif
