/*
 * The functions that a thread is in, and the ids of such stacks.
 *
 * Each entry of an instrumented function is a frame. A frame left by longjmp, an exception or
 * pthread_exit stays until another function is entered at its place or above it on the stack; then
 * it goes. The context of a frame is a hash of the calls that led to it, one call of its own
 * further than its caller's: "Probabilistic Calling Context", Bond and McKinley, 2007. It is worked
 * out when somebody asks. A recursion counts once: a function that is entered again has the context
 * in which it was entered before, since else a walk through a tree would have as many stacks as
 * nodes.
 *
 * Ids are kept per process in a table of fixed size, which is empty in a forked child.
 */
#include "access/state.h"
#include "record/process.h"
#include "record/stack.h"
#include "sys/kernel.h"

#define STACKS 65536u /* a power of two */
#define PROBES 16u
#define RECURSION 16u /* frames among which one is looked for */

struct stack {
	uint64_t key; /* 0: free. Claimed by compare-and-swap */
	uint32_t id;  /* 0: not defined yet */
};

static struct stack *stacks;

bool ct_access_contexts_init(void)
{
	struct stack *expected = NULL, *fresh;
	size_t size = STACKS * sizeof(*fresh);

	if (__atomic_load_n(&stacks, __ATOMIC_ACQUIRE))
		return true;
	fresh = ct_sys_map(-1, size);
	if (!fresh)
		return false;
	if (ct_sys_wipe_on_fork(fresh, size) < 0 ||
	    !__atomic_compare_exchange_n(&stacks, &expected, fresh, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		ct_sys_unmap(fresh, size);
	return stacks != NULL;
}

/* Never 0, and never 1, which is that of the outermost. */
static uint64_t mix(uint64_t context, uintptr_t pc)
{
	uint64_t hash = (context ^ pc) * 0x9e3779b97f4a7c15u;

	return (hash ^ hash >> 29) | 2;
}

/* Whether both lie on the thread's own stack, or neither. */
static bool on_one_stack(const struct ct_recorder *r, uintptr_t a, uintptr_t b)
{
	return (a >= r->stack_low && a < r->stack_high) == (b >= r->stack_low && b < r->stack_high);
}

/* A handler on an alternate stack, or a coroutine, says nothing of frames on the thread's own. */
static bool is_gone(const struct ct_recorder *r, const struct ct_access_frame *f, uintptr_t sp)
{
	bool own = sp >= r->stack_low && sp < r->stack_high;

	return on_one_stack(r, f->sp, sp) ? f->sp <= sp : own;
}

static struct ct_access_frame *live_top(struct ct_recorder *r, struct ct_access_state *s,
					uintptr_t sp)
{
	struct ct_access_frame *f = s->fast.top;

	while (f > s->frames && is_gone(r, f - 1, sp))
		f--;
	return f;
}

static void forget_outermost(struct ct_access_state *s)
{
	size_t half = CT_ACCESS_FRAMES / 2;

	__builtin_memmove(s->frames, s->frames + half, half * sizeof(*s->frames));
	s->fast.top -= half;
}

void ct_access_entered(struct ct_access_thread **self, uintptr_t pc, uintptr_t code, uintptr_t sp)
{
	struct ct_recorder *r;
	struct ct_access_state *s;

	r = ct_access_enter_as(self);
	if (!r)
		return;
	s = ct_access_state_of(r);
	s->fast.top = live_top(r, s, sp);
	if (s->fast.top == s->fast.limit)
		forget_outermost(s);
	*s->fast.top++ = (struct ct_access_frame){.sp = sp, .pc = pc, .code = code};
	ct_recorder_leave(r);
}

/* The nearest earlier frame of the same function, NULL: none. */
static struct ct_access_frame *earlier(struct ct_access_state *s, struct ct_access_frame *f)
{
	struct ct_access_frame *low = f - s->frames > RECURSION ? f - RECURSION : s->frames;
	uintptr_t code = f->code;

	while (--f >= low)
		if (f->code == code)
			return f;
	return NULL;
}

uint64_t ct_access_context(struct ct_recorder *r, uintptr_t sp)
{
	struct ct_access_state *s = ct_access_state_of(r);
	struct ct_access_frame *top = s->fast.top, *f, *same;

	if (top > s->frames && top[-1].sp < sp)
		top = s->fast.top = live_top(r, s, sp - 1);
	for (f = top; f[-1].context == 0; f--)
		;
	for (; f < top; f++) {
		same = earlier(s, f);
		f->context = same ? same->context : mix(f[-1].context, f->pc);
	}
	return top[-1].context;
}

static uint32_t define(struct ct_recorder *r, uintptr_t pc)
{
	struct ct_access_state *s = ct_access_state_of(r);
	uint64_t frames[CT_STACK_DEPTH_MAX];
	uint32_t depth = 1;

	frames[0] = pc;
	for (struct ct_access_frame *f = s->fast.top; f > s->frames && depth < ct_stack_depth;) {
		struct ct_access_frame *same;

		f--;
		while ((same = earlier(s, f)))
			f = same;
		frames[depth++] = f->pc;
	}
	return ct_stack_define(r, frames, depth);
}

uint32_t ct_access_stack_of(struct ct_recorder *r, uint64_t context, uintptr_t pc)
{
	uint64_t key = mix(context + ct_stack_unloads, pc);

	if (ct_stack_depth <= 1)
		return ct_stack_depth ? ct_stack_caller(r, pc) : 0;
	for (uint32_t i = 0; i < PROBES; i++) {
		struct stack *stack = &stacks[(key + i) & (STACKS - 1)];
		uint64_t known = __atomic_load_n(&stack->key, __ATOMIC_RELAXED);
		uint32_t id;

		/* if another thread takes the entry first, `known` becomes its key */
		if (!known && __atomic_compare_exchange_n(&stack->key, &known, key, false,
							  __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			known = key;
		if (known != key)
			continue;
		id = __atomic_load_n(&stack->id, __ATOMIC_ACQUIRE);
		if (CT_LIKELY(id))
			return id;
		/* Another thread may be about to define it: then it is known twice. */
		id = define(r, pc);
		__atomic_store_n(&stack->id, id, __ATOMIC_RELEASE);
		return id;
	}
	return ct_stack_caller(r, pc);
}

uint32_t ct_access_stack(struct ct_recorder *r, uintptr_t pc)
{
	return ct_access_stack_of(r, ct_access_context(r, 0), pc);
}
