/*
 * The entries of handler.h: each puts its number where a fourth parameter would be. The kernel calls
 * handlers with three, also those that were set without SA_SIGINFO.
 */
#include "hooks/handler.h"

	.text
	.globl	ct_handler_entries
	.hidden	ct_handler_entries
	.hidden	ct_handler_run
	.type	ct_handler_entries, @function
	.balign CT_HANDLER_ENTRY_SIZE
ct_handler_entries:
	.cfi_startproc
	.set	number, 0
	.rept	CT_HANDLER_ENTRIES
	.balign CT_HANDLER_ENTRY_SIZE
	endbr64
	movl	$number, %ecx
	jmp	ct_handler_run
	.set	number, number + 1
	.endr
	.balign CT_HANDLER_ENTRY_SIZE
	.cfi_endproc
	.size	ct_handler_entries, .-ct_handler_entries

	.section .note.GNU-stack, "", @progbits
