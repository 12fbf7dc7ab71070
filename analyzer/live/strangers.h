#ifndef CT_LIVE_STRANGERS_H
#define CT_LIVE_STRANGERS_H
/*
 * Asks the kernel what processes that are not recorded share with those that are: pipes, sockets
 * and eventfds by their descriptors, memory by their maps. Asked only for what threads wait for, as
 * it means to look at all processes of the machine. Those of other users cannot be looked into.
 * Source: proc_pid_fd(5), proc_pid_fdinfo(5), proc_pid_maps(5).
 */
#include "base/status.h"
#include "live/scan.h"
#include "model/outside.h"

/* `out` is zeroed; `now`: clock ticks. CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_strangers_ask(const struct ct_scan *scan, uint64_t now,
					      struct ct_outside *out);

#endif
