#ifndef CT_RECORD_UNWIND_SIGNALS_H
#define CT_RECORD_UNWIND_SIGNALS_H
/*
 * Makes unwinding five times faster. libunwind blocks all signals around each of its locks, which
 * is two system calls a frame; inside our gate they are blocked already (unwind_gate.h).
 */

/* Puts a function of ours into the library's slot for sigprocmask. `library` is what dlopen gave.
 * Where the slot is write-protected, nothing changes but the speed. From the constructor only. */
void ct_unwind_spare_signals(void *library);

#endif
