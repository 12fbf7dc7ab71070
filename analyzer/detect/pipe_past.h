#ifndef CT_DETECT_PIPE_PAST_H
#define CT_DETECT_PIPE_PAST_H
/*
 * What became of the pipes and pairs of sockets that the program made: where, as which descriptors,
 * and who gave up an end last. Shared by the detectors of broken pipes and of leaked descriptors.
 */
#include "base/map.h"
#include "model/descriptors.h"
#include "model/past.h"

/* How far up a family is followed, so that a long line of forks takes no time. */
#define CT_ANCESTORS 256u

struct ct_pipe_past {
	const struct ct_object *object;
	struct ct_deed made;   /* by pipe() or socketpair(); `thread` NULL: not in the trace */
	uint32_t fds[2];       /* the ends that it was made with; a socket has one, twice */
	struct ct_deed closed; /* the last descriptor to read it by */
};

/* How a process ended. */
struct ct_process_end {
	struct ct_deed exit; /* its own record of that */
	bool reaped;	     /* its parent saw it end ... */
	uint32_t status;     /* ... as wait(2) said */
};

struct ct_pipe_pasts {
	struct ct_map index; /* id of an object: place in `items` */
	struct ct_pipe_past *items;
	size_t count, cap;
	struct ct_map end_index; /* number of a process: place in `ends` */
	struct ct_process_end *ends;
	size_t end_count, end_cap;
};

void ct_pipe_pasts_init(struct ct_pipe_pasts *pasts);
void ct_pipe_pasts_fini(struct ct_pipe_pasts *pasts);
CT_MUST_CHECK enum ct_status ct_pipe_pasts_step(struct ct_pipe_pasts *pasts,
						const struct ct_step *step);

/* Of a pipe, or one of a pair of sockets. NULL: the program did not make it. Borrowed until the
 * next step. */
const struct ct_pipe_past *ct_pipe_past_of(const struct ct_pipe_pasts *pasts,
					   const struct ct_object *object);
/* All zero if nothing is known. */
struct ct_process_end ct_process_end_of(const struct ct_pipe_pasts *pasts,
					const struct ct_process *process);

/*
 * Whether the process uses an end as the program's own: it was made by this program, before its
 * fork at most, and is none of the first three descriptors, which stand for whatever comes before
 * or after in a pipeline.
 */
bool ct_pipe_is_own(const struct ct_model *model, const struct ct_pipe_past *past,
		    const struct ct_process *process, enum ct_end end);

/* Whether a program that the process began to run found a descriptor of it. */
bool ct_pipe_was_found(const struct ct_model *model, const struct ct_process *process,
		       const struct ct_object *object);

#endif
