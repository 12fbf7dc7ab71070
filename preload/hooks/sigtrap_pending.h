#ifndef CT_HOOKS_SIGTRAP_PENDING_H
#define CT_HOOKS_SIGTRAP_PENDING_H
/*
 * SIGTRAPs that came to a thread which blocks them, as the program sees it. One of each thread's
 * and one of the process are kept, as the kernel keeps them; sigtrap.h has what the hooks need.
 * Async-signal-safe.
 */
#include <signal.h>
#include <stdbool.h>

/* Keeps it, for this thread if it was sent to it, else for the process. */
void ct_sigtrap_keep(const siginfo_t *info);
/* As it is ignored from now on. */
void ct_sigtrap_drop_pending(void);
/* Sends the pending ones to the calling thread again. */
void ct_sigtrap_send_pending(void);
/* Gives them back to the kernel, for the next program. The thread must have SIGTRAP shut. */
void ct_sigtrap_give_pending(void);
/* Sends one to the calling thread, for it to end by. */
void ct_sigtrap_give(const siginfo_t *info);
/* In the handler: *info as it came the first time, if it has been kept since. False: there is none;
 * it was only to look for one that another thread has taken. */
bool ct_sigtrap_restore(siginfo_t *info);

#endif
