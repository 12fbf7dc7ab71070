/*
 * Accesses become entries of lists. An instruction that goes through an array makes one entry: its
 * next access is expected where the last two lead. A list grows until another record of the thread
 * comes, so all in it happened between the two records around it, and it needs no time of its own.
 */
#include "access/state.h"
#include "record/process.h"
#include "record/stack.h"

#define PIECE 128u /* bytes of one entry of a range, times `more` */
#define SIZE_NEW (sizeof(struct ct_record_head) + sizeof(uint16_t))

static void remember(struct ct_access_thread *t, uintptr_t address, unsigned what)
{
	unsigned lg = what >> 8, kind = what & 0xff;

	*ct_access_place(t, address, lg) = ct_access_key(t, address, lg, kind);
}

static bool is_open(const struct ct_recorder *r)
{
	return r->cur == r->listed;
}

/* The second access of a run tells how far apart they are. Later ones come here only if the context
 * had not been worked out when entries.c looked. */
static bool extends(struct ct_recorder *r, struct ct_access_run *run, uintptr_t address)
{
	struct ct_access_entry *entry = run->entry;

	if (run->list != r->list || !is_open(r) || entry->more == UINT16_MAX)
		return false;
	if (run->next == CT_ACCESS_NOWHERE) {
		intptr_t stride = (intptr_t)(address - run->last);

		if (!stride || stride < INT16_MIN || stride > INT16_MAX)
			return false;
		entry->stride = (uint16_t)stride;
		run->stride = stride;
	} else if (run->next != address) {
		return false;
	}
	entry->more++;
	run->next = address + (uintptr_t)run->stride;
	return true;
}

/* The open list's count. */
static uint16_t *begin_list(struct ct_recorder *r)
{
	struct ct_access_state *s = ct_access_state_of(r);
	char *payload = ct_recorder_head(r, r->time, CT_EV_ACCESSES, 0, 0);

	*(uint16_t *)payload = 0;
	ct_recorder_commit(r, SIZE_NEW);
	r->list = (uint64_t)r->number << 32 | ++s->lists;
	s->logged += SIZE_NEW;
	return (uint16_t *)payload;
}

/* An entry comes as its two words: copied whole, one put together from its members would wait until
 * they are in memory. */
static struct ct_access_entry *append(struct ct_recorder *r, uint64_t what, uint64_t where)
{
	struct ct_access_state *s = ct_access_state_of(r);
	struct ct_access_entry *at;

	if (!is_open(r))
		s->count = begin_list(r);
	at = (struct ct_access_entry *)r->cur;
	__builtin_memcpy(at, &what, sizeof(what));
	__builtin_memcpy((char *)at + sizeof(what), &where, sizeof(where));
	CT_BARRIER();
	++*s->count;
	ct_recorder_commit(r, sizeof(*at));
	if (CT_LIKELY(r == ct_self)) /* else another may be extending it, see guard.h */
		r->listed = r->cur;
	s->logged += sizeof(*at);
	return at;
}

_Static_assert(offsetof(struct ct_access_entry, address) == 2 &&
		       offsetof(struct ct_access_entry, stack) == 8 &&
		       offsetof(struct ct_access_entry, more) == 12 &&
		       offsetof(struct ct_access_entry, stride) == 14,
	       "the two words");

/* shape: size | kind << 8 */
static uint64_t what_word(uintptr_t address, unsigned shape)
{
	return address << 16 | (uint16_t)shape;
}

static uint64_t where_word(uint32_t stack, size_t more, unsigned stride)
{
	return stack | (uint64_t)(uint16_t)more << 32 | (uint64_t)stride << 48;
}

/* False: it is left out. */
static bool write_one(struct ct_recorder *r, uintptr_t address, unsigned shape, uintptr_t pc,
		      uint64_t context)
{
	struct ct_access_state *s = ct_access_state_of(r);
	struct ct_access_run *run = ct_access_run_of(&s->fast, pc);
	bool same = run->pc == pc && run->context == context;

	if (same && extends(r, run, address))
		return true;
	if (ct_access_leave_out(r, pc))
		return false;
	if (CT_UNLIKELY(s->skips[CT_SKIP_BUSY].count))
		ct_access_tell_skips(r, CT_SKIP_BUSY);
	if (!same || run->unloads != ct_stack_unloads) {
		run->unloads = ct_stack_unloads;
		run->stack = ct_access_stack_of(r, context, pc);
		run->pc = pc;
		run->context = context;
	}
	run->entry = append(r, what_word(address, shape), where_word(run->stack, 0, 0));
	run->list = r->list;
	run->last = address;
	run->next = CT_ACCESS_NOWHERE;
	return true;
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
	if (write_one(r, address, 1u << (what >> 8) | (what & 0xff) << 8, pc,
		      ct_access_context(r, (uintptr_t)__builtin_dwarf_cfa())))
		remember(*self, address, what);
	ct_recorder_leave(r);
}

/* Most that come here, once the thread samples, are left out: that needs no entering. */
void ct_access_missed(struct ct_access_thread **self, uintptr_t address, uintptr_t pc,
		      unsigned what)
{
	struct ct_access_state *s = (struct ct_access_state *)*self;

	if (ct_self->epoch != &s->fast.epoch || !s->fast.samples || !ct_access_skip(s, pc))
		missed(self, address, pc, what);
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

	if (count > UINT16_MAX)
		count = UINT16_MAX;
	append(r, what_word(address, (unsigned)piece | kind << 8),
	       where_word(stack, count - 1, PIECE));
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
