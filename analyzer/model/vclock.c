#include "model/vclock.h"

#include <stdlib.h>
#include <string.h>

enum { BITS = 4, FAN_OUT = 1 << BITS };

/* A node covers FAN_OUT^(level + 1) threads. */
struct ct_clock_others {
	uint32_t references;
	uint32_t level;
	union {
		uint32_t epochs[FAN_OUT]; /* of a leaf; an own entry is stale, never looked at */
		struct ct_clock_others *children[FAN_OUT];
	};
};

void ct_vclock_init(struct ct_vclock *clock, uint32_t thread)
{
	*clock = (struct ct_vclock){.thread = thread, .epoch = 1};
}

void ct_vclock_init_joint(struct ct_vclock *clock)
{
	*clock = (struct ct_vclock){.thread = UINT32_MAX};
}

static struct ct_clock_others *share(struct ct_clock_others *node)
{
	if (node)
		node->references++;
	return node;
}

static void drop(struct ct_clock_others *node)
{
	if (!node || --node->references)
		return;
	for (unsigned i = 0; node->level && i < FAN_OUT; i++)
		drop(node->children[i]);
	free(node);
}

void ct_vclock_fini(struct ct_vclock *clock)
{
	drop(clock->others);
	clock->others = NULL;
}

struct ct_vclock ct_vclock_copy(const struct ct_vclock *clock)
{
	share(clock->others);
	return *clock;
}

void ct_vclock_tick(struct ct_vclock *clock)
{
	clock->epoch++;
}

static unsigned slot_of(uint32_t thread, uint32_t level)
{
	return thread >> (BITS * level) & (FAN_OUT - 1);
}

static bool covers(const struct ct_clock_others *node, uint32_t thread)
{
	return (uint64_t)thread >> (BITS * (node->level + 1)) == 0;
}

uint32_t ct_vclock_epoch(const struct ct_vclock *clock, uint32_t thread)
{
	const struct ct_clock_others *node = clock->others;

	if (thread == clock->thread)
		return clock->epoch;
	if (!node || !covers(node, thread))
		return 0;
	for (; node && node->level; node = node->children[slot_of(thread, node->level)])
		;
	return node ? node->epochs[slot_of(thread, 0)] : 0;
}

static struct ct_clock_others *new_node(uint32_t level)
{
	struct ct_clock_others *node = calloc(1, sizeof(*node));

	if (node) {
		node->references = 1;
		node->level = level;
	}
	return node;
}

static struct ct_clock_others *copy_node(const struct ct_clock_others *from)
{
	struct ct_clock_others *node = malloc(sizeof(*node));

	if (!node)
		return NULL;
	*node = *from;
	node->references = 1;
	for (unsigned i = 0; node->level && i < FAN_OUT; i++)
		share(node->children[i]);
	return node;
}

/* The same knowledge as a tree of `level`; takes over the reference. NULL: out of memory. */
static struct ct_clock_others *lift(struct ct_clock_others *node, uint32_t level)
{
	while (node && node->level < level) {
		struct ct_clock_others *above = new_node(node->level + 1);

		if (above)
			above->children[0] = node;
		else
			drop(node);
		node = above;
	}
	return node;
}

static struct ct_clock_others *merge_leaves(struct ct_clock_others *a, struct ct_clock_others *b)
{
	bool a_more = false, b_more = false;
	struct ct_clock_others *merged;

	for (unsigned i = 0; i < FAN_OUT; i++) {
		a_more |= a->epochs[i] > b->epochs[i];
		b_more |= b->epochs[i] > a->epochs[i];
	}
	if (!b_more)
		return share(a);
	if (!a_more)
		return share(b);
	merged = copy_node(a);
	for (unsigned i = 0; merged && i < FAN_OUT; i++)
		if (merged->epochs[i] < b->epochs[i])
			merged->epochs[i] = b->epochs[i];
	return merged;
}

static struct ct_clock_others *merge(struct ct_clock_others *a, struct ct_clock_others *b);

/* A tree that is lower than the other stands for the other's first branch. */
static struct ct_clock_others *merge_lower(struct ct_clock_others *high,
					   struct ct_clock_others *low)
{
	struct ct_clock_others *first = merge(high->children[0], low), *merged;

	if (!first || first == high->children[0]) {
		drop(first);
		return first ? share(high) : NULL;
	}
	merged = copy_node(high);
	if (!merged) {
		drop(first);
		return NULL;
	}
	drop(merged->children[0]);
	merged->children[0] = first;
	return merged;
}

/* The maximum of two trees, with as much of them in it as can be. NULL: of nothing, or out of
 * memory. */
static struct ct_clock_others *merge(struct ct_clock_others *a, struct ct_clock_others *b)
{
	struct ct_clock_others *merged;
	bool is_a = true, is_b = true;

