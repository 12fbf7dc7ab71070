#include "grade/disk.h"

#include <stdint.h>
#include <sys/statvfs.h>

/* Compilers and recorders need some room even for little. */
enum { LEFT_BYTES = 16 << 20, LEFT_FILES = 64 };

enum ct_status ct_disk_check(const char *folder, struct ct_error *error)
{
	struct statvfs disk;

	if (statvfs(folder, &disk) != 0)
		return CT_OK;
	/* file systems that count no files say 0 of 0 */
	if ((uint64_t)disk.f_bavail * disk.f_frsize >= LEFT_BYTES &&
	    (!disk.f_files || disk.f_favail >= LEFT_FILES))
		return CT_OK;
	return ct_error_set(error, CT_EWRITE, "the disk of %s is full", folder);
}
