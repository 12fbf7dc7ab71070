#ifndef CT_TIMING_LOCK_SITES_H
#define CT_TIMING_LOCK_SITES_H
/*
 * The places where one lock is taken. Private to timing/.
 *
 * Counted by stack; past CT_LOCK_SITES_COUNTED of them the rest is one site without a place. Stacks
 * are looked up only of those that are shown.
 */
#include "base/map.h"
#include "model/names.h"
#include "timing/locks.h"

#define CT_LOCK_SITES_COUNTED 4096u

/* All zeros is empty. */
struct ct_sites {
	struct ct_lock_site *sites; /* owned */
	size_t count, cap;
	size_t last;	  /* that was asked for */
	struct ct_map at; /* process << 32 | stack: its index; once there are more than a few */
};

void ct_sites_fini(struct ct_sites *sites);
/* `*out_site` is borrowed until the next call. */
CT_MUST_CHECK enum ct_status ct_sites_find(struct ct_sites *sites, uint32_t process, uint32_t stack,
					   struct ct_lock_site **out_site);

/* Names of places that many locks have in common. */
struct ct_places {
	struct ct_naming *naming; /* borrowed; NULL: all places are unknown */
	struct ct_map at;	  /* process << 32 | stack: index of the name */
	const char **names;	  /* owned; the strings are the naming's */
	size_t count, cap;
};
void ct_places_fini(struct ct_places *places);

/* Hands the sites with the most waiting over to the lock, those of one place as one. */
CT_MUST_CHECK enum ct_status ct_sites_show(struct ct_sites *sites, struct ct_places *places,
					   struct ct_timing_lock *lock);

#endif
