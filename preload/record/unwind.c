#include "record/unwind.h"

#include <errno.h>
#include <libunwind-x86_64.h>
#include <stdbool.h>

#include "record/unwind_gate.h"
#include "record/unwind_memory.h"
#include "record/unwind_modules.h"
#include "record/unwind_space.h"

/* Frames of ours between here and the program. */
#define OWN_FRAMES 32

static bool ready;
static bool modules_changed;

int ct_unwind_init(void)
{
	ready = ct_unwind_modules_init() && ct_unwind_memory_works() && ct_unwind_space_init() == 0;
	return ready ? 0 : -1;
}

/* Where it is used, so that the frame described is one that is still there. */
static inline __attribute__((always_inline)) void
capture_registers(struct ct_unwind_registers *out_registers)
{
	__asm__ volatile("movq %%rbx, %c[rbx](%[out])\n\t"
			 "movq %%rbp, %c[rbp](%[out])\n\t"
			 "movq %%rsp, %c[rsp](%[out])\n\t"
			 "movq %%r12, %c[r12](%[out])\n\t"
			 "movq %%r13, %c[r13](%[out])\n\t"
			 "movq %%r14, %c[r14](%[out])\n\t"
			 "movq %%r15, %c[r15](%[out])\n\t"
			 "leaq 0f(%%rip), %%rax\n\t"
			 "movq %%rax, %c[rip](%[out])\n"
			 "0:"
			 :
			 : [out] "r"(out_registers->value), [rbx] "i"(UNW_X86_64_RBX * 8),
			   [rbp] "i"(UNW_X86_64_RBP * 8), [rsp] "i"(UNW_X86_64_RSP * 8),
			   [r12] "i"(UNW_X86_64_R12 * 8), [r13] "i"(UNW_X86_64_R13 * 8),
			   [r14] "i"(UNW_X86_64_R14 * 8), [r15] "i"(UNW_X86_64_R15 * 8),
			   [rip] "i"(UNW_X86_64_RIP * 8)
			 : "rax", "memory");
}

static bool skip_own_frames(uintptr_t from_pc, struct ct_unwind_frame *out_frame)
{
	struct ct_unwind_frame frame;

	for (int i = 0; i < OWN_FRAMES; i++) {
		if (!ct_unwind_space_step(&frame))
			return false;
		if (frame.pc == from_pc) {
			*out_frame = frame;
			return true;
		}
	}
	return false;
}

static unsigned walk_stack(const struct ct_unwind_registers *registers, uintptr_t stack_high,
			   unsigned max, struct ct_unwind_frame *out)
{
	unsigned count = 1;

	if (__atomic_exchange_n(&modules_changed, false, __ATOMIC_ACQUIRE))
		ct_unwind_space_flush();
	if (ct_unwind_space_begin(registers, stack_high) && skip_own_frames(out[0].pc, out))
		while (count < max && ct_unwind_space_step(&out[count]))
			count++;
	return count;
}

unsigned ct_unwind_stack(uintptr_t from_pc, uintptr_t stack_high, unsigned max,
			 struct ct_unwind_frame *out)
{
	struct ct_unwind_registers registers;
	uint64_t signals;
	unsigned count;
	int error = errno;

	out[0] = (struct ct_unwind_frame){.pc = from_pc};
	if (!__atomic_load_n(&ready, __ATOMIC_RELAXED) || !ct_unwind_gate_enter(&signals))
		return 1;
	capture_registers(&registers);
	count = walk_stack(&registers, stack_high, max, out);
	ct_unwind_gate_leave(signals);
	errno = error;
	return count;
}

void ct_unwind_forget_modules(void)
{
	__atomic_store_n(&modules_changed, true, __ATOMIC_RELEASE);
}

void ct_unwind_before_fork(void)
{
	ct_unwind_gate_hold();
}

void ct_unwind_after_fork(void)
{
	if (!ct_unwind_gate_free())
		__atomic_store_n(&ready, false, __ATOMIC_RELAXED);
}

void ct_unwind_after_fork_parent(void)
{
	ct_unwind_gate_free();
}
