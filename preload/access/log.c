/*
 * Accesses become entries of lists. An instruction that goes through an array makes one entry: its
 * next access is expected where the last two lead. A list grows until another record of the thread
 * comes, so all in it happened between the two records around it, and it needs no time of its own.
 */
#include "access/state.h"
#include "record/process.h"

#define PIECE 128u /* bytes of one entry of a range, times `more` */
#define SIZE_NEW (sizeof(struct ct_record_head) + sizeof(uint16_t))

static void remember(struct ct_access_thread *t, uintptr_t address, unsigned what)
{
	unsigned lg = what >> 8;

	t->filter[address >> lg & (CT_FILTER_SIZE - 1)] =
		address | (uint64_t)lg << CT_FILTER_LG |
		(what & CT_ACCESS_WRITE ? CT_FILTER_WRITE : 0) | t->epoch.now;
}

static struct ct_access_run *run_of(struct ct_access_state *s, uintptr_t pc)
{
	return &s->runs[(pc >> 2 ^ pc >> 8) & (CT_ACCESS_RUNS - 1)];
}

static bool is_open(const struct ct_recorder *r)
{
	return r->cur == r->listed;
}

static inline void extend(struct ct_access_run *run)
{
	run->entry->more++;
	run->next += (uintptr_t)(intptr_t)run->stride;
}

/* The second access of a run tells how far apart they are. */
static bool begins_run(struct ct_recorder *r, struct ct_access_run *run, uintptr_t address,
		       uint64_t context)
{
	intptr_t stride = (intptr_t)(address - run->next);

	if (run->stride || run->list != ct_access_state_of(r)->list || !is_open(r) ||
	    run->context != context || !stride || stride < INT16_MIN || stride > INT16_MAX)
		return false;
	run->entry->stride = (uint16_t)stride;
	run->stride = (int16_t)stride;
	run->next = address;
	extend(run);
	return true;
}

/* The open list's count. */
static uint16_t *begin_list(struct ct_recorder *r)
{
	struct ct_access_state *s = ct_access_state_of(r);
	char *payload = ct_recorder_head(r, r->time, CT_EV_ACCESSES, 0, 0);

	*(uint16_t *)payload = 0;
	ct_recorder_commit(r, SIZE_NEW);
	s->list++;
	s->logged += SIZE_NEW;
	return (uint16_t *)payload;
}

static struct ct_access_entry *append(struct ct_recorder *r, struct ct_access_entry entry)
{
	struct ct_access_state *s = ct_access_state_of(r);
	struct ct_access_entry *at;

	if (!is_open(r))
		s->count = begin_list(r);
	at = (struct ct_access_entry *)r->cur;
	*at = entry;
	CT_BARRIER();
	++*s->count;
	ct_recorder_commit(r, sizeof(entry));
	r->listed = r->cur;
	s->logged += sizeof(entry);
	return at;
}

static struct ct_access_entry entry_of(uintptr_t address, uint16_t shape, uint32_t stack)
{
	struct ct_access_entry entry = {
		.size = (uint8_t)shape, .kind = (uint8_t)(shape >> 8), .stack = stack};
	uint64_t low = address;

	__builtin_memcpy(entry.address, &low, sizeof(entry.address));
	return entry;
}

static void write_one(struct ct_recorder *r, uintptr_t address, uint16_t shape, uintptr_t pc,
		      uint64_t context)
{
	struct ct_access_state *s = ct_access_state_of(r);
	struct ct_access_run *run = run_of(s, pc);
	uint32_t stack;

	if (run->pc == pc && begins_run(r, run, address, context))
		return;
	if (ct_access_leave_out(r, pc))
		return;
	if (CT_UNLIKELY(s->skips[CT_SKIP_BUSY].count))
		ct_access_tell_skips(r, CT_SKIP_BUSY);
	stack = ct_access_stack_of(r, context, pc);
	run->entry = append(r, entry_of(address, shape, stack));
	run->pc = pc;
	run->next = address;
	run->context = context;
	run->list = s->list;
	run->stride = 0;
}

