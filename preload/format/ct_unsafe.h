#ifndef CT_FORMAT_CT_UNSAFE_H
#define CT_FORMAT_CT_UNSAFE_H
/* What an unsafe_call record says: which function, and what is known of it. */

enum ct_unsafe_call {
#define UNSAFE(id, name, text) CT_UNSAFE_##name = (id),
#include "format/unsafe.def"
#undef UNSAFE
	CT_UNSAFE_END /* one more than the last */
};

/* Bits of its argument. */
enum {
	/* The thread has called such functions outside of its handlers, since it set one, with
	 * the signal not blocked. */
	CT_UNSAFE_OPEN = 1,
	/* It is on the alternate stack of the handler: what its stack is not needed to show. */
	CT_UNSAFE_ON_ALTERNATE = 2,
};

#endif
