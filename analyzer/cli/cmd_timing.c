#include "cli/command.h"

#include <argp.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "base/vec.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/sweep.h"
#include "cli/timing_files.h"

enum key {
	KEY_JSON = 0x100,
	KEY_GANTT,
	KEY_LANES,
	KEY_PARALLELISM,
	KEY_TOP,
	KEY_COLOR,
	KEY_COMPARE,
	KEY_SPEEDUP,
	KEY_SWEEP,
	KEY_OVER,
	KEY_REPEAT,
	KEY_WORKERS,
	KEY_CURVE,
};

enum { TOP_DEFAULT = 20, TOP_MAX = 100000, REPEAT_DEFAULT = 5, REPEAT_MAX = 1000 };

struct arguments {
	struct ct_timing_files files;
	struct ct_sweep_options sweep;
	const char **traces; /* owned, as are sweep.commands */
	size_t trace_count, trace_cap, command_cap;
	uint64_t top, repeat;
	enum ct_color color;
	bool compare;
};

static void append(const char ***list, size_t *count, size_t *cap, const char *item,
		   struct argp_state *state)
{
	if (ct_vec_grow(list, cap, *count + 1, sizeof(**list)) != CT_OK)
		argp_failure(state, CT_EXIT_INTERNAL, 0, "out of memory");
	else
		(*list)[(*count)++] = item;
}

static void take_number(const char *name, const char *text, uint64_t max, uint64_t *out,
			struct argp_state *state)
{
	if (!ct_parse_number(text, max, out) || *out == 0)
		argp_error(state, "--%s takes a number from 1 to %u, not \"%s\"", name,
			   (unsigned)max, text);
}

/* What has a value but that of --json and --color belongs to one way of calling. */
static void check_single(const struct arguments *a, struct argp_state *state)
{
	if (a->sweep.over || a->repeat || a->sweep.workers || a->sweep.curve)
		argp_error(state, "--over, --repeat, --workers and --curve go with --sweep");
	if (a->files.speedup && !a->compare)
		argp_error(state, "--speedup goes with --compare or --sweep");
	if (a->trace_count == 0)
		argp_error(state, "a trace is missing: a folder that \"conctrace run\" made");
	if (a->compare && a->trace_count < 2)
		argp_error(state, "--compare takes two traces or more, the serial one first");
	if (!a->compare && a->trace_count > 1)
		argp_error(state, "takes one trace, not also \"%s\"; --compare takes several",
			   a->traces[1]);
	if (a->compare && ct_timing_files_draws(&a->files))
		argp_error(state,
			   "--gantt, --lanes and --parallelism draw one trace: not with --compare");
	if (a->compare && a->top)
		argp_error(state, "--top does not go with --compare");
}

static void check_sweep(const struct arguments *a, struct argp_state *state)
{
	if (a->trace_count)
		argp_error(state, "--sweep runs commands and takes no trace: \"%s\"", a->traces[0]);
	if (a->compare || a->top || ct_timing_files_draws(&a->files))
		argp_error(state, "--compare, --top, --gantt, --lanes and --parallelism are of "
				  "traces: not with --sweep");
	if (!a->sweep.over)
		argp_error(state, "--sweep needs --over: the values of {n}, as 1,2,4,8");
	if (a->files.speedup && a->sweep.curve)
		argp_error(state, "--speedup goes with --workers, --curve without: not both");
	if (a->files.speedup && !a->sweep.workers)
		argp_error(state, "--speedup is over numbers of workers: it needs --workers");
	if (a->sweep.curve && a->sweep.workers)
		argp_error(state, "--curve is over sizes of the work: not with --workers");
}

