#include "cli/command.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/again.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/run.h"
#include "cli/sift.h"

enum {
	KEY_TIMEOUT = 0x200, /* beyond those of ct_output_argp */
	KEY_FORCE,
	KEY_WAIT_ALL,
	KEY_NEW_SESSION,
	KEY_STACK_DEPTH,
	KEY_MAX_TRACE,
	KEY_ACCESS_QUOTA,
	KEY_ON_HANG,
	KEY_CONFIRM,
	KEY_PERTURB,
	KEY_RUNS,
	KEY_RACES,
	KEY_TRAPS,
	KEY_RACES_BUDGET,
};

enum { STACK_DEPTH_MAX = 32, TRAPS_MAX = 255 }; /* of the recorder */

static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "The program and its trace:", 1},
	{"output", 'o', "DIR", 0, "Trace folder; must not exist (default: conctrace.PROG.PID)", 1},
	{"force", KEY_FORCE, NULL, 0, "Replace a trace that is in DIR", 1},
	{"timeout", KEY_TIMEOUT, "SEC", 0, "End the program after SEC seconds; exit status 124", 1},
	{"on-hang", KEY_ON_HANG, "WHAT", 0,
	 "When the program hangs: kill, continue, abort (SIGABRT, for core dumps) or gdb (show all "
	 "stacks, then kill); default: kill, but continue while a part of it goes on",
	 1},
	{"wait-all", KEY_WAIT_ALL, NULL, 0,
	 "Also wait for processes that outlive the program's first one", 1},
	{"new-session", KEY_NEW_SESSION, NULL, 0,
	 "Give the program a session of its own: what it sends to its process group, and a "
	 "terminal to ours, does not reach the other",
	 1},
	{"stack-depth", KEY_STACK_DEPTH, "N", 0, "Keep N frames of each call stack, at most 32", 1},
	{"max-trace", KEY_MAX_TRACE, "SIZE", 0,
	 "Limit of the trace's size: 500M, 2G (default); 0: none", 1},
	{"access-quota", KEY_ACCESS_QUOTA, "SIZE", 0,
	 "Record so much of each thread's accesses to memory (8M) before they are sampled; 0: "
	 "all, "
	 "as far as --max-trace allows",
	 1},
	{"races", KEY_RACES, "HOW", 0,
	 "How data races are looked for: compiled (in what \"conctrace cc\" built), traps (in any "
	 "program, a sample), auto (default: the first that there is) or off",
	 1},
	{"traps", KEY_TRAPS, "WHICH", 0,
	 "Whose code gets traps: main (default), all, or names of libraries with commas between",
	 1},
	{"races-budget", KEY_RACES_BUDGET, "PERCENT", 0,
	 "So much of the run time, and at least 100 ms, may threads be held at traps (10); 0: "
	 "nobody is held",
	 1},
	{"no-report", 'q', NULL, 0,
	 "Do not print the report; the exit status tells of findings all the same", 1},
	{"confirm", KEY_CONFIRM, NULL, 0,
	 "Then run it again, steered to the deadlocks that are predicted: see conctrace confirm",
	 1},
	{"perturb", KEY_PERTURB, "SEED", 0,
	 "Delay threads at random where they synchronise, in the same way for the same number", 1},
	{"runs", KEY_RUNS, "N", 0,
	 "Run it N times and tell each finding once; with --perturb: with SEED and those after it",
	 1},
	{0},
};

struct arguments {
	struct ct_run_options run;
	struct ct_again again;
};

