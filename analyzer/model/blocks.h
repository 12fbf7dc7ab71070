#ifndef CT_MODEL_BLOCKS_H
#define CT_MODEL_BLOCKS_H
/*
 * The blocks of a heap that live now, by address. All operations take constant time, however many
 * there are.
 *
 * Blocks are filed by size and place. Class k holds those of 2^k up to 2^(k+1) - 1 bytes, in files
 * of 2^(k+1) bytes of memory each. Blocks do not overlap, so at most two begin in one file, and the
 * block that an address lies in begins in the address's file of its class or in the one before.
 * Private to model/ and its tests. Not thread-safe.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct ct_live_block {
	uint64_t address, size, time;
	uint32_t thread; /* id of who allocated it */
	uint32_t stack;
	uint32_t next; /* of its file, or of the free ones: number from 1; 0: the last */
};

/* Zeroed is empty. */
struct ct_blocks {
	struct ct_map files;	      /* file: number of its first block */
	struct ct_live_block *blocks; /* owned */
	size_t count, cap;
	uint32_t first_free;
	uint64_t classes; /* bit k: class k was used */
};

/* Blocks of size 0 count as one byte. What `block` overlaps is not touched: ct_blocks_find prefers
 * the newer one. */
CT_MUST_CHECK enum ct_status ct_blocks_add(struct ct_blocks *blocks,
					   const struct ct_live_block *block);

/* The newest block that the address lies in, or NULL. Valid until the next change. */
struct ct_live_block *ct_blocks_find(const struct ct_blocks *blocks, uint64_t address);

/* `block` is from ct_blocks_find. */
void ct_blocks_remove(struct ct_blocks *blocks, struct ct_live_block *block);

void ct_blocks_fini(struct ct_blocks *blocks);

#endif
