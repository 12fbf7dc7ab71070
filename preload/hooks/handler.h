#ifndef CT_HOOKS_HANDLER_H
#define CT_HOOKS_HANDLER_H
/*
 * How a signal handler of the program is seen to begin and to return: the kernel is given an entry
 * of ours that calls it. An entry belongs to one handler for as long as the program image runs, so
 * what the kernel has tells which handler it is, and nothing else needs to be remembered: actions
 * are replaced, reset by SA_RESETHAND, inherited by fork and read back as the kernel does it, and a
 * vfork child may set them, too. When there are no entries left, handlers go to the kernel as they
 * are.
 */

/* Sizes that handler_entries.S shares; the first is a power of two. */
#define CT_HANDLER_ENTRIES 1024
#define CT_HANDLER_ENTRY_SIZE 16

#ifndef __ASSEMBLER__
#include <signal.h>
#include <stdint.h>

/* Whether the kernel fills in a siginfo_t: it does so only if it was asked to. */
enum ct_handler_kind {
	CT_HANDLER_PLAIN = 1, /* no */
	CT_HANDLER_INFO = 2,  /* the program set SA_SIGINFO */
	CT_HANDLER_ASKED = 3, /* we did, and the program must not see that */
};
/* With one of these: it blocks SIGTRAP while it runs, which the kernel is not told (sigtrap.h). */
#define CT_HANDLER_BLOCKS_TRAP 4u

/* What the kernel is to be given for `handler`: itself if it is SIG_DFL or another that is no
 * function. */
__sighandler_t ct_handler_entry(__sighandler_t handler, unsigned kind);
/* The program's handler behind what the kernel has. `out_kind` is left alone if that is no entry.
 */
__sighandler_t ct_handler_behind(__sighandler_t function, unsigned *out_kind);

/* The process that a signal is from, 0: none, or not said. */
uint32_t ct_signal_sender(const siginfo_t *info);

/* Where the entries lead: calls the handler of the entry `number`. */
void ct_handler_run(int signal, siginfo_t *info, void *context, uint32_t number);
/* Calls what ct_handler_entry() gave, in a handler of ours that the kernel called with these. */
void ct_handler_call(__sighandler_t function, int signal, siginfo_t *info, void *context);
#endif

#endif
