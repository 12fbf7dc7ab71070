#include "model/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define NOBODY UINT32_MAX

/* A record read early, with its own copy of the payload. */
struct ahead {
	struct ct_record record;
	void *payload; /* owned */
};

struct lane {
	struct ct_record head;
	bool filled; /* `head` is the next record */
	bool held_back;
	uint32_t waits_for;  /* lane that holds this one back, or NOBODY */
	uint32_t first_held; /* head of the list of lanes that wait for this one */
	uint32_t next_held;  /* link of that list */
	struct ahead *ahead; /* owned; records after `head` */
	size_t ahead_start, ahead_count, ahead_cap;
	void *payload; /* owned; of a head that came from `ahead` */
};

/* Entry of the binary heap; the time stands here too, for the sake of the cache. */
struct entry {
	uint64_t time;
	uint32_t lane;
};

struct ct_order {
	struct ct_order_source source;
	struct ct_order_rules rules;
	uint64_t ahead_ticks;
	struct lane *lanes;
	struct entry *heap;
	size_t heap_count;
	uint32_t delivered; /* lane of the record that the caller looks at, or NOBODY */
};

/* Ties go to the lower lane, so that the order depends on the trace only. */
static bool less(const struct entry *a, const struct entry *b)
{
	return a->time != b->time ? a->time < b->time : a->lane < b->lane;
}

static void sift_down(struct ct_order *order, size_t at)
{
	struct entry *heap = order->heap, moving = heap[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= order->heap_count)
			break;
		if (child + 1 < order->heap_count && less(&heap[child + 1], &heap[child]))
			child++;
		if (!less(&heap[child], &moving))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = moving;
}

