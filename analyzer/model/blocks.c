#include "model/blocks.h"

#include <stdlib.h>

#include "base/vec.h"

enum {
	LEAST_CLASS = 4, /* what malloc gives lies 32 bytes apart at least */
	CLASS_BITS = 6,
};

static unsigned class_of(uint64_t size)
{
	unsigned class = 63u - (unsigned)__builtin_clzll(size | 1);

	return class < LEAST_CLASS ? LEAST_CLASS : class;
}

/* The key of the file that a block of the class which begins at the address belongs to. */
static uint64_t file_of(unsigned class, uint64_t address)
{
	uint64_t place = class < 63 ? address >> (class + 1) : 0;

	return place << CLASS_BITS | class;
}

static struct ct_live_block *numbered(const struct ct_blocks *blocks, uint64_t number)
{
	return number ? &blocks->blocks[number - 1] : NULL;
}

static enum ct_status new_number(struct ct_blocks *blocks, uint32_t *out_number)
{
	enum ct_status status;

	if (blocks->first_free) {
		*out_number = blocks->first_free;
		blocks->first_free = numbered(blocks, *out_number)->next;
		return CT_OK;
	}
	if (blocks->count >= UINT32_MAX)
		return CT_ENOMEM;
	status = ct_vec_grow(&blocks->blocks, &blocks->cap, blocks->count + 1,
			     sizeof(*blocks->blocks));
	if (status == CT_OK)
		*out_number = (uint32_t)++blocks->count;
	return status;
}

static void give_number(struct ct_blocks *blocks, uint32_t number)
{
	numbered(blocks, number)->next = blocks->first_free;
	blocks->first_free = number;
}

enum ct_status ct_blocks_add(struct ct_blocks *blocks, const struct ct_live_block *block)
{
	uint64_t size = block->size ? block->size : 1;
	unsigned class = class_of(size);
	uint64_t file = file_of(class, block->address), first = 0;
	struct ct_live_block *added;
	uint32_t number;
	enum ct_status status = new_number(blocks, &number);

	if (status)
		return status;
	ct_map_get(&blocks->files, file, &first);
	added = numbered(blocks, number);
	*added = *block;
	added->size = size;
	added->next = (uint32_t)first;
	status = ct_map_put(&blocks->files, file, number);
	if (status) {
		give_number(blocks, number);
		return status;
	}
	blocks->classes |= (uint64_t)1 << class;
	return CT_OK;
}

/* The newer of `best` and the newest of a file that the address lies in. */
static struct ct_live_block *better_in_file(const struct ct_blocks *blocks, uint64_t file,
					    uint64_t address, struct ct_live_block *best)
{
	uint64_t first = 0;

	ct_map_get(&blocks->files, file, &first);
	for (struct ct_live_block *at = numbered(blocks, first); at;
	     at = numbered(blocks, at->next))
		if (address - at->address < at->size && (!best || at->time > best->time))
			best = at;
	return best;
}

struct ct_live_block *ct_blocks_find(const struct ct_blocks *blocks, uint64_t address)
{
	struct ct_live_block *best = NULL;

	for (uint64_t classes = blocks->classes; classes; classes &= classes - 1) {
		unsigned class = (unsigned)__builtin_ctzll(classes);
		uint64_t file = file_of(class, address);

		best = better_in_file(blocks, file, address, best);
		if (file >> CLASS_BITS)
			best = better_in_file(blocks, file - ((uint64_t)1 << CLASS_BITS), address,
					      best);
	}
	return best;
}

void ct_blocks_remove(struct ct_blocks *blocks, struct ct_live_block *block)
{
	uint64_t file = file_of(class_of(block->size), block->address), first = 0;
	uint32_t number = (uint32_t)(block - blocks->blocks) + 1, *link;

	ct_map_get(&blocks->files, file, &first);
	if (first != number) {
		link = &numbered(blocks, first)->next;
		while (*link != number)
			link = &numbered(blocks, *link)->next;
		*link = block->next;
	} else if (block->next) {
		/* replacing a value needs no memory */
		(void)!ct_map_put(&blocks->files, file, block->next);
	} else {
		ct_map_remove(&blocks->files, file);
	}
	give_number(blocks, number);
}

void ct_blocks_fini(struct ct_blocks *blocks)
{
	ct_map_fini(&blocks->files);
	free(blocks->blocks);
	*blocks = (struct ct_blocks){0};
}
