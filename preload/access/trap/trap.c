#include "access/trap/trap.h"

#include <dlfcn.h>
#include <errno.h>
#include <sys/mman.h>

#include "access/trap/engine.h"
#include "access/trap/hold.h"
#include "access/trap/obstacles.h"
#include "access/trap/plant.h"
#include "access/trap/quiet.h"
#include "record/accesses.h"
#include "record/process.h"
#include "record/recorder.h"
#include "record/traps.h"
#include "sys/kernel.h"

/* More of them only wear the budget out. */
#define SITES_MOST 20000u
/* As new threads come, spent traps are put back, but not more often than this. */
#define AGAIN_NS 20000000u

struct ct_engine ct_engine;
__thread int ct_engine_borrowed __attribute__((tls_model("initial-exec")));

static uint64_t planted_at;
static bool shares_memory; /* with other processes */
static bool planted;	   /* there were traps */
static bool told;	   /* why there are no traps, or no more */

static void write_statistics(void)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	struct ct_payload_traps *p;
	struct ct_hold_stats stats;

	if (!r)
		return;
	ct_hold_stats(&stats);
	p = (void *)ct_recorder_head(r, ct_clock_now(), CT_EV_ACCESS_TRAPS, 0, 0);
	*p = (struct ct_payload_traps){
		.object = ct_engine.why,
		.places = planted ? ct_engine.sites.count : 0,
		.traps = __atomic_load_n(&ct_engine.traps, __ATOMIC_RELAXED),
		.held = stats.held,
		.held_ns = stats.held_ns,
		.allowed_ns = stats.allowed_ns,
		.caught = stats.caught,
	};
	ct_recorder_commit(r, sizeof(struct ct_record_head) + sizeof(*p));
	ct_recorder_leave(r);
}

static void tell_aside(void)
{
	if (!__atomic_exchange_n(&told, true, __ATOMIC_ACQ_REL))
		write_statistics();
}

/* From outside of the SIGTRAP handler and from inside. In a process that nobody can race with, it
 * is not worth a word. */
