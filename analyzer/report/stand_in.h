#ifndef CT_REPORT_STAND_IN_H
#define CT_REPORT_STAND_IN_H
/*
 * What stands for the source file of a place whose source is not known, in forms that insist on a
 * file.
 */
struct ct_frame;
struct ct_process;
struct ct_report;
struct ct_thread;

/* The binary that the place is in: its path if it lies below in->directory, relative to it, else
 * its name. Borrowed; never NULL or empty. `frame` NULL: the program that the thread belongs to, or
 * the first one recorded. */
const char *ct_stand_in(const struct ct_report *in, const struct ct_frame *frame,
			const struct ct_thread *thread);

/* The last component of what the process runs; NULL: it is not known, as of a text trace. `process`
 * may be NULL. */
const char *ct_program_name(const struct ct_process *process);

#endif
