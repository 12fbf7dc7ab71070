/*
 * A trace stays within bounds, however long the program runs. A thread records all its accesses
 * until it has written its quota, or the trace a quarter of what it may hold. From then on an
 * instruction is recorded in bursts that come more and more seldom the more often it is there: a
 * race between instructions that run rarely is still seen whole ("LiteRace", Marino et al., 2009).
 * When the trace is three quarters full, accesses end; the rest is for the other events. What is
 * left out is counted, the first time at once: no trace says that it is complete when it is not.
 */
#include "access/state.h"
#include "record/process.h"

#define BURST 64u
#define PERIOD_MAX_LG 10u
#define PERIOD_MAX (1u << PERIOD_MAX_LG)
#define PROBES 4u	     /* a power of two: places of an instruction */
#define PERIOD_ENTRIES 1024u /* after so many the period doubles */

/* Of how many accesses one is recorded, for the whole thread: of four times as many with each
 * quarter of a quota more that it has written, so that many instructions have no more room than
 * few. */
static uint32_t thread_period(const struct ct_access_state *s)
{
	uint64_t quarters = (s->logged - ct_state.settings.quota_bytes) /
			    (ct_state.settings.quota_bytes / 4 + 1);

	if (s->logged < ct_state.settings.quota_bytes) /* it is the trace that is large */
		return 1;
	return quarters < PERIOD_MAX_LG / 2 ? 1u << 2 * quarters : PERIOD_MAX;
}

/* The instruction's, or the first that is free, or the place of another. */
static struct ct_access_site *find_site(struct ct_access_state *s, uintptr_t pc)
{
	size_t first = (pc >> 1 ^ pc >> 9) & (CT_ACCESS_SITES - PROBES);

	for (size_t i = first; i < first + PROBES; i++)
		if (s->sites[i].pc == pc || !s->sites[i].pc)
			return &s->sites[i];
	return &s->sites[first + pc % PROBES];
}

/* Where there are too many instructions, one that takes another's place does not begin with a
 * burst: it may have had one before. */
static struct ct_access_site *site_of(struct ct_access_state *s, uintptr_t pc)
{
	struct ct_access_site *site = find_site(s, pc);

	if (site->pc != pc)
		*site = (struct ct_access_site){
			.pc = pc,
			.period = 1,
			.skip = site->pc ? BURST / 2 * (thread_period(s) - 1) : 0,
		};
	return site;
}

static bool is_between_bursts(const struct ct_access_state *s, struct ct_access_site *site)
{
	uint32_t period = thread_period(s);

	if (site->skip) {
		site->skip--;
		return true;
	}
	if (++site->count % PERIOD_ENTRIES == 0 && site->period < PERIOD_MAX)
		site->period *= 2;
	if (period < site->period)
		period = site->period;
	if (site->count % BURST == 0)
		site->skip = BURST * (period - 1);
	return false;
}

static struct ct_access_skips *count_skipped(struct ct_access_state *s, enum ct_skip_reason why)
{
	struct ct_access_skips *skips = &s->skips[why];

	if (why == CT_SKIP_SAMPLED) {
		skips->count += s->fast.skipped;
		s->fast.skipped = 0;
	}
	return skips;
}

/* Another instruction takes the place over. */
static void give_back(struct ct_access_state *s, uint64_t left)
{
	struct ct_access_site *site = find_site(s, left >> 16);

	if (site->pc == left >> 16)
		site->skip += left & CT_ACCESS_LEFT_MAX;
}

/* As many as may be left out before it is to be told how many were. */
bool ct_access_skip(struct ct_access_state *s, uintptr_t pc)
{
	struct ct_access_site *site = find_site(s, pc);
	uint64_t *left = ct_access_left_of(&s->fast, pc), room;
	const struct ct_access_skips *skips;

	if (site->pc != pc || !site->skip)
		return false;
	skips = count_skipped(s, CT_SKIP_SAMPLED);
	if (skips->count >= skips->told)
		return false;
	give_back(s, *left);
	room = skips->told - skips->count;
	if (room > site->skip)
		room = site->skip;
	if (room > CT_ACCESS_LEFT_MAX)
		room = CT_ACCESS_LEFT_MAX;
	site->skip -= (uint32_t)room;
	*left = pc << 16 | (room - 1);
	s->fast.skipped++;
	return true;
}

/* For each count that doubles: then few records tell nearly all, should the program be killed. */
static void skipped(struct ct_recorder *r, enum ct_skip_reason why)
{
	struct ct_access_skips *skips = count_skipped(ct_access_state_of(r), why);

	if (++skips->count > skips->told)
		ct_access_tell_skips(r, why);
}

bool ct_access_leave_out(struct ct_recorder *r, uintptr_t pc)
{
	struct ct_access_state *s = ct_access_state_of(r);
	uint64_t limit = ct_state.session->max_bytes;
	uint64_t bytes = __atomic_load_n(&ct_state.session->bytes, __ATOMIC_RELAXED);

	if (CT_UNLIKELY(limit && bytes > limit / 4 * 3)) {
		skipped(r, CT_SKIP_LIMIT);
		return true;
	}
	if (CT_LIKELY(s->logged < ct_state.settings.quota_bytes && (!limit || bytes < limit / 4)))
		return false;
	s->fast.samples = 1;
	if (!is_between_bursts(s, site_of(s, pc)))
		return false;
	skipped(r, CT_SKIP_SAMPLED);
	return true;
}

void ct_access_tell_skips(struct ct_recorder *r, enum ct_skip_reason why)
{
	struct ct_access_skips *skips = count_skipped(ct_access_state_of(r), why);
	uint64_t count = skips->count;

	if (!count)
		return;
	ct_record_obj_arg(r, ct_clock_now(), CT_EV_ACCESSES_SKIPPED, 0, 0, count, why);
	skips->told += count;
	skips->count -= count; /* a signal handler may have counted meanwhile */
}
