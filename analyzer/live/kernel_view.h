#ifndef CT_LIVE_KERNEL_VIEW_H
#define CT_LIVE_KERNEL_VIEW_H
/*
 * Reads from /proc who holds the locks on files that recorded threads wait for.
 *
 * /proc/locks lists all locks, and who waits for them. Whose a lock is that belongs to an open file
 * it does not tell: all who have that open file, which the lists of their descriptors show. A file
 * is what stat() says of a descriptor; device numbers of /proc/locks may be others.
 * Source: proc_locks(5), proc_pid_fdinfo(5).
 */
#include "base/status.h"
#include "live/scan.h"
#include "model/kernel_view.h"

/* `view` is zeroed. Without a thread that waits for a file lock there is nothing to read, and it
 * stays empty. What cannot be known is left out. CT_ENOMEM.
 *
 * `may_be_stuck` NULL: holders among all processes of the machine. Else, by thread of the scan:
 * only whether the recorded processes leave it possible that those threads are stuck, which is
 * cheap: if each lock has a holder who can go on, as mostly, the others are not looked for. */
CT_MUST_CHECK enum ct_status ct_kernel_view_read(struct ct_kernel_view *view,
						 const struct ct_scan *scan,
						 const bool *may_be_stuck);

/* One line of /proc/locks, or what follows "lock:\t" in one of fdinfo: "1: -> POSIX ADVISORY WRITE
 * 4711 fe:00:131 0 EOF". Device and inode are the kernel's own. False: it is none of the locks that
 * are looked at here, or no such line. */
bool ct_kernel_lock_parse(const char *line, struct ct_kernel_lock *out, bool *out_waits);

#endif
