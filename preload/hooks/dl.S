/*
 * void *dlopen(const char *file, int flags)
 * void *dlmopen(Lmid_t space, const char *file, int flags)
 *
 * libc takes where it was called from for the library that asks: its RUNPATH, $ORIGIN and namespace
 * count. So these give way to libc's with the program's return address on top of the stack. Before
 * that, hooks_dl.c looks at the arguments, and gives the real function.
 */
	.text
	.hidden	ct_dlopen_real
	.hidden	ct_dlmopen_real

	.macro	jump_behind look
	.cfi_startproc
	endbr64
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	pushq	%rsi
	.cfi_adjust_cfa_offset 8
	pushq	%rdx
	.cfi_adjust_cfa_offset 8
	call	\look
	popq	%rdx
	.cfi_adjust_cfa_offset -8
	popq	%rsi
	.cfi_adjust_cfa_offset -8
	popq	%rdi
	.cfi_adjust_cfa_offset -8
	jmp	*%rax
	.cfi_endproc
	.endm

	.globl	dlopen
	.type	dlopen, @function
	.p2align 4
dlopen:
	jump_behind ct_dlopen_real
	.size	dlopen, .-dlopen

	.globl	dlmopen
	.type	dlmopen, @function
	.p2align 4
dlmopen:
	jump_behind ct_dlmopen_real
	.size	dlmopen, .-dlmopen

	.section .note.GNU-stack, "", @progbits
