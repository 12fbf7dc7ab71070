/*
 * Of wraps.def: what fills or sends several buffers, as a list of them says. The names of peers and
 * what comes beside a message are left out.
 */
#include <errno.h>
#include <limits.h>

#include "access/wrap.h"
#include "sys/kernel.h"

/* The kernel answers a bad pointer with EFAULT, so it must not end the program here. Without a
 * recorder, nobody asks. */
static bool is_readable(const void *at, size_t size)
{
	uintptr_t first = (uintptr_t)at, last;

	if (!ct_access_library->atomics || !size || __builtin_add_overflow(first, size - 1, &last))
		return false;
	for (uintptr_t word = first & ~(uintptr_t)7; word <= last; word = (word | 4095) + 1) {
		/* as no way to change a mask is asked for, nothing but the reading is done */
		if (CT_SYS(SYS_rt_sigprocmask, -1, word, 0, 8, 0, 0) != -EINVAL)
			return false;
	}
	return true;
}

/* Whether the list is what the kernel would take. */
static bool is_list(const struct iovec *parts, size_t count)
{
	return count <= IOV_MAX && is_readable(parts, count * sizeof(*parts));
}

static void fills_parts(const struct iovec *parts, size_t count, ssize_t moved, uintptr_t pc)
{
	if (moved <= 0)
		return;
	for (size_t i = 0; i < count && moved > 0; i++) {
		size_t size = parts[i].iov_len;

		if (size > (size_t)moved)
			size = (size_t)moved;
		ct_wrap_writes(parts[i].iov_base, size, pc);
		moved -= (ssize_t)size;
	}
}

static void sends_parts(const struct iovec *parts, size_t count, uintptr_t pc)
{
	if (!is_list(parts, count))
		return;
	ct_wrap_reads(parts, count * sizeof(*parts), pc);
	for (size_t i = 0; i < count; i++)
		ct_wrap_reads(parts[i].iov_base, parts[i].iov_len, pc);
}

ssize_t __wrap_readv(int fd, const struct iovec *parts, int count)
{
	ssize_t moved;

	if (count > 0 && count <= IOV_MAX)
		ct_wrap_reads(parts, (size_t)count * sizeof(*parts), CT_WRAP_PC);
	moved = __real_readv(fd, parts, count);
	fills_parts(parts, (size_t)count, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags)
{
	ssize_t moved = __real_recvmsg(fd, message, flags);

	if (moved > 0)
		fills_parts(message->msg_iov, message->msg_iovlen, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_writev(int fd, const struct iovec *parts, int count)
{
	sends_parts(parts, count > 0 ? (size_t)count : 0, CT_WRAP_PC);
	return __real_writev(fd, parts, count);
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (is_readable(message, sizeof(*message)))
		sends_parts(message->msg_iov, message->msg_iovlen, CT_WRAP_PC);
	return __real_sendmsg(fd, message, flags);
}
