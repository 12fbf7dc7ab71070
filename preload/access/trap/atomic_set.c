#include "access/trap/atomic_set.h"

#include <stddef.h>

#define ENTRIES 8192u /* a power of two */
#define PROBES 8u
/* No atomic instruction accesses more; of larger others, the begin is looked at. */
#define WORDS_MAX 8u

/* Each: an aligned word's number << 8 | which of its bytes; 0: free. */
static uint64_t entries[ENTRIES];

static size_t first_of(uint64_t word)
{
	return (size_t)(word * UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

/* The word's entry, or where it may go. */
static uint64_t *entry_of(uint64_t word)
{
	size_t first = first_of(word);
	uint64_t *free = NULL;

	for (size_t i = 0; i < PROBES; i++) {
		uint64_t *entry = &entries[(first + i) & (ENTRIES - 1)];
		uint64_t value = __atomic_load_n(entry, __ATOMIC_RELAXED);

		if (value && value >> 8 == word)
			return entry;
		if (!value && !free)
			free = entry;
	}
	return free ? free : &entries[first & (ENTRIES - 1)];
}

/* Which bytes of the word `index` words behind the first one are meant. */
static uint8_t bytes_of(uintptr_t address, uint32_t size, uint32_t index)
{
	uintptr_t word = (address & ~(uintptr_t)7) + 8 * (uintptr_t)index;
	uint8_t mask = 0;

	for (unsigned i = 0; i < 8; i++)
		if (word + i - address < size)
			mask |= (uint8_t)(1u << i);
	return mask;
}

static void add_bytes(uint64_t word, uint8_t mask)
{
	uint64_t *entry = entry_of(word);
	uint64_t before = __atomic_load_n(entry, __ATOMIC_RELAXED);
	uint64_t now = word << 8 | mask | (before >> 8 == word ? before & 0xff : 0);

	if (now != before) /* who fails says it the next time */
		__atomic_compare_exchange_n(entry, &before, now, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED);
}

void ct_atomic_set_add(uintptr_t address, uint32_t size)
{
	uint8_t mask;

	for (uint32_t i = 0; i < WORDS_MAX && (mask = bytes_of(address, size, i)); i++)
		add_bytes((address >> 3) + i, mask);
}

bool ct_atomic_set_has(uintptr_t address, uint32_t size)
{
	uint8_t mask;

	for (uint32_t i = 0; i < WORDS_MAX && (mask = bytes_of(address, size, i)); i++) {
		uint64_t word = (address >> 3) + i;
		uint64_t value = __atomic_load_n(entry_of(word), __ATOMIC_RELAXED);

		if (value >> 8 == word && value & mask)
			return true;
	}
	return false;
}
