#ifndef CT_HOOKS_FILE_LOCK_H
#define CT_HOOKS_FILE_LOCK_H
/* fcntl's part of file locks, for its hook. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether this command of fcntl locks or unlocks. */
static inline bool ct_file_lock_command(int command)
{
	return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK ||
	       command == F_OFD_SETLKW;
}

/* Whether this process, or one that it was forked from, has ever asked for a lock that belongs to a
 * process (fcntl, lockf). */
extern bool ct_file_lock_asked;

/* Does such a call by `real` and records it. pc, sp: CT_CALLER of the hook. */
int ct_file_lock_fcntl(int (*real)(int fd, int command, ...), int fd, int command, void *arg,
		       uintptr_t pc, uintptr_t sp);

#endif
