#ifndef CT_HOOKS_ENVIRONMENT_H
#define CT_HOOKS_ENVIRONMENT_H
/* How the trace reaches the programs that this one starts. */
#include <stdbool.h>

/* Puts CONCTRACE_TRACE=FOLDER into the program's environment, without malloc: what libc starts by
 * itself (posix_spawn, system, popen) never passes our exec hooks, but inherits the environment. */
void ct_environment_publish(const char *folder);

/* Whether a program with this environment will have this library in it. The environment is the
 * program's word: what of it cannot be read is left to the kernel's judgement. */
bool ct_environment_carries(char *const envp[]);

/* Finds the pipes, FIFOs and sockets that were open when this image began. */
void ct_hooks_image_started(void);

#endif