	if (!a || !b || a == b)
		return share(a ? a : b);
	if (a->level != b->level)
		return a->level > b->level ? merge_lower(a, b) : merge_lower(b, a);
	if (!a->level)
		return merge_leaves(a, b);
	merged = new_node(a->level);
	for (unsigned i = 0; merged && i < FAN_OUT; i++) {
		if (!a->children[i] && !b->children[i])
			continue;
		merged->children[i] = merge(a->children[i], b->children[i]);
		is_a &= merged->children[i] == a->children[i];
		is_b &= merged->children[i] == b->children[i];
		if (!merged->children[i]) {
			drop(merged);
			return NULL;
		}
	}
	if (merged && (is_a || is_b)) {
		drop(merged);
		return share(is_a ? a : b);
	}
	return merged;
}

/* `node` with at least `epoch` for the thread; takes over the reference. */
static struct ct_clock_others *raise_epoch(struct ct_clock_others *node, uint32_t thread,
					   uint32_t epoch)
{
	struct ct_clock_others **child;

	if (node->references > 1) {
		struct ct_clock_others *own = copy_node(node);

		drop(node);
		node = own;
	}
	if (!node)
		return NULL;
	if (!node->level) {
		node->epochs[slot_of(thread, 0)] = epoch;
		return node;
	}
	child = &node->children[slot_of(thread, node->level)];
	if (!*child)
		*child = new_node(node->level - 1);
	if (*child)
		*child = raise_epoch(*child, thread, epoch);
	if (!*child) {
		drop(node);
		return NULL;
	}
	return node;
}

/* `node` with at least `epoch` for the thread, whatever it covers; takes over the reference. */
static struct ct_clock_others *add_epoch(struct ct_clock_others *node, uint32_t thread,
					 uint32_t epoch)
{
	uint32_t level = node ? node->level : 0;

	while ((uint64_t)thread >> (BITS * (level + 1)))
		level++;
	node = node ? lift(node, level) : new_node(level);
	return node ? raise_epoch(node, thread, epoch) : NULL;
}

enum ct_status ct_vclock_join(struct ct_vclock *clock, const struct ct_vclock *other)
{
	struct ct_vclock joined = {.thread = UINT32_MAX};

	if (clock->thread == other->thread && clock->thread != joined.thread)
		return CT_OK;
	joined.others = merge(clock->others, other->others);
	if (!joined.others && (clock->others || other->others))
		return CT_ENOMEM;
	if (ct_vclock_epoch(&joined, other->thread) < other->epoch) {
		joined.others = add_epoch(joined.others, other->thread, other->epoch);
		if (!joined.others)
			return CT_ENOMEM;
	}
	drop(clock->others);
	clock->others = joined.others;
	return CT_OK;
}

bool ct_vclock_before(const struct ct_vclock *first, const struct ct_vclock *second)
{
	return first->epoch <= ct_vclock_epoch(second, first->thread);
}

bool ct_vclock_same(const struct ct_vclock *a, const struct ct_vclock *b)
{
	return a->thread == b->thread && a->epoch == b->epoch && a->others == b->others;
}

static uint32_t level_of(const struct ct_vclock *clock)
{
	return clock->others ? clock->others->level : 0;
}

struct seeing {
	ct_vclock_see_fn *see;
	void *context;
	uint32_t except; /* the thread whose clock it is */
};

/* `first` is the first thread that the node, of `level`, stands for. */
static enum ct_status see_node(const struct seeing *seeing, const struct ct_clock_others *before,
			       const struct ct_clock_others *now, uint32_t level, uint32_t first)
{
	enum ct_status status = CT_OK;

	for (uint32_t i = 0; now && now != before && !status && i < FAN_OUT; i++) {
		uint32_t thread = first + (i << (BITS * level));

		/* a tree that is lower than the other is the other's first branch */
		if (before && before->level < level)
			status = see_node(seeing, i ? NULL : before, now->children[i], level - 1,
					  thread);
		else if (level)
			status = see_node(seeing, before ? before->children[i] : NULL,
					  now->children[i], level - 1, thread);
		else if (now->epochs[i] != (before ? before->epochs[i] : 0) &&
			 thread != seeing->except)
			status = seeing->see(seeing->context, thread, now->epochs[i]);
	}
	return status;
}

enum ct_status ct_vclock_differences(const struct ct_vclock *before, const struct ct_vclock *now,
				     ct_vclock_see_fn *see, void *context)
{
	const struct seeing seeing = {see, context, now->thread};
	const struct ct_clock_others *old = before->others;

	while (old && now->others && old->level > now->others->level)
		old = old->children[0];
	return see_node(&seeing, old, now->others, level_of(now), 0);
}