static error_t parse_file(int key, char *arg, struct arguments *a)
{
	switch (key) {
	case KEY_JSON:
		a->files.json = arg;
		return 0;
	case KEY_GANTT:
		a->files.gantt = arg;
		return 0;
	case KEY_LANES:
		a->files.lanes = arg;
		return 0;
	case KEY_PARALLELISM:
		a->files.parallelism = arg;
		return 0;
	case KEY_SPEEDUP:
		a->files.speedup = arg;
		return 0;
	case KEY_CURVE:
		a->sweep.curve = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_TOP:
		take_number("top", arg, TOP_MAX, &a->top, state);
		return 0;
	case KEY_COLOR:
		a->color = ct_parse_color(arg, state);
		return 0;
	case KEY_COMPARE:
		a->compare = true;
		return 0;
	case KEY_SWEEP:
		append(&a->sweep.commands, &a->sweep.command_count, &a->command_cap, arg, state);
		return 0;
	case KEY_OVER:
		a->sweep.over = arg;
		return 0;
	case KEY_REPEAT:
		take_number("repeat", arg, REPEAT_MAX, &a->repeat, state);
		return 0;
	case KEY_WORKERS:
		a->sweep.workers = true;
		return 0;
	case ARGP_KEY_ARG:
		append(&a->traces, &a->trace_count, &a->trace_cap, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (a->sweep.command_count)
			check_sweep(a, state);
		else
			check_single(a, state);
		return 0;
	default:
		return parse_file(key, arg, a);
	}
}

static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "Of one trace:", 1},
	{"gantt", KEY_GANTT, "FILE", 0, "Draw a bar for each task (SVG)", 1},
	{"lanes", KEY_LANES, "FILE", 0, "Draw what each thread did when, and who woke whom (SVG)",
	 1},
	{"parallelism", KEY_PARALLELISM, "FILE", 0, "Draw how many threads ran at once (SVG)", 1},
	{"top", KEY_TOP, "N", 0, "Show so many rows of each table; default 20", 1},
	{NULL, 0, NULL, 0, "Of several:", 2},
	{"compare", KEY_COMPARE, NULL, 0, "Put traces side by side; the first is the serial one",
	 2},
	{"speedup", KEY_SPEEDUP, "FILE", 0, "Draw the speed-up over the workers (SVG)", 2},
	{NULL, 0, NULL, 0, "Of commands, which run without being recorded:", 3},
	{"sweep", KEY_SWEEP, "CMD", 0,
	 "Run this shell command with values for {n}; {mode} in it: with serial, threads and "
	 "processes. Several are compared with the first",
	 3},
	{"over", KEY_OVER, "LIST", 0, "The values of {n}: 1,2,4,8", 3},
	{"repeat", KEY_REPEAT, "N", 0, "Run each so often; default 5", 3},
	{"workers", KEY_WORKERS, NULL, 0, "{n} is the number of workers, not a size", 3},
	{"curve", KEY_CURVE, "FILE", 0, "Draw the time over the size (SVG)", 3},
	{NULL, 0, NULL, 0, "Of all:", 4},
	{"json", KEY_JSON, "FILE", 0, "Write all numbers as JSON", 4},
	{"color", KEY_COLOR, "WHEN", 0, "Colour the report: auto, always or never", 4},
	{0},
};

static int run_sweep(struct arguments *a)
{
	a->sweep.repeat = (unsigned)(a->repeat ? a->repeat : REPEAT_DEFAULT);
	a->sweep.json = a->files.json;
	a->sweep.speedup = a->files.speedup;
	return ct_sweep_run(&a->sweep);
}

static int run(struct arguments *a)
{
	struct ct_timing_show show = {
		.files = &a->files,
		.color = ct_color_wanted(a->color, STDOUT_FILENO),
		.top = (size_t)(a->top ? a->top : TOP_DEFAULT),
	};
	struct ct_error error;

	if (a->sweep.command_count)
		return run_sweep(a);
	if (ct_timing_files_check(&a->files, a->traces, a->trace_count, &error) != CT_OK)
		return ct_cli_fail(&error);
	return a->compare ? ct_timing_show_compared(&show, a->traces, a->trace_count)
			  : ct_timing_show_one(&show, a->traces[0]);
}

static int run_timing(int argc, char **argv)
{
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "TRACE\n--compare TRACE TRACE...\n--sweep CMD --over LIST",
		.doc = "Says where the time of a recorded program went: what threads and "
		       "processes cost, what they waited for, which locks they fought for, and how "
		       "much of it ran at once. The report goes to standard output; FILE \"-\" is "
		       "standard output instead of it.",
		.children = children,
	};
	struct arguments a = {0};
	int status = CT_EXIT_USAGE;

	if (argp_parse(&argp, argc, argv, 0, NULL, &a) == 0)
		status = run(&a);
	free(a.traces);
	free(a.sweep.commands);
	return status;
}

const struct ct_command ct_command_timing = {
	.name = "timing",
	.summary = "say where the time went: threads, processes, locks",
	.run = run_timing,
};
