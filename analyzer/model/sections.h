#ifndef CT_MODEL_SECTIONS_H
#define CT_MODEL_SECTIONS_H
/*
 * What each thread touched under each of its locks: in the hold that it has now, and in the two
 * before. A hold is from taking a lock to giving it back; a condition wait ends one and begins
 * another. Holds in which nothing was touched are not there.
 *
 * Bounded: CT_TOUCHES_MAX touches of a hold (then it is `full`), the CT_SECTION_LOCKS locks that a
 * thread used last.
 */
#include "base/vec.h"
#include "model/model.h"

#define CT_TOUCHES_MAX 512u
#define CT_SECTION_LOCKS 64u

/* Bytes of one cell, the eight bytes of memory at location cell * 8, touched at one place. */
struct ct_touch {
	uint64_t cell, address, time; /* address: of the access, in the thread's process */
	uint32_t stack, size;
	uint8_t bytes; /* mask */
	uint8_t kind;  /* enum ct_access_kind */
	bool read;     /* else: written */
};

struct ct_section {
	struct ct_held_lock held; /* as it was taken; `since` names the hold */
	uint64_t order;		  /* index of the step of its last touch */
	uint64_t waits;		  /* ct_thread_sections' at its last touch */
	uint64_t filter;	  /* a bit for each cell touched, by ct_section_bit */
	struct ct_touch *touches;
	size_t count, cap;
	bool full; /* there were more */
};

/* Of one lock. */
struct ct_lock_sections {
	const struct ct_object *lock;
	struct ct_section now, last, older;
};

struct ct_thread_sections {
	struct ct_lock_sections *locks; /* owned; the one used last stands first */
	size_t count, cap;
	uint64_t waits; /* how often it waited for others, by no lock */
};

static inline uint64_t ct_section_bit(uint64_t cell)
{
	return UINT64_C(1) << ((cell ^ cell >> 6 ^ cell >> 12) & 63);
}

void ct_sections_fini(struct ct_thread_sections *sections);

/* The sections of a lock that the thread holds; a new hold pushes those before down. NULL: out of
 * memory. */
struct ct_lock_sections *ct_sections_hold(struct ct_thread_sections *sections,
					  const struct ct_held_lock *held);
/* The same without any change; NULL: nothing was touched under it. */
const struct ct_lock_sections *ct_sections_find(const struct ct_thread_sections *sections,
						const struct ct_object *lock);

CT_MUST_CHECK enum ct_status ct_section_touch(struct ct_section *section,
					      const struct ct_touch *touch);
/* The next touch of these bytes, read or written, from number `from` on; or NULL. */
const struct ct_touch *ct_section_next(const struct ct_section *section, size_t from, uint64_t cell,
				       uint8_t bytes, bool read);

#endif
