#include "access/trap/value.h"

#include <errno.h>
#include <sys/uio.h>

#include "sys/kernel.h"

static bool restricted;

void ct_value_restrict(void)
{
	restricted = true;
}

/* Where system calls are filtered. Somebody may unmap it between the question and the read. */
static bool read_carefully(uintptr_t address, uint32_t size, uint64_t *out)
{
	if (!ct_sys_readable(address) || !ct_sys_readable(address + size - 1))
		return false;
	for (uint32_t i = 0; i < size; i++)
		*out |= (uint64_t)((const volatile uint8_t *)address)[i] << 8 * i;
	return true;
}

/* The kernel reads: it answers EFAULT where a load would kill the program, and no watchpoint tells
 * of it. */
bool ct_value_read(uintptr_t address, uint32_t size, uint64_t *out)
{
	uint32_t length = size < sizeof(*out) ? size : (uint32_t)sizeof(*out);
	struct iovec here = {out, length}, there = {(void *)address, length};
	long n = -EPERM;

	*out = 0;
	if (!restricted)
		n = CT_SYS(SYS_process_vm_readv, ct_sys_pid(), &here, 1, &there, 1, 0);
	if (n == (long)length)
		return true;
	*out = 0;
	return n < 0 && n != -EFAULT && length && read_carefully(address, length, out);
}
