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
#define PERIOD_MAX 1024u
#define PERIOD_ENTRIES 1024u /* after so many the period doubles */

static struct ct_access_site *site_of(struct ct_access_state *s, uintptr_t pc)
{
	struct ct_access_site *site = ct_access_site_of(s, pc);

	if (site->pc != pc)
		*site = (struct ct_access_site){.pc = pc, .period = 1};
	return site;
}

static bool is_between_bursts(struct ct_access_site *site)
{
	if (site->skip) {
		site->skip--;
		return true;
	}
	if (++site->count % PERIOD_ENTRIES == 0 && site->period < PERIOD_MAX)
		site->period *= 2;
	if (site->count % BURST == 0)
		site->skip = BURST * (site->period - 1);
	return false;
}

void ct_access_give_back_skips(struct ct_access_state *s, struct ct_access_run *run)
{
	if (CT_UNLIKELY(run->skip)) {
		site_of(s, run->pc)->skip += run->skip;
		run->skip = 0;
	}
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

/* As many as may be left out before it is to be told how many were. */
bool ct_access_skip(struct ct_access_state *s, uintptr_t pc)
{
	struct ct_access_site *site = ct_access_site_of(s, pc);
	struct ct_access_run *run = ct_access_run_of(&s->fast, pc);
	const struct ct_access_skips *skips;
	uint64_t room;

	if (site->pc != pc || !site->skip)
		return false;
	skips = count_skipped(s, CT_SKIP_SAMPLED);
	room = skips->told - skips->count;
	if (skips->count >= skips->told)
		return false;
	if (run->pc != pc) {
		ct_access_give_back_skips(s, run);
		*run = (struct ct_access_run){.pc = pc, .next = CT_ACCESS_NOWHERE};
	}
	run->skip = room < site->skip ? (uint32_t)room : site->skip;
	site->skip -= run->skip;
	run->skip--;
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
	s->samples = true;
	if (!is_between_bursts(site_of(s, pc)))
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
