#include "access/trap/hold.h"

#include <fcntl.h>

#include "access/trap/atomic_set.h"
#include "access/trap/budget.h"
#include "access/trap/caught.h"
#include "access/trap/company.h"
#include "access/trap/patience.h"
#include "access/trap/value.h"
#include "access/trap/watch.h"
#include "record/process.h"
#include "record/stack.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define TRAP_NS 3000u	/* what a trap costs */
#define WRITE_NS 10000u /* what changing code costs, of which all processors are told */
/* Who was met waits a little longer, for the other's access to be seen in the value. */
#define LINGER_NS 50000u
#define LINGERS 6u
#define TELL_NS 500000u /* two records with new stacks, and to linger */
#define WAKE_NS 60000u	/* timers are that late */

static struct {
	uint64_t held, held_ns;
} hold;

void ct_hold_init(uint32_t percent)
{
	ct_budget_init(percent);
	ct_watch_open();
}

void ct_hold_restrict(void)
{
	ct_watch_restrict();
	ct_value_restrict();
}

void ct_hold_set_shared(bool (*find)(uintptr_t address, struct ct_hold_memory *out))
{
	ct_company_set_shared(find);
}

void ct_hold_create(void)
{
	ct_watch_open();
	ct_company_expect();
}

void ct_hold_forked(void)
{
	ct_watch_forked();
	ct_budget_forked();
	ct_caught_forked();
	hold.held = hold.held_ns = 0;
}

void ct_hold_end(void)
{
	ct_watch_close();
}

bool ct_hold_owns_any(unsigned first, unsigned last)
{
	return ct_watch_owns_any(first, last);
}

bool ct_hold_allowed(void)
{
	return ct_budget_left() > 0;
}

void ct_hold_trapped(void)
{
	ct_budget_use(TRAP_NS);
}

void ct_hold_wrote(unsigned times)
{
	ct_budget_use((uint64_t)times * WRITE_NS);
}

void ct_hold_stats(struct ct_hold_stats *out)
{
	*out = (struct ct_hold_stats){
		.held = __atomic_load_n(&hold.held, __ATOMIC_RELAXED),
		.held_ns = __atomic_load_n(&hold.held_ns, __ATOMIC_RELAXED),
		.caught = ct_caught_total(),
		.allowed_ns = ct_budget_allowed(),
	};
}

/* Whoever has stopped the other process (SIGSTOP) before it comes here is ordered by that. Source:
 * proc(5), /proc/PID/stat: the state stands behind the name, which may contain parentheses. */
static bool is_stopped(uint32_t tid)
{
	char text[64], state = 0;
	struct ct_line path;
	long n = 0;
	int fd;

	ct_line_init(&path, text, sizeof(text));
	ct_line_add(&path, "/proc/");
	ct_line_add_u64(&path, tid);
	ct_line_add(&path, "/stat");
	fd = ct_sys_open(text, O_RDONLY, 0);
	if (fd < 0)
		return false;
	n = ct_sys_read(fd, text, sizeof(text));
	ct_sys_close(fd);
	for (long i = 0; i + 2 < n; i++)
		if (text[i] == ')')
			state = text[i + 2];
	return state == 'T' || state == 't';
}

/* Whether there was somebody to be met. */
static bool come(const struct ct_held_access *mine, uintptr_t address, const ucontext_t *context)
{
	struct ct_held_access *places = ct_state.session->held_accesses;
	struct ct_payload_caught payload = {.object = address,
					    .size = ct_caught_size(mine->size),
					    .kind = ct_caught_kind(mine->flags),
					    .how = CT_CAUGHT_CAME};
	uint32_t now_ms = ct_budget_now_ms();

	for (uint32_t i = 0; i < CT_HELD_ACCESSES; i++) {
		struct ct_held_access held;
		struct ct_held_place place;

		if (!ct_rendezvous_look(places, i, now_ms, &held, &place))
			continue;
		if (!ct_rendezvous_conflict(&held, mine) || !ct_caught_wanted(held.pc, mine->pc))
			continue;
		if (held.process != mine->process && is_stopped(held.tid))
			continue;
		payload.number = held.number;
		if (ct_caught_meet(&held, &place, context, &payload))
			return true;
	}
	return false;
}

/* The value at the end. Who has come was let go on only now, and is about to write its record. */
static uint64_t linger(uintptr_t address, uint32_t size, uint64_t before)
{
	uint64_t after = before;

	for (unsigned i = 0; i < LINGERS && after == before; i++) {
		ct_sys_sleep(LINGER_NS);
		if (!ct_value_read(address, size, &after))
			return before;
	}
	return after;
}

