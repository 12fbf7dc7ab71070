#include "grade/rubric.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "grade/result_key.h"

void ct_rubric_init(struct ct_rubric *rubric)
{
	*rubric = (struct ct_rubric){
		.title = "",
		.points = 100 * CT_POINT,
		.runs = 5,
		.seed = 1,
		.build_timeout_ms = 60000,
		.race = true,
		.command = "./program",
		.timeout_ms = 10000,
		.memory_bytes = UINT64_C(1) << 30,
		.processes = 64,
		.output_bytes = 1 << 20,
		.races = "compiled",
		.output_points = 20 * CT_POINT,
		.evidence_points = {[CT_PREDICTED] = 20 * CT_POINT,
				    [CT_CONFIRMED] = 20 * CT_POINT,
				    [CT_OBSERVED] = 20 * CT_POINT},
		.max_findings = 3,
		.deadlocked = 50 * CT_POINT,
		.failed = 30 * CT_POINT,
		.slow = 30 * CT_POINT,
		.no_build = INT64_MAX, /* all that there are */
		.cpu_ms = 5000,
	};
	ct_arena_init(&rubric->arena);
}

void ct_rubric_fini(struct ct_rubric *rubric)
{
	free(rubric->rules.items);
	free(rubric->require.items);
	free(rubric->forbid.items);
	ct_arena_fini(&rubric->arena);
	*rubric = (struct ct_rubric){0};
}

uint64_t ct_rubric_key(const struct ct_rubric *rubric, const char *version)
{
	uint64_t key = ct_key_add_number(CT_KEY_BEGIN, rubric->hash);

	key = ct_key_add_number(key, rubric->seed);
	key = ct_key_add_number(key, rubric->runs);
	return ct_key_add_text(key, version);
}

void ct_points_add(struct ct_text *out, int64_t points)
{
	int64_t part = points % CT_POINT;

	ct_text_addf(out, "%" PRId64, points / CT_POINT);
	if (part)
		ct_text_addf(out, part % 10 ? ".%02" PRId64 : ".%" PRId64,
			     part % 10 ? part : part / 10);
}

const char ct_rubric_example[] =
	"; What is asked of the submissions, and what it costs. Each line that is left out is as\n"
	"; it stands here, but for those that begin with \"; \": they show what else there is.\n"
	"\n"
	"[grade]\n"
	"; title = Exercise 3: a bounded buffer\n"
	"points = 100\n"
	"runs = 5         ; how often each program is run, every time with other delays\n"
	"seed = 1         ; of the first run; the others have the numbers after it\n"
	"\n"
	"[build]\n"
	"; command = make buffer        ; default: make where there is a Makefile, else the "
	"compiler\n"
	"timeout = 60\n"
	"race = yes       ; by \"conctrace cc\", so that data races are looked for\n"
	"\n"
	"[run]\n"
	"command = ./program            ; words with blanks between them; no shell\n"
	"; input = input.txt            ; beside this file; default: nothing\n"
	"status = 0       ; what the program has to exit with\n"
	"timeout = 10     ; seconds of each run\n"
	"memory = 1G      ; of all processes together\n"
	"processes = 64   ; and threads, at once\n"
	"output = 1M      ; bytes of standard output, and as many of standard error\n"
	"races = compiled ; or traps, in programs that are built without \"race\"; auto; off\n"
	"\n"
	"[output]\n"
	"; expect = expected.txt        ; standard output is this file, byte by byte\n"
	"; contains = sum: 5050         ; standard output has this text in it\n"
	"; match = ^sum: [0-9]+$        ; a line of it matches this extended regular expression\n"
	"points = 20      ; lost if it is not so in any run\n"
	"\n"
	"[deduct]\n"
	"observed = 20    ; for each finding, by its evidence\n"
	"confirmed = 20\n"
	"predicted = 20\n"
	"potential = 0\n"
	"max-findings = 3 ; further ones cost nothing; the dearest count\n"
	"deadlocked = 50  ; once, in place of what the hangs would cost that were observed\n"
	"failed = 30      ; once, if a run crashed, exited with another status or met a limit\n"
	"slow = 30        ; once, if a run was ended by the timeout but did not hang\n"
	"incomplete = 0   ; once, if not all of the runs could be observed\n"
	"; no-build = 100               ; default: all points\n"
	"; rule.data-race = 40          ; for each finding of this rule, whatever its evidence\n"
	"\n"
	"[require]\n"
	"; mutex = 10                   ; lost if the program does not use any\n"
	"\n"
	"[forbid]\n"
	"; sleep = 10                   ; lost if the program uses it\n"
	"; busy-waiting = 10            ; lost if a run takes more processor time than this:\n"
	"cpu = 5\n";
