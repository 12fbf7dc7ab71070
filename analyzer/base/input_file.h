/*
 * A file that a user wrote or named, as a whole. Whatever it is in truth, reading it ends, with
 * bounded memory.
 */
#ifndef CT_BASE_INPUT_FILE_H
#define CT_BASE_INPUT_FILE_H

#include <stddef.h>

#include "base/status.h"

struct ct_text;

/* Appends what the file or pipe has, without a byte order mark at its beginning. CT_EIO: it cannot
 * be read; CT_EFORMAT: it is a folder, a device but /dev/null, or has more than `max_bytes`. The
 * message begins with "cannot read PATH: ". */
CT_MUST_CHECK enum ct_status ct_input_file_read(const char *path, size_t max_bytes,
						struct ct_text *out, struct ct_error *error);

#endif
