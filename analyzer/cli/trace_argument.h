#ifndef CT_CLI_TRACE_ARGUMENT_H
#define CT_CLI_TRACE_ARGUMENT_H
/*
 * For argp children: the one trace that a command takes. Input is a const char *, NULL at first,
 * that is borrowed from argv.
 */
#include <argp.h>

extern const struct argp ct_trace_argp;

#endif
