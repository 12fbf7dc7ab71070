#include "hooks/handler.h"

#include <stdbool.h>
#include <stddef.h>
#include <ucontext.h>

#include "hooks/call.h"
#include "hooks/sigtrap.h"
#include "hooks/unsafe.h"

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1 << 31)
#endif

#define ROOM_FOR_TRAPS 8192u
#define PROBES 64u
/* No code lies there: SIG_DFL, SIG_IGN, SIG_HOLD; SIG_ERR and what no program can have. */
#define LOWEST_CODE 4096u
#define USER_ADDRESS_BITS 47

extern char ct_handler_entries[]; /* code */

#define KIND_BITS 3
#define KIND ((1u << KIND_BITS) - 1)
#define KIND_OF_INFO 3u /* of it, that is enum ct_handler_kind */

/* Of each entry: handler << KIND_BITS | kind, 0 while it is free. Never changes after that. */
static uint64_t keys[CT_HANDLER_ENTRIES];

static __sighandler_t function_at(uintptr_t address)
{
	__sighandler_t function;

	__builtin_memcpy(&function, &address, sizeof(function));
	return function;
}

/* False: `function` is no entry. */
static bool number_of(__sighandler_t function, size_t *out_number)
{
	uintptr_t offset = (uintptr_t)function - (uintptr_t)ct_handler_entries;

	if (offset >= (size_t)CT_HANDLER_ENTRIES * CT_HANDLER_ENTRY_SIZE)
		return false;
	*out_number = offset / CT_HANDLER_ENTRY_SIZE;
	return true;
}

/* Whether the entry is the one of `key`, now if not before. */
static bool claim(size_t number, uint64_t key)
{
	uint64_t known = __atomic_load_n(&keys[number], __ATOMIC_RELAXED);

	return known == key ||
	       (known == 0 && (__atomic_compare_exchange_n(&keys[number], &known, key, false,
							   __ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
			       known == key));
}

__sighandler_t ct_handler_entry(__sighandler_t handler, unsigned kind)
{
	uintptr_t address = (uintptr_t)handler;
	uint64_t key = (uint64_t)address << KIND_BITS | kind;
	size_t first = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32), number;

	if (address < LOWEST_CODE || address >> USER_ADDRESS_BITS || number_of(handler, &number))
		return handler;
	for (size_t i = 0; i < PROBES; i++) {
		number = (first + i) % CT_HANDLER_ENTRIES;
		if (claim(number, key))
			return function_at((uintptr_t)ct_handler_entries +
					   number * CT_HANDLER_ENTRY_SIZE);
	}
	return handler;
}

__sighandler_t ct_handler_behind(__sighandler_t function, unsigned *out_kind)
{
	uint64_t key;
	size_t number;

	if (!number_of(function, &number))
		return function;
	key = __atomic_load_n(&keys[number], __ATOMIC_RELAXED);
	*out_kind = key & KIND;
	return function_at(key >> KIND_BITS);
}

uint32_t ct_signal_sender(const siginfo_t *info)
{
	bool sent = info->si_code == SI_USER || info->si_code == SI_TKILL ||
		    info->si_code == SI_QUEUE || info->si_code == SI_MESGQ;
	bool child = info->si_signo == SIGCHLD && info->si_code > 0 && info->si_code < SI_KERNEL;

	return sent || child ? (uint32_t)info->si_pid : 0;
}

/* Whether the signal can have interrupted nothing else than a wait for it, in which alone it is not
 * blocked; or is of the kind that the thread brings upon itself. Handlers of those print and die.
 */
static bool is_awaited(int signal, const ucontext_t *context)
{
	switch (signal) {
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
	case SIGSYS:
	case SIGABRT:
		return true;
	default:
		return sigismember(&context->uc_sigmask, signal) == 1;
	}
}

/*
 * The records of a handler are written without a stack but for the address that all stacks of what
 * it calls go through: it may run on an alternate one, with room for little more than itself. For
 * the same reason they are functions of their own, whose frames are gone while the handler runs.
 * `info` NULL: unknown.
 */
static __attribute__((noinline)) void note_begin(int signal, const siginfo_t *info,
						 uintptr_t handler, uint16_t flags, uintptr_t back)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	struct ct_payload_handler *p;

	if (!r)
		return;
	p = (void *)ct_recorder_head(r, ct_clock_now(), CT_EV_SIGNAL_HANDLER, flags,
				     ct_stack_caller(r, back));
	*p = (struct ct_payload_handler){.object = (uint64_t)signal,
					 .arg = handler,
					 .sender = info ? ct_signal_sender(info) : 0,
					 .code = info ? (uint32_t)info->si_code : CT_CODE_UNKNOWN};
	ct_recorder_commit(r, sizeof(struct ct_record_head) + sizeof(*p));
	ct_recorder_leave(r);
}

