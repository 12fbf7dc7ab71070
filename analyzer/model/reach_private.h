#ifndef CT_MODEL_REACH_PRIVATE_H
#define CT_MODEL_REACH_PRIVATE_H
/* What reach.c (the question) and reach_edges.c (what must come before what) share. */
#include "base/map.h"
#include "base/vec.h"
#include "model/reach.h"

/* Critical sections that are remembered of one lock; of older ones nothing can be shown. */
enum { CT_REACH_SECTIONS = 256 };

struct ct_reach_section {
	uint32_t thread, begin, end; /* positions in the thread; end 0: still open */
	enum ct_mode mode;
	struct ct_vclock left; /* at its end */
};

/* What acquiring something must come after. */
struct ct_reach_source {
	/* last exclusive release (of what is no lock: all that was given); all shared ones since
	 * (all that was taken) */
	struct ct_vclock writer, readers;
	struct ct_vclock taken;	 /* last acquisition: a failed try comes after it */
	struct ct_vclock *posts; /* of a semaphore: those that no wait has needed yet */
	size_t post_count, post_cap, post_first;
	uint64_t waits;			   /* completed */
	uint64_t written;		   /* bytes, to a pipe or socket */
	struct ct_reach_section *sections; /* the newest CT_REACH_SECTIONS, as a ring */
	size_t section_cap;
	uint32_t section_count; /* ever */
};

/* The hand-over to a lock that the thread holds, not yet part of what its requests must follow. */
struct ct_reach_pending {
	const struct ct_object *object;
	struct ct_vclock past;
	uint32_t section;
	enum ct_mode mode;
};

struct ct_reach_thread {
	struct ct_vclock full;	/* everything before the current event; own epoch: its position */
	struct ct_vclock sound; /* the same without the hand-overs to held locks */
	struct ct_vclock *ends; /* full, at the end of each epoch of the model's clock */
	size_t end_count, end_cap;
	struct ct_reach_pending *pending;
	size_t pending_count, pending_cap;
	const struct ct_clock_others *known; /* of the model's clock, when it was last looked at */
};

struct ct_reach {
	const struct ct_model *model;
	struct ct_reach_thread *threads; /* by id */
	struct ct_reach_source *sources; /* by object id */
	size_t source_count, source_cap;
	/* All that was given to, and taken from, anything of the kernel's: who brings what to whom
	 * is not always known. And the ends of processes: they give back what nobody writes down.
	 */
	struct ct_vclock given, taken, ended;
	struct ct_map writes; /* address: index in last_writes */
	struct ct_vclock *last_writes;
	size_t write_count, write_cap;
};

/* Both of the thread's clocks have seen this. */
CT_MUST_CHECK enum ct_status ct_reach_follow(struct ct_reach_thread *thread,
					     const struct ct_vclock *past);

CT_MUST_CHECK enum ct_status ct_reach_source(struct ct_reach *reach, const struct ct_object *object,
					     struct ct_reach_source **out_source);

/* What goes through the kernel: reach_kernel.c. */
CT_MUST_CHECK enum ct_status ct_reach_exchange(struct ct_reach *reach, const struct ct_step *step);

#endif
