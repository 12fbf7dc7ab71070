#ifndef CT_BASE_PATH_H
#define CT_BASE_PATH_H
/*
 * Paths as text; the file system is not asked.
 */
#include <stdbool.h>

/* Whether it has no component "." or "..", but for leading "..", and no empty one. */
bool ct_path_is_plain(const char *path);

/* Makes it so in place, as if no folder were a symbolic link: "/src/build/../a.c" becomes
 * "/src/a.c". Nothing left of a relative one is ".". */
void ct_path_make_plain(char *path);

#endif
