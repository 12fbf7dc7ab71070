/*
 * long syscall(long number, ...)
 *
 * Gives way to libc's with nothing added to the stack and no argument touched. Only calls that are
 * of interest are made by a C function (hooks_syscall.c), which finds the arguments where they are.
 */
#include <sys/syscall.h>

	.text
	.globl	syscall
	.type	syscall, @function
	.hidden	ct_syscall_real
	.hidden	ct_syscall_resolve
	.hidden	ct_syscall_futex
	.hidden	ct_syscall_seccomp
	.hidden	ct_syscall_mask
	.hidden	ct_syscall_action
	.p2align 4
syscall:
	.cfi_startproc
	endbr64
	cmpq	$SYS_futex, %rdi
	je	ct_syscall_futex
	cmpq	$SYS_futex_waitv, %rdi
	je	ct_syscall_futex
	cmpq	$SYS_seccomp, %rdi
	je	ct_syscall_seccomp
	cmpq	$SYS_rt_sigprocmask, %rdi
	je	ct_syscall_mask
	cmpq	$SYS_rt_sigaction, %rdi
	je	ct_syscall_action
	movq	ct_syscall_real(%rip), %rax
	testq	%rax, %rax
	je	1f
	jmp	*%rax
1:	.irp	register, %rdi, %rsi, %rdx, %rcx, %r8, %r9
	pushq	\register
	.cfi_adjust_cfa_offset 8
	.endr
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	ct_syscall_resolve
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	.irp	register, %r9, %r8, %rcx, %rdx, %rsi, %rdi
	popq	\register
	.cfi_adjust_cfa_offset -8
	.endr
	jmp	*ct_syscall_real(%rip)
	.cfi_endproc
	.size	syscall, .-syscall

	.section .note.GNU-stack, "", @progbits
