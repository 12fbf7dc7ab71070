#include "access/trap/budget.h"

#include "record/process.h"

/* What a child has at least, of a parent that has used up its own. */
#define CHILD_LEAST_NS 2000000u
/* Of coming late: who waited for a processor gets the more of it afterwards, so that a part is lost
 * only, but all of it where others spin meanwhile. */
#define LATE_PART 2u

static struct {
	uint32_t percent;
	uint64_t least_ns;
	uint64_t begin; /* ticks */
	uint64_t used_ns, late_ns;
} budget;

uint64_t ct_budget_ns(uint64_t ticks)
{
	uint64_t per_us = ct_state.session->frequency / 1000000u;

	return ticks * 1000u / (per_us ? per_us : 1);
}

uint32_t ct_budget_now_ms(void)
{
	uint64_t per_ms = ct_state.session->frequency / 1000u;

	return (uint32_t)(ct_clock_now() / (per_ms ? per_ms : 1));
}

void ct_budget_init(uint32_t percent)
{
	budget.percent = percent;
	budget.least_ns = percent ? CT_BUDGET_LEAST_NS : 0;
	budget.begin = ct_clock_now();
	budget.used_ns = budget.late_ns = 0;
}

/* A thousand short children would take a thousand times what their parent has. */
void ct_budget_forked(void)
{
	uint32_t processes = __atomic_load_n(&ct_state.session->processes, __ATOMIC_RELAXED);
	uint64_t left = ct_budget_left();

	if (!budget.percent)
		return;
	if (left > CT_BUDGET_LEAST_NS)
		left = CT_BUDGET_LEAST_NS;
	left /= processes ? processes : 1;
	budget.least_ns = left < CHILD_LEAST_NS ? CHILD_LEAST_NS : left;
	budget.begin = ct_clock_now();
	budget.used_ns = budget.late_ns = 0;
}

void ct_budget_use(uint64_t time_ns)
{
	__atomic_add_fetch(&budget.used_ns, time_ns, __ATOMIC_RELAXED);
}

void ct_budget_late(uint64_t time_ns)
{
	__atomic_add_fetch(&budget.late_ns, time_ns, __ATOMIC_RELAXED);
}

uint64_t ct_budget_allowed(void)
{
	uint64_t share = ct_budget_ns(ct_clock_now() - budget.begin) / 100u * budget.percent;

	return share > budget.least_ns ? share : budget.least_ns;
}

uint64_t ct_budget_left(void)
{
	uint64_t used = __atomic_load_n(&budget.used_ns, __ATOMIC_RELAXED);
	uint64_t late = __atomic_load_n(&budget.late_ns, __ATOMIC_RELAXED) / LATE_PART;
	uint64_t allowed = ct_budget_allowed();

	if (used < late)
		used = late;
	return used < allowed ? allowed - used : 0;
}
