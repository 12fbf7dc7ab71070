#ifndef CT_READER_ALIVE_H
#define CT_READER_ALIVE_H
/*
 * Whether a process that wrote a trace is still there: its pid exists, is no zombie, and was not
 * given to another process since. Private to reader/.
 */
#include <stdbool.h>
#include <stdint.h>

/* `dir_fd`: the trace's folder, whose session tells when the process with that pid began. */
bool ct_pid_alive(int dir_fd, uint32_t pid);

#endif
