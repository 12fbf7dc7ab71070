/*
 * A trap is taken: the thread perhaps is held, and then runs the copy of the instruction. All of it
 * is inside the handler of SIGTRAP, with all signals held back.
 */
#include "access/trap/engine.h"

#include "access/trap/hold.h"
#include "access/trap/plant.h"
#include "access/trap/quiet.h"
#include "record/guard.h"
#include "record/self.h"
#include "sys/kernel.h"

/* A trap is spent after so many uses, or a few times as many if other threads do not come to the
 * memory, or only with a lock in common. */
#define USES 8u
#define USE_HITS 4u /* of `hits` of a site, for a use */
#define LONELY_USE_HITS 1u
/* The clock of any thread puts so many back, at most so often. */
#define PLANTED_AT_TICK 3u
#define TICK_NS 1000000u
#define HEADERS_MOST 1048576u
#define HEADER_READS_MOST 256u

#ifndef TRAP_PERF
#define TRAP_PERF 6
#endif

/* The site that the thread goes back to without having done its instruction, so that a signal that
 * has come while it was held finds it there. It will trap again, and is not held for that. */
static __thread uintptr_t returning __attribute__((tls_model("initial-exec")));

/* Whether a signal that the program would get now has come meanwhile. */
static bool signal_waits(const ucontext_t *context)
{
	static const uint64_t trap = UINT64_C(1) << (SIGTRAP - 1);
	uint64_t pending = 0, blocked;

	__builtin_memcpy(&blocked, &context->uc_sigmask, sizeof(blocked));
	if (CT_SYS(SYS_rt_sigpending, &pending, sizeof(pending), 0, 0, 0, 0) < 0)
		return false;
	return pending & ~blocked & ~trap;
}

static void count_use(struct ct_site *site, unsigned by)
{
	unsigned hits = __atomic_load_n(&site->hits, __ATOMIC_RELAXED) + by;

	__atomic_store_n(&site->hits, hits < UINT8_MAX ? hits : UINT8_MAX, __ATOMIC_RELAXED);
}

static bool is_spent(const struct ct_site *site)
{
	return __atomic_load_n(&site->hits, __ATOMIC_RELAXED) >= USES * USE_HITS;
}

enum use {
	USE_NONE,   /* nobody can race here, or it faults: the trap is taken out */
	USE_GUARD,  /* the trap stays: it reads what lies around the code */
	USE_LONELY, /* it counts for a part */
	USE_SOME,   /* it counts */
};

/* What a program that sums its code up reads first: the headers before it. It has to be noticed
 * before it comes to a trap. */
static bool approaches_code(const struct ct_site_access *access)
{
	return access->flags & CT_SITE_READS &&
	       ct_sites_has_code(&ct_engine.sites, access->address, access->size + HEADERS_MOST);
}

/* Who reads so much of that comes to the code next. */
static void watch_reader(void)
{
	static uint32_t seen;

	if (__atomic_add_fetch(&seen, 1, __ATOMIC_RELAXED) == HEADER_READS_MOST)
		ct_engine_aside(CT_TRAP_READS_CODE);
}

/* It is to fault where it stands: a core file shows that address. */
static bool faults(const struct ct_site_access *access)
{
	return !ct_sys_readable(access->address);
}

static enum use look(const struct ct_site *site, ucontext_t *context)
{
	struct ct_site_access accesses[2];
	unsigned count = ct_site_accesses(site, context, accesses);
	enum use use = USE_NONE;

	for (unsigned i = 0; i < count; i++) {
		const struct ct_site_access *a = &accesses[i];

		if (a->flags & CT_SITE_READS && ct_plant_covers(a->address, a->size)) {
			ct_engine_aside(CT_TRAP_READS_CODE);
			return USE_NONE;
		}
		if (faults(a))
			return USE_NONE;
		if (ct_quiet(a, context)) {
			if (use == USE_NONE && approaches_code(a))
				use = USE_GUARD;
			continue;
		}
		if (ct_hold_pass(a, context))
			use = USE_SOME;
		else if (use != USE_SOME)
			use = USE_LONELY;
	}
	return use;
}

