#ifndef CT_CLI_GDB_H
#define CT_CLI_GDB_H
/*
 * Has gdb show the stacks of processes that hang, on standard error.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CT_GDB_PROCESSES = 16 }; /* more are not looked into */

/* Starts one gdb for all of them, a child of the caller's; false: it said why it cannot be. */
bool ct_gdb_start(const pid_t *pids, size_t count, pid_t *out_gdb);

/* Says what went wrong, if anything did, when it has ended. */
void ct_gdb_say_failure(int wait_status);

#endif
