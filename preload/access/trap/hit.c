/* What perf's signals tell: a watchpoint's of an access by code without traps, and the clock's. */
#include "access/trap/atomic_set.h"
#include "access/trap/budget.h"
#include "access/trap/caught.h"
#include "access/trap/hold.h"
#include "access/trap/value.h"
#include "access/trap/watch.h"
#include "record/recorder.h"

#define HIT_NS 12000u /* what a watchpoint costs that tells of an access */

static void (*on_tick)(void);

void ct_hold_set_tick(void (*tick)(void))
{
	on_tick = tick;
}

/* The site of an instruction after which a watchpoint told: a repeated one may not be at its end
 * yet. `out_pc`: where that is in the program. */
static const struct ct_site *site_of(const struct ct_sites *sites, uintptr_t pc, uintptr_t *out_pc)
{
	const struct ct_site *site;
	bool done;

	*out_pc = pc;
	site = ct_sites_of_copy(sites, pc, &done);
	if (site) {
		*out_pc = site->address + site->length;
		return site;
	}
	site = ct_sites_at(sites, pc);
	if (site && site->flags & CT_SITE_REPEATED)
		*out_pc = site->address + 1;
	else
		site = ct_sites_before(sites, pc);
	return site;
}

/* Whether it may have been that site: a jump or call by way of the watched memory leads anywhere,
 * also right behind one. */
static bool fits(const struct ct_site *site, const struct ct_watched *watched)
{
	if (watched->writes_only && !(site->flags & CT_SITE_WRITES))
		return false;
	return !site->absolute || (site->absolute < watched->address + watched->what.size &&
				   watched->address < site->absolute + site->size);
}

/* What a watchpoint's access was. Of code without sites only the effect tells: libc reads beyond
 * the end of what it was given, on purpose. */
static uint8_t kind_watched(const struct ct_site *site, const struct ct_watched *watched)
{
	uint64_t now;

	if (site)
		return ct_caught_kind(site->flags);
	if (watched->writes_only)
		return CT_ACCESS_WRITE | CT_CAUGHT_LIBRARY;
	if (ct_value_read(watched->address, watched->what.size, &now) && now != watched->before)
		return CT_ACCESS_WRITE | CT_CAUGHT_LIBRARY;
	return 0;
}

/* Whether the calling thread has met the one that is held. */
static bool hit(const struct ct_watched *watched, ucontext_t *context, const struct ct_sites *sites)
{
	uintptr_t here = ct_context_pc(context), pc;
	const struct ct_site *site = site_of(sites, here, &pc);
	uint8_t kind = kind_watched(site, watched);
	const struct ct_held_access *held = &watched->what;
	bool met;

	if (kind & CT_CAUGHT_LOCKED && fits(site, watched))
		ct_atomic_set_add(watched->address, held->size);
	if (!kind || (site && !fits(site, watched)) || kind & CT_CAUGHT_LOCKED ||
	    !ct_caught_takes_part(ct_self) || ct_self->tid == held->tid ||
	    !((kind | ct_caught_kind(held->flags)) & CT_ACCESS_WRITE) ||
	    !ct_caught_wanted(held->pc, pc))
		return false;
	ct_context_set_pc(context, pc); /* what the stack is unwound from */
	met = ct_caught_meet(held, &watched->place, context,
			     &(struct ct_payload_caught){.object = watched->address,
							 .number = held->number,
							 .size = site ? site->size : 0,
							 .kind = kind,
							 .how = CT_CAUGHT_WATCHED});
	ct_context_set_pc(context, here);
	return met;
}

bool ct_hold_perf(const siginfo_t *info, ucontext_t *context, const struct ct_sites *sites)
{
	struct ct_watched watched;
	int number;

	switch (ct_watch_signalled(info, &watched, &number)) {
	case CT_WATCH_FOREIGN:
		return false;
	case CT_WATCH_TICK:
		if (on_tick)
			on_tick();
		break;
	case CT_WATCH_HIT:
		ct_budget_use(HIT_NS);
		if (!hit(&watched, context, sites))
			ct_watch_useless(number);
		break;
	case CT_WATCH_NOTHING:
		break;
	}
	return true;
}
