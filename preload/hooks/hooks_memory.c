/*
 * Memory that processes share, and memory that ends while sync objects may lie in it: a mutex that
 * comes to lie where another one was is not that one. The end is stamped before the real call,
 * since afterwards the memory may be another thread's.
 */
#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/sanitizer.h"
#include "hooks/shared.h"
#include "hooks/unsafe.h"
#include "record/recorder.h"
#include "record/traps.h"

static size_t (*usable_size)(void *block);

/* For an allocator that does not say how large its blocks are. */
static size_t one_byte(void *block)
{
	(void)block;
	return 1;
}

/* The size must be told by whoever frees the block, which need not be libc; and a sanitizer's
 * allocator may not have begun. */
static __attribute__((noinline)) void find_usable_size(void)
{
	struct dl_find_object freeing, telling;
	size_t (*size)(void *) = one_byte;
	void *found, *real_free;

	__atomic_store_n(&usable_size, one_byte, __ATOMIC_RELAXED); /* dlsym frees a block */
	if (ct_sanitizer_present())
		return;
	found = dlsym(RTLD_NEXT, "malloc_usable_size");
	if (!ct_real.free)
		ct_real_find(&ct_real.free);
	__builtin_memcpy(&real_free, &ct_real.free, sizeof(real_free));
	if (_dl_find_object(real_free, &freeing) == 0 && _dl_find_object(found, &telling) == 0 &&
	    freeing.dlfo_link_map == telling.dlfo_link_map)
		__builtin_memcpy(&size, &found, sizeof(size));
	__atomic_store_n(&usable_size, size, __ATOMIC_RELAXED);
}

static inline size_t size_of(void *block)
{
	if (CT_UNLIKELY(!__atomic_load_n(&usable_size, __ATOMIC_RELAXED)))
		find_usable_size();
	return usable_size(block);
}

static __attribute__((noinline)) void ends(uintptr_t pc, uintptr_t sp, uintptr_t start, size_t size)
{
	ct_call_event(CT_EV_MEMORY_FREED, ct_pages_hit(start, size) ? 0 : CT_F_PLAIN, start, size,
		      pc, sp);
}

/* Whether anybody wants to know of a range: sync objects may lie in it, or accesses are recorded.
 */
static inline bool matters(uintptr_t start, size_t size)
{
	return CT_UNLIKELY(ct_accesses != NULL) || ct_pages_hit(start, size);
}

static void begins(uintptr_t pc, uintptr_t sp, uintptr_t start, size_t size, size_t usable)
{
	struct ct_payload_block block = {start, size, usable > size ? usable : size};

	ct_call_event_bytes(CT_EV_MEMORY_ALLOCATED, 0, &block, sizeof(block), pc, sp);
}

static __attribute__((noinline)) void block_begins(uintptr_t pc, uintptr_t sp, void *block,
						   size_t size)
{
	begins(pc, sp, (uintptr_t)block, size, size_of(block));
}

static __attribute__((noinline)) void mapping_begins(uintptr_t pc, uintptr_t sp, void *memory,
						     size_t size)
{
	begins(pc, sp, (uintptr_t)memory, size, size);
}

/* Inline in the hook, for its CT_CALLER. */
#define ENDS(start, size)                                                                          \
	(matters((uintptr_t)(start), size) ? ends(CT_CALLER, (uintptr_t)(start), size) : (void)0)
#define BLOCK_BEGINS(block, size)                                                                  \
	(CT_UNLIKELY(ct_accesses != NULL) && (block) ? block_begins(CT_CALLER, block, size)        \
						     : (void)0)
#define MAPPING_BEGINS(memory, size)                                                               \
	(CT_UNLIKELY(ct_accesses != NULL) ? mapping_begins(CT_CALLER, memory, size) : (void)0)

CT_EXPORT void free(void *block)
{
	if (CT_UNLIKELY(!ct_real.free)) {
		ct_real_find(&ct_real.free);
		if (!ct_real.free) /* called by who is looking for it: a leak is the lesser evil */
			return;
	}
	if (block) {
		CT_UNSAFE(free);
		ENDS(block, size_of(block));
	}
	ct_real.free(block);
}

/* Called by who is looking for it: then there is no memory. */
#define ALLOCATOR(name, args, size)                                                                \
	void *block;                                                                               \
                                                                                                   \
	if (CT_UNLIKELY(!ct_real.name)) {                                                          \
		ct_real_find(&ct_real.name);                                                       \
		if (!ct_real.name)                                                                 \
			return NULL;                                                               \
	}                                                                                          \
	CT_UNSAFE(name);                                                                           \
	block = ct_real.name args;                                                                 \
	BLOCK_BEGINS(block, size);                                                                 \
	return block

CT_EXPORT void *malloc(size_t size)
{
	ALLOCATOR(malloc, (size), size);
}

CT_EXPORT void *calloc(size_t count, size_t size)
{
	ALLOCATOR(calloc, (count, size), count * size);
}

CT_EXPORT void *memalign(size_t alignment, size_t size)
{
	ALLOCATOR(memalign, (alignment, size), size);
}

CT_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
	ALLOCATOR(aligned_alloc, (alignment, size), size);
}

