#ifndef CT_FORMAT_CT_START_H
#define CT_FORMAT_CT_START_H
/*
 * `.start`: how the first process of a trace was started, so that it can be run again as it was.
 * Only its owner may read it, as the environment may have secrets; nothing of it is ever reported.
 *
 * The file is a sequence of pieces. What is long comes in several pieces of one kind, one behind
 * the other.
 */
#include <stdint.h>

#define CT_START_FILE "/.start"

enum ct_start_kind {
	CT_START_COMMAND = 1,	  /* as /proc/PID/cmdline: each argument ends in NUL */
	CT_START_ENVIRONMENT = 2, /* as /proc/PID/environ, likewise */
	CT_START_DIRECTORY = 3,	  /* what /proc/PID/cwd leads to; no NUL */
	CT_START_PROGRAM = 4,	  /* /proc/PID/exe */
	CT_START_INPUT = 5,	  /* /proc/PID/fd/0; missing: it was closed */
	CT_START_INPUT_AT = 6,	  /* uint64_t: position in it, if it is a regular file */
	CT_START_END = 7,	  /* of size 0; without it the file is not whole */
};

struct ct_start_piece { /* then: `size` bytes */
	uint32_t kind, size;
};

#endif
