/*
 * void ct_sigtrap_entry(int signal, siginfo_t *info, void *context)
 *
 * The program's stack may end right here. It overflows in the first instruction, as it would have
 * in the program, and SIGSEGV goes to its handler, which perhaps jumps away: nothing has been begun
 * yet. Until all signals are held back, another SIGTRAP, of perf's clock, may have the same effect.
 * What was interrupted stays in a register: sigtrap_overflow.c. A signal's handler need not keep
 * any of them. Records with stacks see for themselves whether there is room.
 */
#include <sys/syscall.h>

#define ROOM 2048 /* for what a trap does */
#define SET_MASK 2

	.section .rodata
	.p2align 3
all_signals:
	.quad	-1

	.text
	.globl	ct_sigtrap_entry, ct_sigtrap_entered
	.hidden	ct_sigtrap_entry
	.hidden	ct_sigtrap_entered
	.hidden	ct_sigtrap_handle
	.type	ct_sigtrap_entry, @function
	.p2align 4
ct_sigtrap_entry:
	.cfi_startproc
	orq	$0, -ROOM(%rsp)
	movl	%edi, %ebx
	movq	%rsi, %rbp
	movq	%rdx, %r12
	movl	$SET_MASK, %edi
	leaq	all_signals(%rip), %rsi
	xorl	%edx, %edx
	movl	$8, %r10d
	movl	$SYS_rt_sigprocmask, %eax
	syscall
ct_sigtrap_entered:
	movl	%ebx, %edi
	movq	%rbp, %rsi
	movq	%r12, %rdx
	jmp	ct_sigtrap_handle
	.cfi_endproc
	.size	ct_sigtrap_entry, .-ct_sigtrap_entry

	.section .note.GNU-stack, "", @progbits
