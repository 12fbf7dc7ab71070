#ifndef CT_CLI_ON_HANG_H
#define CT_CLI_ON_HANG_H
/*
 * What `conctrace run` does with a program that hangs.
 */
#include <stdbool.h>

#include "base/text.h"
#include "cli/look.h"
#include "live/supervisor.h"

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
	struct ct_look look; /* the last one that found a hang, or zero */
	struct ct_text said; /* what was told last of it, each thing once */
};

/* For ct_supervision.judge. */
enum ct_hang_answer ct_on_hang(struct ct_on_hang_state *state, struct ct_hang *hang);
void ct_on_hang_fini(struct ct_on_hang_state *state);

#endif
