#ifndef CT_MODEL_FORKER_H
#define CT_MODEL_FORKER_H
/* Whose call makes a process. */
#include "model/model.h"

/* To be asked at the first event of `process`: the thread of its parent that is in the call which
 * makes it. Of what libc starts (system(), posix_spawn(), popen()) the trace does not tell: then it
 * is who began such a call last before the process. NULL: nobody is in one. */
const struct ct_thread *ct_forker_of(const struct ct_process *process);

#endif
