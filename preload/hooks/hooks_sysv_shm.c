/* System V shared memory: what a segment is attached as, and where. Segments themselves come and
 * go unseen. */
#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/shared.h"
#include "record/traps.h"
#include "sys/kernel.h"

#define PAGE 4096u

/* Of a segment, in whole pages; 0: the kernel does not say. */
static size_t size_of(int segment)
{
	struct shmid_ds info = {.shm_segsz = 0};

	if (CT_SYS(SYS_shmctl, segment, IPC_STAT, &info, 0, 0, 0) < 0)
		return 0;
	return (info.shm_segsz + PAGE - 1) & ~(size_t)(PAGE - 1);
}

/* The memory there is about to be another's. */
static void ends(const void *memory, size_t size, uintptr_t pc, uintptr_t sp)
{
	if (ct_pages_hit((uintptr_t)memory, size))
		ct_call_event(CT_EV_MEMORY_FREED, 0, (uintptr_t)memory, size, pc, sp);
	ct_shared_unmap(memory, size);
}

static void attached(const void *memory, int segment, int flags, uintptr_t pc, uintptr_t sp)
{
	size_t size = size_of(segment);

	/* after the call, since before it nobody knows whether it will be refused; the range never
	 * was anybody else's in between */
	if (flags & SHM_REMAP && size)
		ends(memory, size, pc, sp);
	if (size)
		ct_shared_attach(memory, size, segment);
	ct_call_event(CT_EV_SHMAT, 0, (uintptr_t)memory, (uint32_t)segment, pc, sp);
	if (ct_traps && !(flags & SHM_RDONLY))
		ct_traps->company(true);
}

CT_EXPORT void *shmat(int segment, const void *at, int flags)
{
	void *memory = CT_REAL(shmat)(segment, at, flags);
	int saved = errno;

	if (memory == (void *)-1)
		ct_call_failed(CT_EV_SHMAT, 0, (uintptr_t)at, saved, CT_CALLER);
	else
		attached(memory, segment, flags, CT_CALLER);
	errno = saved;
	return memory;
}

CT_EXPORT int shmdt(const void *memory)
{
	struct ct_shared segment = ct_shared_get(memory);
	bool known = segment.size && segment.device == CT_DEVICE_SYSV &&
		     segment.start == (uintptr_t)memory;
	int result;

	if (known)
		ends(memory, segment.size, CT_CALLER);
	ct_call_event(CT_EV_SHMDT, 0, (uintptr_t)memory, 0, CT_CALLER);
	result = CT_REAL(shmdt)(memory);
	if (result == 0)
		return 0;
	if (known)
		ct_shared_remap(&segment, memory, memory, segment.size);
	ct_call_failed(CT_EV_SHMDT, 0, (uintptr_t)memory, errno, CT_CALLER);
	return result;
}
