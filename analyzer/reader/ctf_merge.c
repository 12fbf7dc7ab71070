#include "reader/ctf.h"

#include <stdlib.h>

#include "reader/dump.h"

/* One group's next record. */
struct source {
	struct ct_ctf_cursor cursor;
	const struct ct_ctf_group *group;
};

/* Binary heap of the sources that are not at their end, the earliest on top. */
struct heap {
	struct source *sources; /* owned: all of them */
	size_t *order;		/* owned: the heap, as numbers of sources */
	size_t count;
};

static bool before(const struct source *a, const struct source *b)
{
	bool a_thread = a->group->thread != 0, b_thread = b->group->thread != 0;

	if (a->cursor.raw.time != b->cursor.raw.time)
		return a->cursor.raw.time < b->cursor.raw.time;
	if (a_thread != b_thread)
		return !a_thread;
	return a->group < b->group; /* they are sorted */
}

static bool earlier(const struct heap *heap, size_t a, size_t b)
{
	return before(&heap->sources[heap->order[a]], &heap->sources[heap->order[b]]);
}

static void sift_down(struct heap *heap, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1, moved = heap->order[at];

		if (child >= heap->count)
			return;
		if (child + 1 < heap->count && earlier(heap, child + 1, child))
			child++;
		if (!earlier(heap, child, at))
			return;
		heap->order[at] = heap->order[child];
		heap->order[child] = moved;
		at = child;
	}
}

static void next(struct heap *heap)
{
	if (!ct_ctf_cursor_next(&heap->sources[heap->order[0]].cursor))
		heap->order[0] = heap->order[--heap->count];
	if (heap->count)
		sift_down(heap, 0);
}

static struct ct_event event_of(const struct source *source)
{
	const struct ct_raw *raw = &source->cursor.raw;

	return (struct ct_event){
		.definition = source->group->thread == 0,
		.id = raw->id,
		.flags = raw->flags,
		.process = source->group->process,
		.thread = source->group->thread,
		.stack = raw->stack,
		.time = raw->time,
		.payload = raw->payload,
		.payload_size = raw->payload_size,
	};
}

enum ct_status ct_ctf_each(struct ct_trace *trace,
			   enum ct_status (*visit)(void *state, const struct ct_event *event),
			   void *state)
{
	struct ct_ctf *ctf = ct_reader_of(trace)->form_data;
	struct heap heap = {
		.sources = calloc(ctf->group_count + 1, sizeof(*heap.sources)),
		.order = calloc(ctf->group_count + 1, sizeof(*heap.order)),
	};
	enum ct_status status = heap.sources && heap.order ? CT_OK : CT_ENOMEM;

	for (size_t i = 0; !status && i < ctf->group_count; i++) {
		const struct ct_ctf_group *group = &ctf->groups[i];
		struct source *source = &heap.sources[i];

		source->group = group;
		ct_ctf_cursor_init(&source->cursor, ctf, &ctf->packets[group->first], group->count);
		if (ct_ctf_cursor_next(&source->cursor))
			heap.order[heap.count++] = i;
	}
	for (size_t i = heap.count / 2; i-- > 0;)
		sift_down(&heap, i);
	while (status == CT_OK && heap.count) {
		struct ct_event event = event_of(&heap.sources[heap.order[0]]);

		status = visit(state, &event);
		next(&heap);
	}
	for (size_t i = 0; heap.sources && i < ctf->group_count; i++)
		ct_ctf_cursor_fini(&heap.sources[i].cursor);
	free(heap.sources);
	free(heap.order);
	return status;
}