static __attribute__((noinline)) void note_return(int signal)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	if (!r)
		return;
	ct_record_obj(r, ct_clock_now(), CT_EV_SIGNAL_RETURN, 0, 0, (uint64_t)signal);
	ct_recorder_leave(r);
}

static void note_stack(const stack_t *stack)
{
	if (stack->ss_flags & SS_AUTODISARM)
		ct_stack_disarmed = (struct ct_stack_area){(uintptr_t)stack->ss_sp, stack->ss_size};
}

/* Of the alternate stack that it runs on, a handler needs more than itself in a program with traps:
 * whatever it accesses may bring the kernel's frame of a SIGTRAP and ours. */
static void look_at_room(const stack_t *stack, uintptr_t here)
{
	uintptr_t low = (uintptr_t)stack->ss_sp;

	if (here - low < stack->ss_size && here - low < ROOM_FOR_TRAPS)
		ct_traps->aside(CT_TRAP_SMALL_STACK);
}

/* The kernel interrupted the program, in which there are traps. The result is for
 * ct_sigtrap_handler_returns(). */
static __attribute__((noinline)) bool
begin_among_traps(int signal, siginfo_t *info, ucontext_t *context, uint64_t key, uintptr_t here)
{
	ct_sigtrap_hide(signal, info, context);
	look_at_room(&context->uc_stack, here);
	return ct_sigtrap_handler_begins(context, key & CT_HANDLER_BLOCKS_TRAP);
}

/* A handler that jumps, throws or ends its thread leaves no return. */
static inline __attribute__((always_inline)) void run(int signal, siginfo_t *info, void *context,
						      uint64_t key, bool by_kernel, uintptr_t here,
						      uintptr_t back)
{
	void (*handler)(int, siginfo_t *, void *);
	uintptr_t address = key >> KIND_BITS;
	bool has_info = (key & KIND_OF_INFO) != CT_HANDLER_PLAIN && by_kernel;
	bool awaited = !by_kernel || is_awaited(signal, context);
	bool among_traps = by_kernel && ct_sigtrap_ours(), kept_out = false;
	struct ct_stack_area outer = ct_stack_disarmed;
	__attribute__((cleanup(ct_unsafe_leave))) struct ct_unsafe_run before;

	__builtin_memcpy(&handler, &address, sizeof(handler));
	if (by_kernel)
		note_stack(&((const ucontext_t *)context)->uc_stack);
	if (among_traps)
		kept_out = begin_among_traps(signal, info, context, key, here);
	ct_unsafe_enter(&before, signal, awaited ? NULL : context, here);
	note_begin(signal, has_info ? info : NULL, address, awaited ? CT_F_AWAITED : 0, back);
	ct_sync(CT_EV_SIGNAL_HANDLER, (uint64_t)signal, address, here);
	handler(signal, info, context);
	ct_sync(CT_EV_SIGNAL_RETURN, (uint64_t)signal, address, here);
	note_return(signal);
	if (among_traps)
		ct_sigtrap_handler_returns(context, kept_out);
	ct_stack_disarmed = outer;
}

void ct_handler_run(int signal, siginfo_t *info, void *context, uint32_t number)
{
	/* The kernel puts the context right above our frame. A program that got hold of the entry
	 * by a raw system call and calls it itself need not give us a siginfo_t. */
	bool by_kernel = context == __builtin_dwarf_cfa();

	run(signal, info, context, __atomic_load_n(&keys[number], __ATOMIC_RELAXED), by_kernel,
	    (uintptr_t)__builtin_frame_address(0), (uintptr_t)__builtin_return_address(0));
}

void ct_handler_call(__sighandler_t function, int signal, siginfo_t *info, void *context)
{
	void (*handler)(int, siginfo_t *, void *);
	size_t number;

	if (number_of(function, &number)) {
		run(signal, info, context, __atomic_load_n(&keys[number], __ATOMIC_RELAXED), true,
		    (uintptr_t)__builtin_frame_address(0), (uintptr_t)__builtin_return_address(0));
	} else {
		__builtin_memcpy(&handler, &function, sizeof(handler));
		handler(signal, info, context);
	}
}
