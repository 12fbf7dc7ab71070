#ifndef CT_RECORD_UNWIND_CALLS_H
#define CT_RECORD_UNWIND_CALLS_H
/*
 * Two calls that libunwind makes into libc are answered by us.
 *
 * pipe2: it opens a pipe to probe memory with, for its local address space, which we never use. The
 * program would find two descriptors that it did not open, so the call fails.
 * sigprocmask: it blocks all signals around each of its locks, two system calls a frame; inside our
 * gate they are blocked already (unwind_gate.h). Unwinding is five times faster without.
 */
#include <stdbool.h>

/* Puts functions of ours into the library's slots for these calls. `library` is what dlopen gave.
 * False: the slot for pipe2 cannot be written (the library was linked with -z now), and libunwind
 * must not be used. From the constructor only, before any function of the library is called. */
bool ct_unwind_answer_calls(void *library);

#endif