void ct_engine_aside(enum ct_trap_aside why)
{
	uint32_t expected = CT_TRAP_STAYS, before;
	uint64_t signals;

	if (!__atomic_compare_exchange_n(&ct_engine.why, &expected, why, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		return;
	before = __atomic_exchange_n(&ct_engine.phase, CT_ENGINE_ASIDE, __ATOMIC_ACQ_REL);
	if (before == CT_ENGINE_ASLEEP)
		return;
	signals = ct_sys_hold_signals();
	(void)ct_plant_clear_patiently(); /* else at the next trap that is met */
	ct_hold_end();
	ct_sys_set_signals(signals);
	if (!ct_engine.alone && !ct_engine_borrowed)
		tell_aside();
}

/* The code of libraries that are gone since. */
static void forget_unloaded(void)
{
	for (unsigned i = 0; i < CT_SITE_MODULES; i++) {
		const struct ct_code *code = &ct_engine.sites.code[i];
		struct dl_find_object found;

		if (code->start && _dl_find_object((void *)code->start, &found) != 0)
			ct_plant_forget(code->start, code->end - code->start);
	}
}

/* A signal handler of the program must not jump out of it. */
static bool plant(void)
{
	uint64_t signals = ct_sys_hold_signals();
	bool done = ct_plant_begin(&ct_engine.sites);

	ct_sys_set_signals(signals);
	return done;
}

static enum ct_trap_aside begin(void)
{
	const struct ct_settings *settings = &ct_state.settings;
	bool filtered;
	enum ct_trap_aside why = ct_obstacle(&filtered);

	if (why != CT_TRAP_STAYS)
		return why;
	if (!ct_sites_find(settings->traps, SITES_MOST, &ct_engine.sites, &why))
		return why;
	why = ct_engine.sites.count ? ct_obstacle_of_code(&ct_engine.sites) : CT_TRAP_NO_CODE;
	if (why != CT_TRAP_STAYS)
		return why;
	ct_quiet_init();
	if (filtered)
		ct_hold_restrict();
	ct_hold_init(settings->races_budget);
	ct_hold_set_tick(ct_take_tick);
	planted = plant();
	return planted ? CT_TRAP_STAYS : CT_TRAP_REFUSED;
}

static void wake(void)
{
	uint32_t expected = CT_ENGINE_ASLEEP;
	enum ct_trap_aside why;

	if (ct_plant_is_frozen()) /* a library that is being unloaded creates a thread */
		return;
	if (!__atomic_compare_exchange_n(&ct_engine.phase, &expected, CT_ENGINE_LOOKING, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return;
	why = begin();
	planted_at = ct_sys_time();
	if (why != CT_TRAP_STAYS) {
		ct_engine_aside(why);
		return;
	}
	expected = CT_ENGINE_LOOKING;
	if (__atomic_compare_exchange_n(&ct_engine.phase, &expected, CT_ENGINE_RUNS, false,
					__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		write_statistics(); /* if the process is killed, that is what is known of it */
}

/* What one thread has worn out alone may be of use now that there are two. */
static void plant_again(void)
{
	uint64_t now = ct_sys_time(), signals;

	if (now - planted_at < AGAIN_NS || !ct_hold_allowed())
		return;
	planted_at = now;
	signals = ct_sys_hold_signals();
	ct_plant_again();
	ct_sys_set_signals(signals);
}

static void company(bool memory)
{
	int saved = errno;

	if (ct_engine_borrowed || ct_accesses || !ct_state.session)
		return; /* compiled for it: that sees more */
	if (memory)
		shares_memory = true;
	ct_engine.alone = false;
	if (ct_engine.phase == CT_ENGINE_ASLEEP)
		wake();
	else if (ct_engine.phase == CT_ENGINE_RUNS)
		plant_again();
	else if (ct_engine.phase == CT_ENGINE_ASIDE)
		tell_aside();
	if (ct_engine.phase == CT_ENGINE_RUNS)
		ct_hold_create();
	errno = saved;
}

static void forked(void)
{
	ct_plant_forked();
	ct_hold_forked();
	ct_engine.traps = 0;
	ct_engine.alone = !shares_memory;
	planted_at = 0; /* what it takes out alone is put back with its first thread */
}

static void borrowed(bool begins)
{
	ct_engine_borrowed += begins ? 1 : -1; /* such a child may have one of its own */
}

static void unloading(bool begins)
{
	if (ct_engine_borrowed)
		return;
	if (!begins && ct_engine.sites.count)
		forget_unloaded();
	ct_plant_freeze(begins);
}

static void aside(enum ct_trap_aside why)
{
	/* what a vfork child does to itself is not its parent's; but the code is that of both */
	if (!ct_engine_borrowed || why == CT_TRAP_DEBUGGER)
		ct_engine_aside(why);
}

static void pages_change(const void *start, size_t size, int protection)
{
	if (ct_engine.phase == CT_ENGINE_RUNS && protection != (PROT_READ | PROT_EXEC) &&
	    ct_sites_has_code(&ct_engine.sites, (uintptr_t)start, size))
		aside(CT_TRAP_WRITES_CODE);
}

static bool owns(int fd)
{
	return fd >= 0 && ct_engine.phase == CT_ENGINE_RUNS &&
	       ct_hold_owns_any((unsigned)fd, (unsigned)fd);
}

static void closing(unsigned first, unsigned last)
{
	if (ct_engine.phase != CT_ENGINE_RUNS || ct_engine_borrowed)
		return;
	if (ct_hold_owns_any(first, last))
		ct_hold_end();
}

static void ends(void)
{
	if (ct_engine.alone || ct_engine_borrowed)
		return;
	if (ct_engine.phase == CT_ENGINE_RUNS)
		write_statistics();
	else if (ct_engine.phase == CT_ENGINE_ASIDE) /* a child on our memory may have said so */
		tell_aside();
}

void ct_trap_start(const struct ct_settings *settings)
{
	static const struct ct_trap_calls calls = {
		.company = company,
		.forked = forked,
		.borrowed = borrowed,
		.aside = aside,
		.pages_change = pages_change,
		.unloading = unloading,
		.handle = ct_take_signal,
		.hide = ct_take_hide,
		.owns = owns,
		.closing = closing,
		.ends = ends,
	};

	if (settings->races == CT_RACES_TRAPS || settings->races == CT_RACES_AUTO)
		ct_traps = &calls;
}
