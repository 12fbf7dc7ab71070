#ifndef CT_MODEL_PLAIN_SIDE_H
#define CT_MODEL_PLAIN_SIDE_H
/*
 * What is known of one access that was caught: the part of plain.h that looks at one side only.
 */
#include "base/source.h"
#include "model/plain.h"

struct ct_plain {
	struct ct_symbols *symbols; /* borrowed */
	struct ct_sources *sources; /* owned */
	uint64_t budget;	    /* bytes of sources that are still looked at */
};

struct ct_plain_side {
	enum ct_plainness plainness;
	bool atomic_memory; /* its type says so */
	bool plain_memory;  /* its type says that it is not */
	bool said_atomic;   /* the line calls an atomic function, or names such memory */
	bool needed;	    /* a read that the program asked for, or a write */
	bool retried;	    /* not needed, as it may be a sequence lock's */
};

struct ct_plain_side ct_plain_side_of(struct ct_plain *plain, const struct ct_plain_access *access);

#endif
