#include "access/trap/patience.h"

#include "record/recorder.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)

#define PLACES 16384u /* a power of two; two instructions may share one, which does no harm */
#define FIRST_USES 1u
#define FEW_USES 16u
#define NEW_USES 3u /* of those at memory that nobody else is known to touch */
#define SELDOM 4u   /* one of so many is held where others hardly come */
/* A part of what is left, so that a program that goes on to new code can be held there, too. */
#define PART_OF_LEFT 16u
#define LEAST_NS (20 * US)
#define MOST_LATE_NS (10 * MS)
#define WITH_LOCKS_NS (400 * US)
#define CREATES_NS (100 * US)

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
static uint64_t usually_late_ns;

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

/* A thread that was just created may come to what no other is known to touch. */
static bool others_may_begin(const struct ct_patience *with)
{
	bool open = with->history == CT_HISTORY_NEW || with->history == CT_HISTORY_OWN;

	return open && with->begins && !with->has_locks;
}

/* Others hardly come, or wait for the lock. */
static bool is_lonely(const struct ct_patience *with)
{
	bool alone = with->has_locks || with->history != CT_HISTORY_NEW;

	return with->history != CT_HISTORY_SHARED && alone && !others_may_begin(with);
}

static bool is_first_touch(const struct ct_patience *with)
{
	return with->history == CT_HISTORY_NEW || with->history == CT_HISTORY_GIVEN;
}

static enum use use_of(const struct ct_patience *with, uint8_t before)
{
	bool many = with->history == CT_HISTORY_SHARED || others_may_begin(with);
	bool lonely = is_lonely(with);

	if (before < FIRST_USES && (is_first_touch(with) || !lonely))
		return FIRST;
	if (lonely)
		return before < FIRST_USES && !with->has_locks ? EARLY : LATE;
	return before < (many ? FEW_USES : NEW_USES) ? EARLY : LATE;
}

static uint64_t at_most(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t usually_late(void)
{
	return __atomic_load_n(&usually_late_ns, __ATOMIC_RELAXED);
}

void ct_patience_late(uint64_t late_ns)
{
	uint64_t usual = usually_late();

	__atomic_store_n(&usually_late_ns, usual - usual / 4 + at_most(late_ns, MOST_LATE_NS) / 4,
			 __ATOMIC_RELAXED);
}

static uint64_t wanted(const struct ct_patience *with, uint64_t random)
{
	uint8_t before = count_use(with->pc);
	enum use use = use_of(with, before);
	const struct range *range = with->writes ? &of_writes[use] : &of_reads[use];

	if (before >= FIRST_USES && is_lonely(with) && random % SELDOM)
		return 0;
	random /= SELDOM;
	return range->low_ns + random % (range->high_ns - range->low_ns) +
	       at_most(usually_late(), range->high_ns);
}

uint64_t ct_patience_ns(const struct ct_patience *with)
{
	uint64_t random = mix(ct_clock_now() ^ (uintptr_t)ct_self) >> 8;
	uint64_t time_ns = wanted(with, random);

	if (with->has_locks)
		time_ns = at_most(time_ns, WITH_LOCKS_NS);
	if (with->creates && with->history != CT_HISTORY_SHARED)
		time_ns = at_most(time_ns, CREATES_NS);
	time_ns = at_most(time_ns, with->left_ns / PART_OF_LEFT);
	return time_ns < LEAST_NS ? 0 : time_ns;
}
