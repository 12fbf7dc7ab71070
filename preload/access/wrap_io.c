/*
 * Of wraps.def: what fills or sends a buffer. libc's function is the last thing that a sending one
 * calls, so that the recorder's hook sees the program as its caller.
 */
#include <errno.h>

#include "access/wrap.h"

/* errno is the call's. */
static void fills(const void *buffer, ssize_t size, uintptr_t pc)
{
	if (size > 0)
		ct_wrap_writes(buffer, (size_t)size, pc);
}

/* MSG_TRUNC: of what came, it fits only as much. */
static void receives(const void *buffer, size_t size, ssize_t moved, uintptr_t pc)
{
	fills(buffer, moved > (ssize_t)size ? (ssize_t)size : moved, pc);
}

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	ssize_t moved = __real_read(fd, buffer, size);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap___read_chk(int fd, void *buffer, size_t size, size_t room)
{
	ssize_t moved = __real___read_chk(fd, buffer, size, room);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset)
{
	ssize_t moved = __real_pread(fd, buffer, size, offset);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset)
{
	ssize_t moved = __real_pread64(fd, buffer, size, offset);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap___pread_chk(int fd, void *buffer, size_t size, off_t offset, size_t room)
{
	ssize_t moved = __real___pread_chk(fd, buffer, size, offset, room);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap___pread64_chk(int fd, void *buffer, size_t size, off_t offset, size_t room)
{
	ssize_t moved = __real___pread64_chk(fd, buffer, size, offset, room);

	fills(buffer, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_recv(int fd, void *buffer, size_t size, int flags)
{
	ssize_t moved = __real_recv(fd, buffer, size, flags);

	receives(buffer, size, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap___recv_chk(int fd, void *buffer, size_t size, size_t room, int flags)
{
	ssize_t moved = __real___recv_chk(fd, buffer, size, room, flags);

	receives(buffer, size, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *address,
			socklen_t *address_size)
{
	ssize_t moved = __real_recvfrom(fd, buffer, size, flags, address, address_size);

	receives(buffer, size, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap___recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
			      struct sockaddr *address, socklen_t *address_size)
{
	ssize_t moved = __real___recvfrom_chk(fd, buffer, size, room, flags, address, address_size);

	receives(buffer, size, moved, CT_WRAP_PC);
	return moved;
}

ssize_t __wrap_write(int fd, const void *buffer, size_t size)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_write(fd, buffer, size);
}

ssize_t __wrap_pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_pwrite(fd, buffer, size, offset);
}

ssize_t __wrap_pwrite64(int fd, const void *buffer, size_t size, off_t offset)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_pwrite64(fd, buffer, size, offset);
}

ssize_t __wrap_send(int fd, const void *buffer, size_t size, int flags)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_send(fd, buffer, size, flags);
}

ssize_t __wrap_sendto(int fd, const void *buffer, size_t size, int flags,
		      const struct sockaddr *address, socklen_t address_size)
{
	ct_wrap_reads(buffer, size, CT_WRAP_PC);
	return __real_sendto(fd, buffer, size, flags, address, address_size);
}
