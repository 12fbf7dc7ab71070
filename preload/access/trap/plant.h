#ifndef CT_ACCESS_TRAP_PLANT_H
#define CT_ACCESS_TRAP_PLANT_H
/*
 * Traps are put into the code and taken out of it again, while threads run it: a trap is one byte.
 * The pages are writable only for that moment, so nobody else may be at it: one thread writes at a
 * time, and who finds another one writing leaves it, since each trap that is met asks again.
 *
 * All is async-signal-safe. Whoever calls from outside of the SIGTRAP handler holds signals back.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access/trap/site.h"

/* Plants all. From here on the sites are this file's to change; they are never freed, since a
 * thread may be at a copy of one, or about to handle its trap. False: the code cannot be written
 * to, and is as it was. */
bool ct_plant_begin(struct ct_sites *sites);
/* Takes one out, of code that the thread is just executing. False: it still stands. */
bool ct_plant_take_out(struct ct_site *site);
/* Takes all out, unless that has been done. False: not now. */
bool ct_plant_clear(void);
/* The same, and waits for whoever is writing, a second at most. */
bool ct_plant_clear_patiently(void);
/* Puts up to `count` of those that were taken out back, chosen at random: each stays for one use.
 */
void ct_plant_some(unsigned count);
/* Puts all of them back, as new. */
void ct_plant_again(void);
/* Nothing is written until this is taken back: code may be unloaded. Calls may nest. */
void ct_plant_freeze(bool begins);
bool ct_plant_is_frozen(void);
/* The code there is gone: its sites are never planted again. */
void ct_plant_forget(uintptr_t start, size_t size);
/* Whether a trap stands in these bytes. */
bool ct_plant_covers(uintptr_t address, size_t size);
/* In a forked child, where no other thread can be writing. */
void ct_plant_forked(void);

#endif
