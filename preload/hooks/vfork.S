/*
 * pid_t vfork(void)
 *
 * The child returns from here first, on the parent's stack: it overwrites our frame and the return
 * address. So the return address goes into %rdx across the system call, which keeps all registers
 * but %rax, %rcx and %r11, and whatever else the parent needs again is in memory behind %rdi
 * (hooks_vfork.c). What lies above the caller's stack pointer is never touched.
 */
#include <sys/syscall.h>

	.text
	.globl	vfork, __vfork
	.type	vfork, @function
	.type	__vfork, @function
	.hidden	ct_vfork_before
	.hidden	ct_vfork_after
	.p2align 4
vfork:
__vfork:
	.cfi_startproc
	endbr64
	movq	(%rsp), %rdi			/* what CT_CALLER is in C */
	leaq	8(%rsp), %rsi
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	ct_vfork_before
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	movq	%rax, %rdi
	popq	%rdx
	.cfi_adjust_cfa_offset -8
	.cfi_register %rip, %rdx
	movl	$SYS_vfork, %eax
	syscall
	pushq	%rdx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rip, 0
	movq	%rax, %rsi
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	ct_vfork_after
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.size	vfork, .-vfork
	.size	__vfork, .-__vfork

	.section .note.GNU-stack, "", @progbits