static void push(struct ct_order *order, uint32_t lane)
{
	struct entry entry = {order->lanes[lane].head.time, lane};
	size_t at = order->heap_count++;

	while (at > 0 && less(&entry, &order->heap[(at - 1) / 2])) {
		order->heap[at] = order->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	order->heap[at] = entry;
}

static void pop(struct ct_order *order)
{
	order->heap[0] = order->heap[--order->heap_count];
	if (order->heap_count)
		sift_down(order, 0);
}

/* Makes the lane's next record its head; false at its end. */
static bool fill(struct ct_order *order, uint32_t number)
{
	struct lane *lane = &order->lanes[number];

	if (lane->payload) {
		free(lane->payload);
		lane->payload = NULL;
	}
	if (lane->ahead_count) {
		struct ahead *next = &lane->ahead[lane->ahead_start];

		lane->head = next->record;
		lane->payload = next->payload;
		lane->ahead_start++;
		lane->ahead_count--;
		return lane->filled = true;
	}
	return lane->filled = order->source.next(order->source.state, number, &lane->head);
}

/* The head's payload belongs to the stream, which is about to be read further: keep a copy. */
static enum ct_status keep_payload(struct ct_record *record, void **out_payload)
{
	if (!record->payload_size)
		return CT_OK;
	*out_payload = malloc(record->payload_size);
	if (!*out_payload)
		return CT_ENOMEM;
	memcpy(*out_payload, record->payload, record->payload_size);
	record->payload = *out_payload;
	return CT_OK;
}

static enum ct_status read_ahead(struct ct_order *order, uint32_t number, bool *out_more)
{
	struct lane *lane = &order->lanes[number];
	struct ahead next = {0};
	enum ct_status status = CT_OK;

	if (!lane->payload)
		status = keep_payload(&lane->head, &lane->payload);
	if (lane->ahead_start) {
		memmove(lane->ahead, lane->ahead + lane->ahead_start,
			lane->ahead_count * sizeof(*lane->ahead));
		lane->ahead_start = 0;
	}
	if (status == CT_OK)
		status = ct_vec_grow(&lane->ahead, &lane->ahead_cap, lane->ahead_count + 1,
				     sizeof(*lane->ahead));
	if (status)
		return status;
	*out_more = order->source.next(order->source.state, number, &next.record);
	if (!*out_more)
		return CT_OK;
	status = keep_payload(&next.record, &next.payload);
	if (status == CT_OK)
		lane->ahead[lane->ahead_count++] = next;
	return status;
}

/* Whether `other` makes soon what the head of `waiter` lacks. */
static enum ct_status comes_soon(struct ct_order *order, uint32_t waiter, uint32_t other,
				 bool *out_soon)
{
	const struct ct_record *record = &order->lanes[waiter].head;
	struct lane *lane = &order->lanes[other];
	const struct ct_record *later;
	bool more = true;

	*out_soon = false;
	if (!lane->filled)
		return CT_OK;
	for (size_t i = 0; i <= CT_ORDER_AHEAD; i++) {
		if (i > lane->ahead_count) {
			enum ct_status status = read_ahead(order, other, &more);

			if (status || !more)
				return status;
		}
		later = i ? &lane->ahead[lane->ahead_start + i - 1].record : &lane->head;
		if (later->time > record->time && later->time - record->time > order->ahead_ticks)
			return CT_OK;
		*out_soon = order->rules.brings(order->rules.state, waiter, record, other, later);
		if (*out_soon)
			return CT_OK;
	}
	return CT_OK;
}

/* Whether `other` is itself held back, in the end by `waiter`. */
static bool closes_circle(const struct ct_order *order, uint32_t waiter, uint32_t other)
{
	while (other != NOBODY && other != waiter)
		other = order->lanes[other].held_back ? order->lanes[other].waits_for : NOBODY;
	return other == waiter;
}

static void hold_back(struct ct_order *order, uint32_t waiter, uint32_t other)
{
	struct lane *lane = &order->lanes[waiter];

	lane->held_back = true;
	lane->waits_for = other;
	lane->next_held = order->lanes[other].first_held;
	order->lanes[other].first_held = waiter;
	pop(order);
}

/* `lane` has moved on: those that waited for it are asked about again. */
static void let_go(struct ct_order *order, struct lane *lane)
{
	while (lane->first_held != NOBODY) {
		uint32_t waiter = lane->first_held;

		lane->first_held = order->lanes[waiter].next_held;
		order->lanes[waiter].held_back = false;
		order->lanes[waiter].waits_for = NOBODY;
		push(order, waiter);
	}
}

static void advance(struct ct_order *order)
{
	uint32_t number = order->delivered;
	struct lane *lane = &order->lanes[number];

	order->delivered = NOBODY;
	/* The delivered lane is still the heap's top. */
	if (fill(order, number)) {
		order->heap[0].time = lane->head.time;
		sift_down(order, 0);
	} else {
		pop(order);
	}
	let_go(order, lane);
}

/* Deals with the heap's top: *out_pass if its head is the next record, else it was held back. */
static enum ct_status ask(struct ct_order *order, bool *out_pass)
{
	uint32_t number = order->heap[0].lane;
	const struct lane *lane = &order->lanes[number];
	enum ct_status status;
	size_t other = 0;
	bool soon;

	*out_pass = true;
	if (!order->rules.lacks ||
	    !order->rules.lacks(order->rules.state, number, &lane->head, &other))
		return CT_OK;
	if (other >= order->source.thread_count || closes_circle(order, number, (uint32_t)other))
		return CT_OK;
	status = comes_soon(order, number, (uint32_t)other, &soon);
	if (status || !soon)
		return status;
	hold_back(order, number, (uint32_t)other);
	*out_pass = false;
	return CT_OK;
}

enum ct_status ct_order_next(struct ct_order *order, size_t *out_thread,
			     const struct ct_record **out_record)
{
	bool pass = false;

	if (order->delivered != NOBODY)
		advance(order);
	while (!pass) {
		enum ct_status status;

		if (!order->heap_count)
			return CT_ENOTFOUND;
		status = ask(order, &pass);
		if (status)
			return status;
	}
	order->delivered = order->heap[0].lane;
	*out_thread = order->delivered;
	*out_record = &order->lanes[order->delivered].head;
	return CT_OK;
}

enum ct_status ct_order_new(const struct ct_order_source *source,
			    const struct ct_order_rules *rules, uint64_t frequency,
			    struct ct_order **out_order)
{
	struct ct_order *order = calloc(1, sizeof(*order));
	size_t count = source->thread_count;

	if (!order || count >= NOBODY)
		goto fail;
	order->source = *source;
	if (rules)
		order->rules = *rules;
	order->ahead_ticks = (uint64_t)((double)frequency * CT_ORDER_AHEAD_SECONDS);
	order->delivered = NOBODY;
	order->lanes = calloc(count + 1, sizeof(*order->lanes));
	order->heap = calloc(count + 1, sizeof(*order->heap));
	if (!order->lanes || !order->heap)
		goto fail;
	for (uint32_t i = 0; i < count; i++) {
		order->lanes[i].first_held = order->lanes[i].waits_for = NOBODY;
		if (fill(order, i))
			push(order, i);
	}
	*out_order = order;
	return CT_OK;
fail:
	ct_order_free(order);
	return CT_ENOMEM;
}

void ct_order_free(struct ct_order *order)
{
	if (!order)
		return;
	for (size_t i = 0; order->lanes && i < order->source.thread_count; i++) {
		struct lane *lane = &order->lanes[i];

		for (size_t k = 0; k < lane->ahead_count; k++)
			free(lane->ahead[lane->ahead_start + k].payload);
		free(lane->ahead);
		free(lane->payload);
	}
	free(order->lanes);
	free(order->heap);
	free(order);
}
