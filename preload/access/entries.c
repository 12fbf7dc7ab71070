/*
 * What the compilers call before a load or store, and where a function begins and ends; in the stub
 * and in libconctrace.so alike. Each is a leaf without a frame, until the filter does not know the
 * access.
 */
#include "access/fast.h"

#define STRIDE_LONG (uintptr_t)256
#define CALLER (uintptr_t) __builtin_return_address(0)

#define ACCESS(name, KIND, lg)                                                                     \
	CT_ENTRY void name(void *address);                                                         \
	void name(void *address)                                                                   \
	{                                                                                          \
		ct_access_fast(ct_access_self, (uintptr_t)address, lg, KIND, CALLER);              \
	}
#define RANGE(name, KIND)                                                                          \
	CT_ENTRY void name(void *address, unsigned long size);                                     \
	void name(void *address, unsigned long size)                                               \
	{                                                                                          \
		ct_access_log((uintptr_t)address, size, KIND, CALLER);                             \
	}
/* the table's names of kinds */
enum {
	READ = CT_ACCESS_READ,
	WRITE = CT_ACCESS_WRITE,
	VOLATILE = CT_ACCESS_VOLATILE,
	VPTR = CT_ACCESS_VPTR,
};
#include "access/entries.def"
#undef ACCESS
#undef RANGE

/*
 * An instruction that goes on through an array only raises a count: that needs no room in the
 * packet, nor anything else for which the recorder is entered. It is marked busy all the same: a
 * signal handler that came between the tests and the count could close the list, and reuse its
 * packet, if it recorded.
 *
 * What goes through a matrix in long strides is not put into the filter: it comes back too late to
 * be found there, and would drive out what comes back soon, such as the other matrix's row.
 */
void ct_access_miss(uintptr_t address, uintptr_t pc, unsigned what, uint64_t key, uint64_t *place,
		    struct ct_access_thread *t)
{
	struct ct_access_run *run = ct_access_run_of(t, pc);

	if (t->samples) {
		uint64_t *left = ct_access_left_of(t, pc);

		if (*left - 1 - (pc << 16) < CT_ACCESS_LEFT_MAX) {
			--*left; /* not put into the filter: it stands for no other */
			t->skipped++;
			return;
		}
	}
	if (run->next == address && run->pc == pc && !t->recorder->busy) {
		struct ct_recorder *r = t->recorder;
		uint16_t more;

		/* its frame's address, if it had one */
		r->busy = (uintptr_t)__builtin_dwarf_cfa() - 16;
		CT_BARRIER();
		more = (uint16_t)(run->entry->more + 1);
		if (r->cur == r->listed && run->list == r->list &&
		    run->context == t->top[-1].context && more) {
			run->entry->more = more;
			run->next = address + (uintptr_t)run->stride;
			CT_BARRIER();
			r->busy = 0;
			if ((uintptr_t)run->stride + STRIDE_LONG <= 2 * STRIDE_LONG)
				*place = key;
			return;
		}
		r->busy = 0;
	}
	ct_access_library->miss(&ct_access_self, address, pc, what);
}

CT_ENTRY void __tsan_vptr_update(void **address, void *value);
CT_ENTRY void __tsan_func_entry(void *caller);
CT_ENTRY void __tsan_func_exit(void);
CT_ENTRY void __tsan_init(void);

void __tsan_vptr_update(void **address, void *value)
{
	if (*address != value)
		ct_access_fast(ct_access_self, (uintptr_t)address, 3, WRITE | VPTR, CALLER);
}

/* Frames that are gone, and so below this one, are the library's to remove. */
void __tsan_func_entry(void *caller)
{
	struct ct_access_frame *frame = ct_access_self->top;
	uintptr_t sp = (uintptr_t)__builtin_dwarf_cfa();

	if (__builtin_expect(frame == ct_access_self->limit || frame[-1].sp <= sp, 0)) {
		ct_access_enter_function((uintptr_t)caller, CALLER, sp);
		return;
	}
	frame->sp = sp;
	frame->pc = (uintptr_t)caller;
	frame->code = CALLER;
	frame->context = 0;
	ct_access_self->top = frame + 1;
}

/* The library may have forgotten it: it did not record yet, or there were too many. */
void __tsan_func_exit(void)
{
	struct ct_access_frame *frame = ct_access_self->top;

	if (__builtin_expect(frame != ct_access_self->base, 1))
		ct_access_self->top = frame - 1;
}

void __tsan_init(void)
{
	ct_access_module_begins(CALLER);
}
