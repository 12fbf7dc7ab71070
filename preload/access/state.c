/*
 * Which thread has which state, from its first access to its last record.
 */
#include "access/state.h"

#include "access/atomics.h"

#include "record/defs.h"
#include "record/guard.h"
#include "record/process.h"
#include "record/stack.h"
#include "record/thread.h"
#include "sys/kernel.h"

struct ct_access_thread ct_access_nothing;
__thread struct ct_access_state *ct_access_mine;

static struct ct_access_state *states; /* all that there are */

/* Modules with instrumented code, by an address in them. */
static const void *modules[CT_ACCESS_MODULES];
static uint32_t told; /* number of the process that has defined them */

static uint64_t owner_of(const struct ct_recorder *r)
{
	return (uint64_t)r->process->number << 32 | r->number;
}

bool ct_access_off(void)
{
	return ct_state.settings.races == CT_RACES_OFF;
}

static void define_modules(struct ct_process *process)
{
	if (ct_access_off() ||
	    __atomic_exchange_n(&told, process->number, __ATOMIC_ACQ_REL) == process->number)
		return;
	for (uint32_t i = 0; i < CT_ACCESS_MODULES; i++) {
		const void *within = __atomic_load_n(&modules[i], __ATOMIC_ACQUIRE);

		if (within)
			ct_defs_instrumented(process, within);
	}
}

/* A state whose owner has ended, or stayed behind in the process that this one was forked from. */
static struct ct_access_state *claim_free(const struct ct_recorder *r)
{
	struct ct_access_state *s = __atomic_load_n(&states, __ATOMIC_ACQUIRE);

