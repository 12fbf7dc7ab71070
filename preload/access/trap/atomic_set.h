#ifndef CT_ACCESS_TRAP_ATOMIC_SET_H
#define CT_ACCESS_TRAP_ATOMIC_SET_H
/*
 * Memory that atomic instructions have accessed: its other accesses may be atomic as well, though
 * they look like any other, so nobody is held there. A filter of bounded size that forgets: what it
 * says is true of some time ago. Async-signal-safe.
 */
#include <stdbool.h>
#include <stdint.h>

void ct_atomic_set_add(uintptr_t address, uint32_t size);
/* Whether any of these bytes is in it. */
bool ct_atomic_set_has(uintptr_t address, uint32_t size);

#endif
