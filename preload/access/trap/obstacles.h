#ifndef CT_ACCESS_TRAP_OBSTACLES_H
#define CT_ACCESS_TRAP_OBSTACLES_H
/* What forbids traps in this process, besides what its code is like. */
#include "access/trap/site.h"

/* CT_TRAP_STAYS: nothing. *out_filtered: the process was begun with a filter of system calls, which
 * may end it for an unusual one. */
enum ct_trap_aside ct_obstacle(bool *out_filtered);
/* Of the code that has sites. */
enum ct_trap_aside ct_obstacle_of_code(const struct ct_sites *sites);

#endif
