#ifndef CT_CLI_ON_HANG_H
#define CT_CLI_ON_HANG_H
/*
 * What `conctrace run` does with a program that hangs.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/text.h"
#include "cli/look.h"
#include "live/supervisor.h"

struct ct_sift;

enum ct_on_hang {
	CT_ON_HANG_DEFAULT, /* end it; one of which a part goes on may go on */
	CT_ON_HANG_KILL,
	CT_ON_HANG_CONTINUE,
	CT_ON_HANG_ABORT, /* end it, and let those in the circle dump core */
	CT_ON_HANG_GDB,	  /* show their stacks by gdb first */
};

/* As --on-hang takes it; false: there is no such word. */
bool ct_on_hang_parse(const char *text, enum ct_on_hang *out);

struct ct_on_hang_state {
	enum ct_on_hang mode;
	const char *trace;
	struct ct_sift *sift; /* what it hides is neither told nor ended; or NULL */
	const struct ct_tree *tree;
	struct ct_look look;  /* the last one that found a hang, or zero */
	struct ct_look newer; /* of the verdict that is being made, likewise */
	/* What is told of it: with the time, to be said, and without, to know whether it was. */
	struct ct_text line, sentence;
	struct ct_text said; /* the sentence that was told last */
	pid_t gdb;	     /* shows stacks, or 0 */
	bool stood;	     /* to the end: see ct_on_hang_ended, ct_on_hang_close */
};

void ct_on_hang_init(struct ct_on_hang_state *state);
void ct_on_hang_fini(struct ct_on_hang_state *state);

/* For ct_supervision: judge, judged, reaped. */
void ct_on_hang_judge(struct ct_on_hang_state *state, struct ct_hang *hang,
		      const atomic_bool *unwanted);
enum ct_hang_answer ct_on_hang_judged(struct ct_on_hang_state *state);
bool ct_on_hang_reaped(struct ct_on_hang_state *state, pid_t pid, int wait_status);

/* When the program has ended, and before its trace is repaired: whether what was found stood until
 * it was ended from outside. */
void ct_on_hang_ended(struct ct_on_hang_state *state, bool by_itself);
/* Of a program that was ended as it hung, at `until`, see ct_analysis_final: what is to be
 * reported, which becomes the caller's. That is the look, as of when it hung. Of a program whose
 * accesses to memory were recorded it is all of the trace, which alone tells of races, if the hang
 * is found again there. `look.finding` is the one of what is returned. */
struct ct_analysis *ct_on_hang_take(struct ct_on_hang_state *state, uint64_t until);
/* Else, by all of its trace: whether it stands there. If it does not, says so. */
void ct_on_hang_close(struct ct_on_hang_state *state, const struct ct_analysis *analysis);

#endif