CT_EXPORT void *valloc(size_t size)
{
	ALLOCATOR(valloc, (size), size);
}

CT_EXPORT void *pvalloc(size_t size)
{
	ALLOCATOR(pvalloc, (size), size);
}
#undef ALLOCATOR

CT_EXPORT int posix_memalign(void **out, size_t alignment, size_t size)
{
	int error;

	CT_UNSAFE(posix_memalign);
	error = CT_REAL(posix_memalign)(out, alignment, size);
	if (!error)
		BLOCK_BEGINS(*out, size);
	return error;
}

/* Growing it may move it; shrinking ends what no longer belongs to it. While accesses are recorded
 * it is as if the old block were freed and another allocated, wherever that lies. libc's
 * reallocarray calls it. */
CT_EXPORT void *realloc(void *block, size_t size)
{
	size_t old = block ? size_of(block) : 0;
	void *now;

	CT_UNSAFE(realloc);
	if (block && (size == 0 || size > old || ct_accesses))
		ENDS(block, old);
	else if (block && size < old)
		ENDS((char *)block + size, old - size);
	now = CT_REAL(realloc)(block, size);
	if (block && now && now != block && size <= old && !ct_accesses)
		ENDS(block, size);
	if (!now && size)
		BLOCK_BEGINS(block, old); /* it stays */
	else
		BLOCK_BEGINS(now, size);
	return now;
}

/* Code is about to lie there no more, or otherwise. */
static inline void pages_change(const void *start, size_t size, int access)
{
	if (CT_UNLIKELY(ct_traps != NULL))
		ct_traps->pages_change(start, size, access);
}

static void shared(const void *memory, size_t size, int access, int fd, uint64_t offset)
{
	ct_shared_map(memory, size, fd, offset);
	if (ct_traps && access & PROT_WRITE)
		ct_traps->company(true);
}

CT_EXPORT void *mmap(void *at, size_t size, int access, int flags, int fd, off_t offset)
{
	void *memory;

	if (flags & MAP_FIXED) {
		ENDS(at, size);
		pages_change(at, size, PROT_NONE);
		ct_shared_unmap(at, size);
	}
	memory = CT_REAL(mmap)(at, size, access, flags, fd, offset);
	if (memory == MAP_FAILED)
		return memory;
	if (CT_UNLIKELY((flags & MAP_TYPE) != MAP_PRIVATE))
		shared(memory, size, access, flags & MAP_ANONYMOUS ? -1 : fd, (uint64_t)offset);
	MAPPING_BEGINS(memory, size); /* accesses from now on are to it */
	return memory;
}

CT_EXPORT void *mmap64(void *at, size_t size, int access, int flags, int fd, off64_t offset)
{
	void *memory;

	if (flags & MAP_FIXED) {
		ENDS(at, size);
		pages_change(at, size, PROT_NONE);
		ct_shared_unmap(at, size);
	}
	memory = CT_REAL(mmap64)(at, size, access, flags, fd, offset);
	if (memory == MAP_FAILED)
		return memory;
	if (CT_UNLIKELY((flags & MAP_TYPE) != MAP_PRIVATE))
		shared(memory, size, access, flags & MAP_ANONYMOUS ? -1 : fd, (uint64_t)offset);
	MAPPING_BEGINS(memory, size); /* accesses from now on are to it */
	return memory;
}

CT_EXPORT int munmap(void *memory, size_t size)
{
	ENDS(memory, size);
	pages_change(memory, size, PROT_NONE);
	ct_shared_unmap(memory, size);
	return CT_REAL(munmap)(memory, size);
}

CT_EXPORT int mprotect(void *memory, size_t size, int access)
{
	pages_change(memory, size, access);
	return CT_REAL(mprotect)(memory, size, access);
}

CT_EXPORT int pkey_mprotect(void *memory, size_t size, int access, int key)
{
	pages_change(memory, size, key > 0 ? PROT_NONE : access);
	return CT_REAL(pkey_mprotect)(memory, size, access, key);
}

CT_EXPORT void *mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
	struct ct_shared shared;
	void *at = NULL, *now;

	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
		va_list list;

		va_start(list, flags);
		at = va_arg(list, void *);
		va_end(list);
	}
	if (flags & MREMAP_FIXED) {
		ENDS(at, size);
		pages_change(at, size, PROT_NONE);
		ct_shared_unmap(at, size);
	}
	pages_change(old, old_size, PROT_NONE);
	if (flags & MREMAP_MAYMOVE && (size > old_size || flags & MREMAP_FIXED))
		ENDS(old, old_size);
	else if (size < old_size)
		ENDS((char *)old + size, old_size - size);
	shared = ct_shared_get(old);
	if (shared.size && old_size) /* 0 asks for a second mapping of the same memory */
		ct_shared_unmap(old, old_size);
	now = CT_REAL(mremap)(old, old_size, size, flags, at);
	if (shared.size && now != MAP_FAILED)
		ct_shared_remap(&shared, old, now, size);
	else if (shared.size && old_size)
		ct_shared_remap(&shared, old, old, old_size);
	if (now != MAP_FAILED)
		MAPPING_BEGINS(now, size);
	return now;
}
