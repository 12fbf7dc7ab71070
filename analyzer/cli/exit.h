#ifndef CT_CLI_EXIT_H
#define CT_CLI_EXIT_H
/*
 * Exit statuses of conctrace (docs/man/conctrace.1.scd), and how messages reach the user.
 */
#include "base/status.h"

enum ct_exit {
	CT_EXIT_OK = 0,
	CT_EXIT_USAGE = 2,	 /* usage, or unreadable input */
	CT_EXIT_FINDING = 66,	 /* unless --error-exitcode says otherwise */
	CT_EXIT_INTERNAL = 70,	 /* our own failure: no memory, disk full */
	CT_EXIT_UNRECORDED = 75, /* the recorder was not loaded */
	CT_EXIT_TIMEOUT = 124,	 /* these three as timeout(1) and env(1) have them */
	CT_EXIT_NOT_EXECUTABLE = 126,
	CT_EXIT_NOT_FOUND = 127,
	CT_EXIT_SIGNAL = 128, /* plus the signal's number */
};

/* "conctrace: TEXT" and a newline on stderr; what a terminal could obey is made harmless. */
void ct_cli_say(const char *fmt, ...) CT_PRINTF(1, 2);

/* Says the error and returns the exit status that belongs to it. */
int ct_cli_fail(const struct ct_error *error);

/* Says that memory ran out; returns CT_EXIT_INTERNAL. */
int ct_cli_no_memory(void);

#endif
