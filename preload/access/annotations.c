/*
 * What a program tells ThreadSanitizer and its kind by calls of its own, in the words of
 * conctrace.h. In the stub and in libconctrace.so alike; the Annotate functions, which programs
 * without ThreadSanitizer may have of their own, in the stub only.
 *
 * Without meaning here, and therefore empty: fibers (each switch would be another thread), tags of
 * objects of other languages, and expected or benign races, which are found all the same.
 */
#include <stddef.h>

#include "access/fast.h"
#include "conctrace.h"

#define USER(result, name, params) CT_ENTRY result name params;
#include "access/entries.def"

#define PC ((uintptr_t)__builtin_return_address(0))

/* Flags of __tsan_mutex_ functions, as their header has them. */
#define READ_LOCK (1u << 3)
#define TRY_LOCK (1u << 4)
#define TRY_FAILED (1u << 5)

void __tsan_acquire(void *object)
{
	CONCTRACE_HAPPENS_AFTER(object);
}

void __tsan_release(void *object)
{
	CONCTRACE_HAPPENS_BEFORE(object);
}

void __tsan_mutex_create(void *lock, unsigned flags)
{
	(void)lock, (void)flags;
}

void __tsan_mutex_destroy(void *lock, unsigned flags)
{
	(void)lock, (void)flags;
}

void __tsan_mutex_pre_lock(void *lock, unsigned flags)
{
	if (flags & TRY_LOCK)
		return;
	if (flags & READ_LOCK)
		CONCTRACE_RDLOCK_REQUEST(lock);
	else
		CONCTRACE_LOCK_REQUEST(lock);
}

void __tsan_mutex_post_lock(void *lock, unsigned flags, int recursion)
{
	int got = !(flags & TRY_FAILED);

	(void)recursion;
	if (flags & TRY_LOCK && flags & READ_LOCK)
		CONCTRACE_RDLOCK_TRIED(lock, got);
	else if (flags & TRY_LOCK)
		CONCTRACE_LOCK_TRIED(lock, got);
	else if (flags & READ_LOCK)
		CONCTRACE_RDLOCK_ACQUIRED(lock);
	else
		CONCTRACE_LOCK_ACQUIRED(lock);
}

int __tsan_mutex_pre_unlock(void *lock, unsigned flags)
{
	(void)flags;
	CONCTRACE_LOCK_RELEASE(lock);
	return 1; /* level of recursion that was given up */
}

void __tsan_mutex_post_unlock(void *lock, unsigned flags)
{
	(void)lock, (void)flags;
}

/* Before the lock's owner is woken, and before code that is not the lock's runs inside of it. */
void __tsan_mutex_pre_signal(void *lock, unsigned flags)
{
	(void)lock, (void)flags;
}

void __tsan_mutex_post_signal(void *lock, unsigned flags)
{
	(void)lock, (void)flags;
}

void __tsan_mutex_pre_divert(void *lock, unsigned flags)
{
	(void)lock, (void)flags;
}

void __tsan_mutex_post_divert(void *lock, unsigned flags)
{
	(void)lock, (void)flags;
}

void *__tsan_get_current_fiber(void)
{
	return NULL;
}

void *__tsan_create_fiber(unsigned flags)
{
	(void)flags;
	return NULL;
}

void __tsan_destroy_fiber(void *fiber)
{
	(void)fiber;
}

void __tsan_switch_to_fiber(void *fiber, unsigned flags)
{
	(void)fiber, (void)flags;
}

void __tsan_set_fiber_name(void *fiber, const char *name)
{
	(void)fiber, (void)name;
}

void __tsan_flush_memory(void)
{
}

void *__tsan_external_register_tag(const char *type)
{
	(void)type;
	return NULL;
}

void __tsan_external_register_header(void *tag, const char *header)
{
	(void)tag, (void)header;
}

void __tsan_external_assign_tag(void *address, void *tag)
{
	(void)address, (void)tag;
}

/* One byte stands for the object. */
void __tsan_external_read(void *address, void *caller, void *tag)
{
	(void)caller, (void)tag;
	ct_access_log((uintptr_t)address, 1, CT_ACCESS_READ, PC);
}

void __tsan_external_write(void *address, void *caller, void *tag)
{
	(void)caller, (void)tag;
	ct_access_log((uintptr_t)address, 1, CT_ACCESS_WRITE, PC);
}
