#ifndef CT_RECORD_RECORDER_H
#define CT_RECORD_RECORDER_H
/*
 * One thread's recorder: where its next record goes. The hot path is here, inline; whatever is rare
 * is in lane.c.
 *
 * A recorder lives in memory that the kernel wipes in a forked child, so one test on the way to a
 * record ("is there room?") finds all that is rare: a full packet, a thread's first record, and a
 * process that was forked by whatever means. It is borrowed from a lane and never freed.
 *
 * Every function here is async-signal-safe, keeps errno, and neither locks nor allocates.
 */
#include "record/self.h"

/* Finds room for `size` bytes: appends the full packet, or gives a new thread or forked process
 * its recorder, and marks it busy with `frame`, the caller's. NULL: this thread cannot record now;
 * the loss is counted. */
struct ct_recorder *ct_recorder_room(size_t size, uintptr_t frame);
uint64_t ct_clock_slow(void);
extern bool ct_clock_is_tsc;

/* Ticks of the trace's clock. */
static inline uint64_t ct_clock_now(void)
{
	if (CT_LIKELY(ct_clock_is_tsc))
		return __builtin_ia32_rdtsc();
	return ct_clock_slow();
}

/* Room that any event but HELD_SET fits in: hooks enter with this one size. */
#define CT_SIZE_ANY 96u

/* The recorder with room for `size` bytes, marked busy; NULL: do not record. */
static inline struct ct_recorder *ct_recorder_enter(size_t size)
{
	struct ct_recorder *r = ct_self;
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0);

	if (CT_UNLIKELY((size_t)(r->end - r->cur) < size || r->busy))
		return ct_recorder_room(size, frame);
	r->busy = frame;
	CT_BARRIER();
	/* A signal handler may have come between: used the room up, or forked. */
	if (CT_LIKELY((size_t)(r->end - r->cur) >= size))
		return r;
	r->busy = 0;
	return ct_recorder_room(size, frame);
}

/* What takes long while a record is made holds signals back until the recorder is left: a handler
 * that came meanwhile could not record. */
void ct_recorder_hold_signals(struct ct_recorder *r);
void ct_recorder_let_signals(struct ct_recorder *r);

static inline void ct_recorder_leave(struct ct_recorder *r)
{
	CT_BARRIER();
	r->busy = 0;
	if (CT_UNLIKELY(r->holds_signals))
		ct_recorder_let_signals(r);
}

/* The process that the calling thread records for; this makes one of a child that was just forked.
 * NULL: it does not record. */
static inline struct ct_process *ct_recorder_process(void)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	if (!r)
		return NULL;
	ct_recorder_leave(r);
	return r->process;
}

/* Makes the `size` bytes at r->cur part of the trace. */
static inline void ct_recorder_commit(struct ct_recorder *r, size_t size)
{
	r->cur += size;
	CT_BARRIER();
	r->packet->context.content_size = (uint64_t)(r->cur - (char *)r->packet) * 8;
}

/* What the thread has accessed until here is recorded anew when it comes again. */
static inline void ct_recorder_new_epoch(struct ct_recorder *r)
{
	if (CT_UNLIKELY((r->epoch->now += CT_EPOCH_ONE) < CT_EPOCH_ONE))
		ct_epoch_wrapped(r->epoch);
}

static inline char *ct_recorder_head(struct ct_recorder *r, uint64_t time, uint16_t event,
				     uint16_t flags, uint32_t stack)
{
	struct ct_record_head *head = (struct ct_record_head *)r->cur;

	head->header.timestamp = time;
	head->header.id = event;
	head->flags = flags;
	head->stack = stack;
	r->time = time;
	if (ct_event_ends_epoch(event))
		ct_recorder_new_epoch(r);
	return r->cur + sizeof(*head);
}

#define CT_SIZE_OBJ (sizeof(struct ct_record_head) + sizeof(struct ct_payload_obj))
#define CT_SIZE_OBJ_ARG (sizeof(struct ct_record_head) + sizeof(struct ct_payload_obj_arg))

static inline void ct_record_obj(struct ct_recorder *r, uint64_t time, uint16_t event,
				 uint16_t flags, uint32_t stack, uint64_t object)
{
	struct ct_payload_obj *p = (void *)ct_recorder_head(r, time, event, flags, stack);

	p->object = object;
	ct_recorder_commit(r, CT_SIZE_OBJ);
}

static inline void ct_record_obj_arg(struct ct_recorder *r, uint64_t time, uint16_t event,
				     uint16_t flags, uint32_t stack, uint64_t object, uint64_t arg)
{
	struct ct_payload_obj_arg *p = (void *)ct_recorder_head(r, time, event, flags, stack);

	p->object = object;
	p->arg = arg;
	ct_recorder_commit(r, CT_SIZE_OBJ_ARG);
}

#endif
