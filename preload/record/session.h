#ifndef CT_RECORD_SESSION_H
#define CT_RECORD_SESSION_H
/*
 * The trace folder and what all processes in it share. The root process makes them; descendants
 * find the folder in the environment (CONCTRACE_TRACE) and map the same session.
 */
#include <stdbool.h>

#include "format/ct_live.h"

struct ct_state;

#define CT_TRACE_VARIABLE "CONCTRACE_TRACE"

/* Joins the trace that the environment names, or makes a new one as the settings say. False: no
 * recording (an unwritable place, a trace of another version); nothing is printed. */
bool ct_session_open(struct ct_state *state, const char *inherited);
/* The entry of this process: the one it had before exec (image counts up), or a new one with the
 * next process number. NULL: the table is full. */
struct ct_process_slot *ct_session_enter(struct ct_session *session, uint32_t pid, uint32_t parent);
/* Whether the calling process's image is recorded already: by a second copy of this library. */
bool ct_session_has_image(struct ct_session *session);
/* The number of a process that has not ended, 0: none of this trace. */
uint32_t ct_session_find(struct ct_session *session, uint32_t pid);
/* The process has ended; its pid may come again. */
void ct_session_leave(struct ct_session *session, uint32_t pid);

#endif
