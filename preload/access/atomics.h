#ifndef CT_ACCESS_ATOMICS_H
#define CT_ACCESS_ATOMICS_H
/*
 * An atomic operation from where it begins to its record. It is done in between by who calls
 * (atomics.c, in the stub or here), while no other thread that records does one on the same
 * address: so, by time, what it read was stored by the last store before it.
 */
#include <stdbool.h>
#include <stdint.h>

struct ct_recorder;
struct ct_stripe;

struct ct_atomic {
	const volatile void *address;
	struct ct_recorder *r;	  /* entered; NULL: it is not recorded */
	struct ct_stripe *stripe; /* locked, or NULL */
	uint32_t stack;
};

/* What the stub calls. `what` is size | order << 8; a value is cut or folded to 64 bits. */
struct ct_atomic_calls {
	/* Whether a load of this value says nothing that the thread's last one did not say. */
	bool (*known)(const volatile void *address, uint64_t value, unsigned what);
	void (*begin)(struct ct_atomic *a, const volatile void *address, uintptr_t pc);
	/* event: an ATOMIC_ one of events.def. `old` was read (of a store: anything), `now` stands
	 * there. */
	void (*end)(struct ct_atomic *a, unsigned event, unsigned what, uint64_t old, uint64_t now);
	void (*fence)(int order, uintptr_t pc);
};

extern const struct ct_atomic_calls ct_atomic_calls __attribute__((visibility("hidden")));

#endif
