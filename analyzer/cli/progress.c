#include "cli/progress.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/text.h"
#include "live/clock.h"

enum {
	FIRST_MS = 1000, /* what takes less needs no line */
	NEXT_MS = 200,
};

/* The cursor stands at the line's begin: what comes next overwrites it. */
#define WIPE "\r\033[K"

/* A terminal that does not take it is no failure of ours. */
static void show(const char *trace, uint64_t events)
{
	struct ct_text line;

	ct_text_init(&line);
	ct_text_add(&line, WIPE);
	if (trace) {
		ct_text_addf(&line, "conctrace: %" PRIu64 " events of ", events);
		ct_text_add_printable(&line, trace);
	}
	if (ct_text_write(&line, STDERR_FILENO) != CT_OK)
		ct_text_reset(&line);
	ct_text_fini(&line);
}

void ct_progress_begin(struct ct_progress *progress, const char *trace)
{
	*progress = (struct ct_progress){
		.trace = trace,
		.begin_ms = ct_clock_ms(),
		.interrupts = ct_interrupt_count(),
		.wanted = isatty(STDERR_FILENO) == 1,
	};
	ct_interrupt_begin(&progress->interrupt);
}

bool ct_progress_step(void *state, uint64_t events)
{
	struct ct_progress *progress = state;
	uint64_t now = progress->wanted ? ct_clock_ms() : 0;

	if (progress->wanted && now >= progress->begin_ms + FIRST_MS &&
	    now >= progress->shown_ms + NEXT_MS) {
		show(progress->trace, events);
		progress->shown_ms = now;
	}
	return ct_interrupt_count() == progress->interrupts;
}

void ct_progress_end(struct ct_progress *progress)
{
	if (progress->shown_ms)
		show(NULL, 0);
	ct_interrupt_end(&progress->interrupt);
}
