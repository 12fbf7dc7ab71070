#ifndef CT_GRADE_DISK_H
#define CT_GRADE_DISK_H
/*
 * Whether the machine has room left: what fails where it has none tells nothing of who failed.
 */
#include "base/status.h"

/* CT_EWRITE: the file system of `folder` is full, or nearly so. */
CT_MUST_CHECK enum ct_status ct_disk_check(const char *folder, struct ct_error *error);

#endif
