#ifndef CT_CLI_FOLDER_H
#define CT_CLI_FOLDER_H
/*
 * The trace folder of `conctrace run`: made before the program starts, so that a place that cannot
 * be written is known in time.
 */
#include <stdbool.h>
#include <sys/types.h>

#include "base/status.h"

struct ct_text;

/* Makes the empty folder `path`, or conctrace.PROG.PID when it is NULL. With `force` an older
 * trace there is removed; a folder that holds anything else is refused, untouched. out_path gets
 * its absolute path, out_name the one to show. CT_EUSAGE, CT_EIO. */
CT_MUST_CHECK enum ct_status ct_folder_make(const char *path, const char *program, pid_t pid,
					    bool force, struct ct_text *out_path,
					    struct ct_text *out_name, struct ct_error *error);

/* Whether a file of a trace folder has that name; other files there are none of the trace's. */
bool ct_folder_is_trace_name(const char *name);

/* Removes the folder if it is empty. */
void ct_folder_drop(const char *path);

/* Removes a trace folder with all that is in it; one that holds anything else stays. */
void ct_folder_remove(const char *path);

#endif
