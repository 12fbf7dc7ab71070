/*
 * A stack that has room for the program, and not for a trap. Its handler of SIGSEGV, which has a
 * stack of its own, is told what it would be if the program had gone on a little.
 */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "hooks/sigtrap.h"
#include "sys/kernel.h"

#define PAGE 4096u
#define FRAME_PAGES 4u /* of the kernel's frame, with all registers that there are */

/* What the program's handler blocks when it interrupts the program. */
static void block_as_handler(int signal, const ucontext_t *context)
{
	struct ct_kernel_action action = {.mask = 0};
	uint64_t mask;

	__builtin_memcpy(&mask, &context->uc_sigmask, sizeof(mask));
	CT_SYS(SYS_rt_sigaction, signal, NULL, &action, sizeof(action.mask), 0, 0);
	mask |= action.mask;
	if (!(action.flags & SA_NODEFER))
		mask |= UINT64_C(1) << (signal - 1);
	mask &= ~CT_SIGTRAP_BIT;
	CT_SYS(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof(mask), 0, 0);
}

/* Where the stack ends that has no room for a signal's frame. */
static uintptr_t end_of_stack(const ucontext_t *context)
{
	uintptr_t page = (uintptr_t)context->uc_mcontext.gregs[REG_RSP] & ~(uintptr_t)(PAGE - 1);

	for (unsigned i = 0; i < FRAME_PAGES && ct_sys_readable(page - 1); i++)
		page -= PAGE;
	return page - sizeof(uint64_t);
}

/* Our handler had not begun: the context is what it has interrupted. The memory that the rest of
 * the registers is in stays, below the stack pointer of a stack that nobody uses now. */
static void undo_entry(int signal, ucontext_t *context)
{
	const greg_t *registers = context->uc_mcontext.gregs;
	const ucontext_t *interrupted =
		(const void *)(registers[REG_RDX] ? registers[REG_RDX] : registers[REG_R12]);

	context->uc_mcontext = interrupted->uc_mcontext;
	context->uc_sigmask = interrupted->uc_sigmask;
	block_as_handler(signal, context);
}

static bool is_in_entry(const ucontext_t *context)
{
	uintptr_t pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];

	return pc >= (uintptr_t)ct_sigtrap_entry && pc < (uintptr_t)ct_sigtrap_entered;
}

void ct_sigtrap_hide(int signal, siginfo_t *info, ucontext_t *context)
{
	bool overflow = signal == SIGSEGV;

	if (overflow && is_in_entry(context))
		undo_entry(signal, context);
	if (ct_traps->hide(context) && overflow && info->si_code == SI_KERNEL) {
		uintptr_t end = end_of_stack(context);

		info->si_code = SEGV_ACCERR;
		__builtin_memcpy(&info->si_addr, &end, sizeof(end));
	}
}