static error_t parse_again(int key, char *arg, struct argp_state *state, struct ct_again *again)
{
	switch (key) {
	case KEY_CONFIRM:
		again->confirm = true;
		return 0;
	case KEY_PERTURB:
		again->perturb = true;
		if (!ct_parse_number(arg, UINT64_MAX, &again->seed))
			argp_error(state, "--perturb takes a number, not \"%s\"", arg);
		return 0;
	case KEY_RUNS:
		if (!ct_parse_number(arg, CT_RUNS_MAX, &again->runs) || !again->runs)
			argp_error(state, "--runs takes 1 to %d, not \"%s\"", CT_RUNS_MAX, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* A list is handed on in CONCTRACE_OPTIONS, where a colon parts settings. */
static bool is_list(const char *text)
{
	return *text && strlen(text) <= TRAPS_MAX && !strchr(text, ':');
}

static error_t parse_races(int key, char *arg, struct argp_state *state,
			   struct ct_launch_races *races)
{
	switch (key) {
	case KEY_RACES:
		races->how = arg;
		if (strcmp(arg, "auto") != 0 && strcmp(arg, "compiled") != 0 &&
		    strcmp(arg, "traps") != 0 && strcmp(arg, "off") != 0)
			argp_error(state, "--races takes auto, compiled, traps or off, not \"%s\"",
				   arg);
		return 0;
	case KEY_TRAPS:
		races->traps = arg;
		if (!is_list(arg))
			argp_error(state,
				   "--traps takes main, all or names of libraries, such as "
				   "libfoo.so.1,libbar.so, not \"%s\"",
				   arg);
		return 0;
	case KEY_RACES_BUDGET:
		if (!ct_parse_number(arg, 100, &races->budget))
			argp_error(state, "--races-budget takes percent, 0 to 100, not \"%s\"",
				   arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_flag(int key, struct ct_run_options *run)
{
	switch (key) {
	case KEY_FORCE:
		run->force = true;
		return 0;
	case KEY_WAIT_ALL:
		run->wait_all = true;
		return 0;
	case KEY_NEW_SESSION:
		run->new_session = true;
		return 0;
	case 'q':
		run->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	struct ct_run_options *run = &a->run;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &run->output;
		return 0;
	case 'o':
		run->folder = arg;
		return 0;
	case KEY_TIMEOUT:
		if (!ct_parse_seconds(arg, &run->timeout_ms))
			argp_error(state, "--timeout takes seconds, more than 0, not \"%s\"", arg);
		return 0;
	case KEY_STACK_DEPTH:
		if (!ct_parse_number(arg, STACK_DEPTH_MAX, &run->stack_depth))
			argp_error(state, "--stack-depth takes 0 to 32, not \"%s\"", arg);
		return 0;
	case KEY_MAX_TRACE:
		if (!ct_parse_size(arg, &run->max_bytes))
			argp_error(state, "--max-trace takes a size such as 500M, not \"%s\"", arg);
		return 0;
	case KEY_ACCESS_QUOTA:
		if (!ct_parse_size(arg, &run->quota_bytes))
			argp_error(state, "--access-quota takes a size such as 64M, not \"%s\"",
				   arg);
		return 0;
	case KEY_ON_HANG:
		if (!ct_on_hang_parse(arg, &run->on_hang))
			argp_error(state,
				   "--on-hang takes kill, continue, abort or gdb, not \"%s\"", arg);
		return 0;
	case ARGP_KEY_ARG:
		run->program = &state->argv[state->next - 1];
		state->next = state->argc; /* what follows is the program's */
		return 0;
	case ARGP_KEY_END:
		if (!run->program || !run->program[0][0])
			argp_error(state, "the program to run is missing");
		if (run->races.traps && run->races.how && strcmp(run->races.how, "off") == 0)
			argp_error(state, "--traps has no use with --races=off");
		if (a->again.runs > 1 && (run->output.svg || run->output.dot))
			argp_error(state, "--svg and --dot draw one run, not several");
		return 0;
	case KEY_CONFIRM:
	case KEY_PERTURB:
	case KEY_RUNS:
		return parse_again(key, arg, state, &a->again);
	case KEY_RACES:
	case KEY_TRAPS:
	case KEY_RACES_BUDGET:
		return parse_races(key, arg, state, &run->races);
	default:
		return parse_flag(key, run);
	}
}

static int run_run(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&ct_output_argp, 0, NULL, 0}, {&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[--] PROGRAM [ARGUMENT...]",
		.doc = "Runs a program, records its threads, processes, locks and pipes, and "
		       "explains "
		       "on standard error who waited for whom and which locks can deadlock. "
		       "Options "
		       "after PROGRAM belong to it."
		       "\vData races are found for sure in programs that \"conctrace cc\" built. "
		       "In others threads are held for a moment where they access memory, to "
		       "catch two at one place: that sees some races in each run; --runs 10 sees "
		       "more.\n\n"
		       "Ctrl-C is the program's affair. It ends all of it where the program is "
		       "stopped or was said to hang; where it ignores interrupts, the second one "
		       "within 2 seconds does, or the third; where it catches them, the fifth "
		       "within 2 seconds.",
		.children = children,
	};
	struct arguments a = {.run = {.stack_depth = UINT64_MAX,
				      .max_bytes = UINT64_MAX,
				      .quota_bytes = UINT64_MAX,
				      .races = {.budget = UINT64_MAX}}};
	struct ct_text command;
	struct ct_error error;
	int status;

	ct_output_options_init(&a.run.output);
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	ct_text_init(&command);
	ct_output_command(argc, argv, &command);
	a.run.command = ct_text_str(&command);
	if (ct_sift_new(&a.run.output, &error, &a.run.sift) == CT_OK)
		status = ct_run_again(&a.run, &a.again);
	else
		status = ct_cli_fail(&error);
	ct_sift_free(a.run.sift);
	ct_text_fini(&command);
	return status;
}

const struct ct_command ct_command_run = {
	.name = "run",
	.summary = "record a program and explain what it did",
	.run = run_run,
};