/* Apart from the quick way, for its registers. */
static __attribute__((noinline)) void missed(struct ct_access_thread **self, uintptr_t address,
					     uintptr_t pc, unsigned what)
{
	struct ct_recorder *r = ct_access_enter_as(self);

	if (CT_UNLIKELY(!r)) {
		ct_access_count_busy();
		return;
	}
	remember(*self, address, what);
	write_one(r, address, (uint16_t)(1u << (what >> 8) | (what & 0xff) << 8), pc,
		  ct_access_context(r, (uintptr_t)__builtin_dwarf_cfa()));
	ct_recorder_leave(r);
}

/* An instruction that goes on through an array needs no room in the packet, nor anything else that
 * is rare: only that no signal handler closes the list meanwhile. */
void ct_access_missed(struct ct_access_thread **self, uintptr_t address, uintptr_t pc,
		      unsigned what)
{
	struct ct_access_state *s = (struct ct_access_state *)*self;
	struct ct_recorder *r = ct_self;
	struct ct_access_run *run;

	if (CT_UNLIKELY(r->epoch != &s->fast.epoch || r->busy)) {
		missed(self, address, pc, what);
		return;
	}
	run = run_of(s, pc);
	r->busy = (uintptr_t)__builtin_dwarf_cfa() -
		  16; /* as __builtin_frame_address(0), without one */
	CT_BARRIER();
	if (run->next != address || run->pc != pc || !run->stride || !is_open(r) ||
	    run->list != s->list || run->context != s->fast.top[-1].context ||
	    run->entry->more == UINT16_MAX) {
		r->busy = 0;
		if (ct_access_is_skipped(s, pc))
			remember(&s->fast, address, what);
		else
			missed(self, address, pc, what);
		return;
	}
	remember(&s->fast, address, what);
	extend(run);
	CT_BARRIER();
	r->busy = 0;
}

/* Whether the same has been there in this epoch. */
static bool is_known(struct ct_access_state *s, uintptr_t address, size_t size, unsigned kind)
{
	struct ct_access_range *range =
		&s->ranges[(address >> 3 ^ address >> 10 ^ size) & (CT_ACCESS_RANGES - 1)];
	struct ct_access_range now = {address, size, s->fast.epoch.now | kind};

	if (range->address == address && range->size == size && range->epoch == now.epoch)
		return true;
	*range = now;
	return false;
}

/* Pieces of equal size make one entry, what is left another. How many bytes are in the entry. */
static size_t write_pieces(struct ct_recorder *r, uintptr_t address, size_t size, unsigned kind,
			   uint32_t stack)
{
	size_t piece = size < PIECE ? size : PIECE, count = size / piece;
	struct ct_access_entry entry = entry_of(address, (uint16_t)(piece | kind << 8), stack);

	if (count > UINT16_MAX)
		count = UINT16_MAX;
	entry.more = (uint16_t)(count - 1);
	entry.stride = PIECE;
	append(r, entry);
	return count * piece;
}

void ct_access_ranged(struct ct_access_thread **self, uintptr_t address, size_t size, unsigned kind,
		      uintptr_t pc)
{
	struct ct_recorder *r;
	uint32_t stack = 0;

	if (!size)
		return;
	r = ct_access_enter_as(self);
	if (CT_UNLIKELY(!r)) {
		ct_access_count_busy();
		return;
	}
	if (is_known(ct_access_state_of(r), address, size, kind) || ct_access_leave_out(r, pc))
		size = 0;
	else
		stack = ct_access_stack_of(r, ct_access_context(r, 0), pc);
	while (size) {
		size_t done = write_pieces(r, address, size, kind, stack);

		address += done;
		size -= done;
		ct_recorder_leave(r); /* for room */
		r = ct_access_enter_as(self);
		if (!r)
			return;
	}
	ct_recorder_leave(r);
}
