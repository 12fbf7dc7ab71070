#include "hooks/shared.h"

#include <stdbool.h>
#include <sys/sysmacros.h>

#include "record/defs.h"
#include "record/process.h"
#include "sys/kernel.h"

#define IS_DEV_ZERO(info) (S_ISCHR((info).st_mode) && (info).st_rdev == makedev(1, 5))

/* An entry is taken by a compare-and-swap on `size`, and its range is written after the rest. */
#define TAKEN SIZE_MAX

static struct ct_shared ranges[CT_SHARED_MAX];
static uint32_t used; /* entries that ever were */

static bool overlaps(const struct ct_shared *range, uintptr_t start, size_t size)
{
	size_t length = __atomic_load_n(&range->size, __ATOMIC_ACQUIRE);

	return length != 0 && length != TAKEN && start < range->start + length &&
	       range->start < start + size;
}

static void remember(const struct ct_shared *range)
{
	for (uint32_t i = 0; i < CT_SHARED_MAX; i++) {
		struct ct_shared *entry = &ranges[i];
		size_t expected = 0;
		uint32_t known = __atomic_load_n(&used, __ATOMIC_RELAXED);

		if (!__atomic_compare_exchange_n(&entry->size, &expected, TAKEN, false,
						 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			continue;
		entry->start = range->start;
		entry->device = range->device;
		entry->inode = range->inode;
		entry->offset = range->offset;
		__atomic_store_n(&entry->size, range->size, __ATOMIC_RELEASE);
		while (known <= i &&
		       !__atomic_compare_exchange_n(&used, &known, i + 1, false, __ATOMIC_RELAXED,
						    __ATOMIC_RELAXED))
			;
		return;
	}
}

static void define(const struct ct_shared *range)
{
	struct ct_process *process = ct_recorder_process();

	if (!process)
		return;
	remember(range);
	ct_defs_map(process, (const void *)range->start, range->size, range->device, range->inode,
		    range->offset);
}

void ct_shared_map(const void *memory, size_t size, int fd, uint64_t offset)
{
	struct ct_shared range = {.start = (uintptr_t)memory, .size = size};
	struct stat info = {.st_mode = 0};

	if (!ct_state.session || (fd >= 0 && ct_sys_fstat(fd, &info) < 0))
		return;
	if (S_ISREG(info.st_mode)) {
		range.device = info.st_dev;
		range.inode = info.st_ino;
		range.offset = offset;
	} else if (fd < 0 || IS_DEV_ZERO(info)) {
		range.inode = __atomic_add_fetch(&ct_state.session->numbers, 1, __ATOMIC_RELAXED);
	} else {
		return; /* of a device: programs do not put locks there */
	}
	define(&range);
}

void ct_shared_attach(const void *memory, size_t size, int segment)
{
	define(&(struct ct_shared){.start = (uintptr_t)memory,
				   .size = size,
				   .device = CT_DEVICE_SYSV,
				   .inode = (uint32_t)segment});
}

void ct_shared_unmap(const void *memory, size_t size)
{
	uintptr_t start = (uintptr_t)memory;
	uint32_t known = __atomic_load_n(&used, __ATOMIC_RELAXED);
	struct ct_process *process;
	bool hit = false;

	for (uint32_t i = 0; i < known; i++) {
		struct ct_shared *range = &ranges[i];

		if (!overlaps(range, start, size))
			continue;
		hit = true;
		if (start <= range->start && start + size >= range->start + range->size)
			__atomic_store_n(&range->size, 0, __ATOMIC_RELEASE);
	}
	if (!hit)
		return;
	process = ct_recorder_process();
	if (process)
		ct_defs_unmap(process, memory, size);
}

struct ct_shared ct_shared_get(const void *memory)
{
	uint32_t known = __atomic_load_n(&used, __ATOMIC_RELAXED);

	for (uint32_t i = 0; i < known; i++)
		if (overlaps(&ranges[i], (uintptr_t)memory, 1))
			return ranges[i];
	return (struct ct_shared){.size = 0};
}

void ct_shared_remap(const struct ct_shared *shared, const void *old, const void *now, size_t size)
{
	struct ct_shared range = *shared;

	range.offset += (uintptr_t)old - shared->start;
	range.start = (uintptr_t)now;
	range.size = size;
	define(&range);
}
