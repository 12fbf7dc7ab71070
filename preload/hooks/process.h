#ifndef CT_HOOKS_PROCESS_H
#define CT_HOOKS_PROCESS_H
/* What the hooks of processes need besides their table. */
#include <stdint.h>

struct ct_vfork;

/* Once per address space, before anybody else asks for handlers: so ours come last before a fork
 * and first after it. */
void ct_hooks_fork_init(void);

/* The two halves of vfork around the system call in vfork.S. The first gives what the second needs:
 * it is not on the stack, which the child uses up. NULL: nothing is recorded. */
struct ct_vfork *ct_vfork_before(uintptr_t pc, uintptr_t sp);
/* In child and parent: what vfork returns, with errno set. */
int ct_vfork_after(struct ct_vfork *vfork, long result);

#endif