/* Whether the thread may be held and code be written to: it is not a child on somebody's memory. */
static bool is_free(void)
{
	return !ct_engine_borrowed && !ct_guard_is_child();
}

/* Where it goes on: at the instruction itself if no trap stands there any more, or at its copy. */
static void go_on(const struct ct_site *site, ucontext_t *context, bool taken_out)
{
	ct_context_set_pc(context, taken_out ? site->address : site->copy);
}

static void clear(struct ct_site *site, ucontext_t *context)
{
	go_on(site, context, ct_plant_clear() && ct_plant_take_out(site));
}

static void take(struct ct_site *site, ucontext_t *context)
{
	enum use use;

	if (ct_engine.phase == CT_ENGINE_LOOKING) { /* they are just being planted */
		go_on(site, context, false);
		return;
	}
	if (ct_engine.phase != CT_ENGINE_RUNS) {
		clear(site, context);
		return;
	}
	if (ct_engine.alone) {
		go_on(site, context, ct_plant_take_out(site));
		return;
	}
	if (returning == site->address) {
		returning = 0;
		go_on(site, context, false);
		return;
	}
	ct_hold_trapped();
	use = look(site, context);
	if (use >= USE_LONELY)
		count_use(site, use == USE_SOME ? USE_HITS : LONELY_USE_HITS);
	if (!ct_hold_allowed()) {
		clear(site, context);
		return;
	}
	if (use == USE_GUARD) {
		watch_reader();
		go_on(site, context, false);
		return;
	}
	if (use == USE_NONE || is_spent(site)) {
		go_on(site, context, ct_plant_take_out(site));
		return;
	}
	if (signal_waits(context)) {
		returning = site->address;
		go_on(site, context, true);
		return;
	}
	go_on(site, context, false);
}

bool ct_take_signal(siginfo_t *info, ucontext_t *context)
{
	struct ct_site *site;

	if (!ct_engine.sites.count || info->si_code <= 0) /* somebody has sent it */
		return false;
	if (info->si_code == TRAP_PERF)
		return ct_hold_perf(info, context, &ct_engine.sites);
	if (info->si_code != SI_KERNEL && info->si_code != TRAP_BRKPT)
		return false;
	site = ct_sites_at(&ct_engine.sites, ct_context_pc(context) - CT_TRAP_LENGTH);
	if (!site || !site->length) /* code that came where other was unloaded */
		return false;
	__atomic_add_fetch(&ct_engine.traps, 1, __ATOMIC_RELAXED);
	if (is_free())
		take(site, context);
	else
		go_on(site, context, false);
	return true;
}

/* Within an instruction with a trap nobody stops but for that: if the kernel cannot put its frame
 * on the stack. */
static bool is_behind_trap(const struct ct_site *site)
{
	return site && site->length > CT_TRAP_LENGTH &&
	       ct_plant_covers(site->address, CT_TRAP_LENGTH);
}

bool ct_take_hide(ucontext_t *context)
{
	uintptr_t pc = ct_context_pc(context);
	const struct ct_site *site;
	bool done = false;

	if (!ct_engine.sites.count)
		return false;
	site = ct_sites_of_copy(&ct_engine.sites, pc, &done);
	if (site) {
		ct_context_set_pc(context, site->address + (done ? site->length : 0u));
		return false;
	}
	site = ct_sites_at(&ct_engine.sites, pc - CT_TRAP_LENGTH);
	if (!is_behind_trap(site))
		return false;
	ct_context_set_pc(context, site->address);
	return true;
}

/* Of two threads at once one has it. */
static bool is_time(void)
{
	static uint64_t last;
	uint64_t before = __atomic_load_n(&last, __ATOMIC_RELAXED), now = ct_sys_time();

	return now - before >= TICK_NS &&
	       __atomic_compare_exchange_n(&last, &before, now, false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

void ct_take_tick(void)
{
	if (ct_engine.phase != CT_ENGINE_RUNS || ct_engine.alone || !is_free())
		return;
	if (!ct_hold_allowed() || !is_time())
		return;
	ct_plant_some(PLANTED_AT_TICK);
	ct_hold_wrote(2 * PLANTED_AT_TICK); /* each is soon taken out again */
}