	for (; s; s = s->next) {
		uint64_t owner = __atomic_load_n(&s->owner, __ATOMIC_RELAXED);

		if (owner >> 32 != r->process->number &&
		    __atomic_compare_exchange_n(&s->owner, &owner, owner_of(r), false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return s;
	}
	return NULL;
}

static struct ct_access_state *claim(const struct ct_recorder *r)
{
	struct ct_access_state *s = claim_free(r);

	if (s)
		return s;
	s = ct_sys_map(-1, sizeof(*s));
	if (!s)
		return NULL;
	s->owner = owner_of(r);
	s->next = __atomic_load_n(&states, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&states, &s->next, s, true, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
	return s;
}

/* From here on no recorder is looked at, until there is a new run. */
static void end_runs(struct ct_access_state *s)
{
	for (uint32_t i = 0; i < CT_ACCESS_RUNS; i++)
		s->fast.runs[i].pc = 0;
}

/* For a thread that has accessed nothing yet; its functions stay entered. */
static void empty(struct ct_access_state *s)
{
	s->fast.epoch = (struct ct_epoch){CT_EPOCH_ONE, s->fast.filter, sizeof(s->fast.filter)};
	__builtin_memset(s->fast.filter, 0, sizeof(s->fast.filter));
	__builtin_memset(s->ranges, 0, sizeof(s->ranges));
	__builtin_memset(s->seen, 0, sizeof(s->seen));
	s->idle.end = NULL;
	__builtin_memset(s->skips, 0, sizeof(s->skips));
	if (s->logged) /* else none is used: it is left untouched memory */
		__builtin_memset(s->sites, 0, sizeof(s->sites));
	s->logged = 0;
	s->fast.samples = s->fast.skipped = 0;
	__builtin_memset(s->fast.left_out, 0, sizeof(s->fast.left_out));
	end_runs(s);
}

static struct ct_access_state *begin(struct ct_recorder *r)
{
	struct ct_access_state *s;

	if (!ct_access_contexts_init())
		return NULL;
	s = claim(r);
	if (!s)
		return NULL;
	empty(s);
	s->outermost = (struct ct_access_frame){.sp = UINTPTR_MAX, .context = 1};
	s->fast.top = s->fast.base = s->frames;
	s->fast.limit = s->frames + CT_ACCESS_FRAMES;
	s->fast.recorder = r;
	r->epoch = &s->fast.epoch;
	ct_access_mine = s;
	return s;
}

/* One more module of the thread comes to its state. */
static bool point(struct ct_access_thread **self, struct ct_access_state *s)
{
	for (uint32_t i = 0; i < CT_ACCESS_MODULES; i++) {
		if (s->modules[i] && s->modules[i] != self)
			continue;
		s->modules[i] = self;
		*self = &s->fast;
		return true;
	}
	return false;
}

/* A child by vfork runs in its parent's memory, and nothing of it is ordered otherwise than the
 * parent itself: what it accesses until it becomes another program is not recorded. */
static bool is_vfork_child(const struct ct_recorder *r)
{
	return r->process != ct_state.process;
}

static bool attach(struct ct_access_thread **self, struct ct_recorder *r)
{
	struct ct_access_state *s = ct_access_mine;

	if (is_vfork_child(r) || ct_access_off())
		return false;
	if (!s || r->epoch != &s->fast.epoch)
		s = begin(r);
	define_modules(r->process);
	return s && point(self, s);
}

struct ct_recorder *ct_access_enter_slow(struct ct_access_thread **self, struct ct_recorder *r)
{
	if (!r)
		return NULL;
	if (ct_accesses && !ct_stack_is_short(r, (uintptr_t)__builtin_frame_address(0))) {
		ct_recorder_hold_signals(r);
		if (attach(self, r))
			return r;
	}
	ct_recorder_leave(r);
	return NULL;
}

struct ct_recorder *ct_access_enter(void)
{
	return ct_access_enter_as(&ct_access_self);
}

bool ct_access_thread_records(void)
{
	return ct_self->end != NULL;
}

void ct_access_count_busy(void)
{
	struct ct_access_state *s = ct_access_mine;

	if (s && ct_self->epoch == &s->fast.epoch)
		s->skips[CT_SKIP_BUSY].count++;
}

static void thread_ends(void)
{
	struct ct_access_state *s = ct_access_mine;
	struct ct_recorder *r;

	if (!s)
		return;
	end_runs(s);
	r = ct_recorder_enter(CT_SIZE_ANY);
	if (!r)
		return;
	if (r->epoch == &s->fast.epoch) {
		for (unsigned why = CT_SKIP_SAMPLED; why <= CT_SKIP_BUSY; why++)
			ct_access_tell_skips(r, why);
		r->epoch = &r->no_epoch;
		ct_access_mine = NULL;
		for (uint32_t i = 0; i < CT_ACCESS_MODULES && s->modules[i]; i++) {
			/* else its module is gone, and the memory somebody else's */
			if (*s->modules[i] == &s->fast)
				*s->modules[i] = &ct_access_nothing;
			s->modules[i] = NULL;
		}
		CT_BARRIER();
		__atomic_store_n(&s->owner, 0, __ATOMIC_RELEASE);
	}
	ct_recorder_leave(r);
}

static void recorder_ends(void)
{
	if (ct_access_mine)
		end_runs(ct_access_mine);
}

static void process_forked(void)
{
	struct ct_recorder *r = ct_self;
	struct ct_access_state *s = ct_access_mine;

	define_modules(r->process);
	if (!s)
		return;
	empty(s);
	s->owner = owner_of(r);
	s->fast.recorder = r;
	r->epoch = &s->fast.epoch;
}

static const struct ct_access_calls calls = {
	.thread_ends = thread_ends,
	.recorder_ends = recorder_ends,
	.process_forked = process_forked,
};

static void module_begins(const void *within)
{
	struct ct_process *process;

	for (uint32_t i = 0; i < CT_ACCESS_MODULES; i++) {
		const void *none = NULL;

		if (__atomic_load_n(&modules[i], __ATOMIC_RELAXED) == within)
			return;
		if (__atomic_compare_exchange_n(&modules[i], &none, within, false, __ATOMIC_RELEASE,
						__ATOMIC_RELAXED))
			break;
	}
	__atomic_store_n(&ct_accesses, &calls, __ATOMIC_RELEASE);
	process = ct_recorder_process();
	/* Else it has none yet: the first access will define all. */
	if (process && __atomic_load_n(&told, __ATOMIC_ACQUIRE) == process->number)
		ct_defs_instrumented(process, within);
	else if (process)
		define_modules(process);
}

static void module_ends(const void *within)
{
	for (uint32_t i = 0; i < CT_ACCESS_MODULES; i++)
		if (__atomic_load_n(&modules[i], __ATOMIC_RELAXED) == within)
			__atomic_store_n(&modules[i], NULL, __ATOMIC_RELEASE);
}

const struct ct_access_library ct_access_calls = {
	.version = CT_ACCESS_VERSION,
	.size = sizeof(ct_access_calls),
	.module_begins = module_begins,
	.module_ends = module_ends,
	.miss = ct_access_missed,
	.range = ct_access_ranged,
	.enter = ct_access_entered,
	.atomics = &ct_atomic_calls,
};
