#include "access/trap/patience.h"

#include "record/recorder.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)

#define PLACES 16384u /* a power of two; two instructions may share one, which does no harm */
#define FIRST_USES 1u
#define FEW_USES 16u
/* A part of what is left, so that a program that goes on to new code can be held there, too. */
#define PART_OF_LEFT 16u
#define LEAST_NS (20 * US)
#define WITH_LOCKS_NS (400 * US)
#define CREATES_NS (200 * US)

struct range {
	uint64_t low_ns, high_ns;
};

enum use { FIRST, EARLY, LATE };

static const struct range of_reads[] = {
	[FIRST] = {300 * US, 1500 * US},
	[EARLY] = {200 * US, 1500 * US},
	[LATE] = {50 * US, 150 * US},
};
static const struct range of_writes[] = {
	[FIRST] = {1 * MS, 5 * MS},
	[EARLY] = {200 * US, 1500 * US},
	[LATE] = {50 * US, 150 * US},
};

static uint8_t uses[PLACES];

static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 31) * UINT64_C(0x9e3779b97f4a7c15);
	return value ^ value >> 29;
}

static uint8_t count_use(uintptr_t pc)
{
	uint8_t *count = &uses[mix(pc) >> 20 & (PLACES - 1)];
	uint8_t before = __atomic_load_n(count, __ATOMIC_RELAXED);

	if (before < UINT8_MAX)
		__atomic_store_n(count, (uint8_t)(before + 1), __ATOMIC_RELAXED);
	return before;
}

static enum use use_of(uint8_t before)
{
	if (before < FIRST_USES)
		return FIRST;
	return before < FEW_USES ? EARLY : LATE;
}

static uint64_t wanted(const struct ct_patience *with, uint64_t random)
{
	enum use use = use_of(count_use(with->pc));
	const struct range *range = with->writes ? &of_writes[use] : &of_reads[use];

	return range->low_ns + random % (range->high_ns - range->low_ns);
}

static uint64_t at_most(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t ct_patience_ns(const struct ct_patience *with)
{
	uint64_t random = mix(ct_clock_now() ^ (uintptr_t)ct_self) >> 8;
	uint64_t time_ns = wanted(with, random);

	if (with->has_locks)
		time_ns = at_most(time_ns, WITH_LOCKS_NS);
	if (with->creates)
		time_ns = at_most(time_ns, CREATES_NS);
	time_ns = at_most(time_ns, with->left_ns / PART_OF_LEFT);
	return time_ns < LEAST_NS ? 0 : time_ns;
}