static void tell_held(const struct ct_held_access *mine, uintptr_t address,
		      const ucontext_t *context, uint64_t before)
{
	struct ct_payload_caught payload = {.object = address,
					    .number = mine->number,
					    .before = before,
					    .after = linger(address, mine->size, before),
					    .size = ct_caught_size(mine->size),
					    .kind = ct_caught_kind(mine->flags),
					    .how = CT_CAUGHT_HELD};
	struct ct_recorder *r = ct_recorder_enter(CT_CAUGHT_SIZE);

	if (!r)
		return;
	ct_caught_write(r, context, &payload);
	ct_recorder_leave(r);
}

/* Stands there. True: somebody came. */
static bool stand(const struct ct_held_access *mine, uintptr_t address, uint64_t before,
		  uint64_t until_ns)
{
	struct ct_watched watched = {.what = *mine,
				     .address = address,
				     .before = before,
				     .writes_only = !(mine->flags & CT_SITE_WRITES)};
	int watch;

	if (!ct_rendezvous_hold(ct_state.session->held_accesses, mine, ct_budget_now_ms(),
				&watched.place))
		return false;
	watch = ct_watch_begin(&watched);
	ct_rendezvous_wait(&watched.place, until_ns);
	ct_watch_end(watch);
	return ct_rendezvous_leave(&watched.place);
}

/* What holding has cost: as long as was meant, and telling. The rest the thread waited for a
 * processor. */
static uint64_t cost_of(uint64_t took, uint64_t meant, bool met)
{
	uint64_t most = meant + (met ? TELL_NS : WAKE_NS);

	return took < most ? took : most;
}

static void keep(struct ct_held_access *mine, uintptr_t address, const ucontext_t *context,
		 uint64_t time_ns)
{
	uint64_t begin = ct_sys_time(), took, cost, before = 0;
	bool met;

	if (!ct_value_read(address, mine->size, &before))
		return;
	mine->number = __atomic_add_fetch(&ct_state.session->meetings, 1, __ATOMIC_RELAXED);
	ct_budget_use(time_ns); /* so that others count on the rest only */
	met = stand(mine, address, before, begin + time_ns);
	if (met)
		tell_held(mine, address, context, before);
	took = ct_sys_time() - begin;
	if (!met)
		ct_patience_late(took > time_ns + WAKE_NS ? took - time_ns - WAKE_NS : 0);
	cost = cost_of(took, time_ns, met);
	ct_budget_use(cost - time_ns); /* may be less than 0, and then gives back */
	ct_budget_late(took - cost);
	__atomic_add_fetch(&hold.held, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&hold.held_ns, cost, __ATOMIC_RELAXED);
}

/* Alternate stacks belong to signal handlers, which are not to be kept, and may be small. */
static bool is_on_alternate_stack(const struct ct_recorder *r, uintptr_t sp)
{
	return (sp < r->stack_low || sp >= r->stack_high) &&
	       ct_stack_alternate_below(sp) != SIZE_MAX;
}

static uint64_t time_to_stay(const struct ct_recorder *r, const struct ct_held_access *mine,
			     enum ct_history history, const ucontext_t *context)
{
	uint64_t left_ns = ct_budget_left();

	if (!left_ns || is_on_alternate_stack(r, ct_context_sp(context)))
		return 0;
	return ct_patience_ns(&(struct ct_patience){.pc = mine->pc,
						    .history = history,
						    .writes = mine->flags & CT_SITE_WRITES,
						    .has_locks = r->live->held_count > 0,
						    .creates = ct_company_creates(),
						    .begins = ct_company_begins(),
						    .left_ns = left_ns});
}

bool ct_hold_pass(const struct ct_site_access *access, ucontext_t *context)
{
	const struct ct_recorder *r = ct_self;
	bool locked = access->flags & CT_SITE_LOCKED;
	struct ct_held_access mine;
	enum ct_history history;
	uint64_t time_ns;

	if (!ct_caught_takes_part(r))
		return false;
	if (locked)
		ct_atomic_set_add(access->address, access->size);
	else if (ct_atomic_set_has(access->address, access->size))
		return false;
	mine = (struct ct_held_access){.process = r->process->number,
				       .tid = r->tid,
				       .size = access->size,
				       .flags = access->flags,
				       .pc = ct_context_pc(context)};
	if (!ct_company_place(r->process, access->address, &mine) ||
	    come(&mine, access->address, context) || locked)
		return false;
	history = ct_history_note(&mine, r->live, r->process->slot->threads);
	time_ns = time_to_stay(r, &mine, history, context);
	if (time_ns)
		keep(&mine, access->address, context, time_ns);
	return history == CT_HISTORY_SHARED;
}
