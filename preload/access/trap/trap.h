#ifndef CT_ACCESS_TRAP_TRAP_H
#define CT_ACCESS_TRAP_TRAP_H
/*
 * Data races of unmodified programs: traps on the instructions that access memory. Who takes one is
 * perhaps held for a moment just before its access; whoever comes to the same memory meanwhile
 * races with it. docs/trapped-races.md.
 */
#include "record/settings.h"

/* Where an image begins, once it records and before main(): sets ct_traps if the settings want
 * traps. Whether the program was compiled for recording is not yet known; that is looked at when
 * they are to be planted. */
void ct_trap_start(const struct ct_settings *settings);

#endif
