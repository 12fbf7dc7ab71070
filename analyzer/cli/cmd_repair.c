#include "cli/command.h"

#include <argp.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/exit.h"
#include "cli/options.h"
#include "cli/trace_argument.h"
#include "reader/repair.h"

enum { KEY_FORCE = 0x100 };

struct arguments {
	const char *trace;
	bool force;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->trace;
		return 0;
	case KEY_FORCE:
		a->force = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print(const char *trace, const struct ct_repair_counts *counts)
{
	if (!counts->packets && !counts->renamed && !counts->cut_files && !counts->removed) {
		printf("%s needed no repair\n", trace);
		return;
	}
	printf("%s: %zu packets (%" PRIu64 " bytes) completed, %" PRIu64
	       " bytes of torn tails cut\n",
	       trace, counts->packets, counts->bytes, counts->cut_bytes);
}

static int run_repair(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"force", KEY_FORCE, NULL, 0,
		 "Take all processes of the trace for dead, e.g. when it was recorded elsewhere",
		 0},
		{0},
	};
	static const struct argp_child children[] = {
		{&ct_trace_argp, 0, NULL, 0}, {&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Completes a trace whose program was killed while nobody watched over it, "
		       "so "
		       "that babeltrace2 and Trace Compass read all of it. conctrace itself needs "
		       "no "
		       "repair.",
		.children = children,
	};
	struct arguments a = {0};
	struct ct_repair_options how = {.mode = CT_REPAIR_WHOLE};
	struct ct_repair_counts counts;
	struct ct_error error;

	if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	if (a.force)
		how.mode = CT_REPAIR_FORCE;
	if (ct_trace_repair(a.trace, &how, &error, &counts) != CT_OK)
		return ct_cli_fail(&error);
	print(a.trace, &counts);
	if (counts.damaged) {
		ct_cli_say("%s: %zu files were left alone, as nothing in them could be understood",
			   a.trace, counts.damaged);
		return CT_EXIT_USAGE;
	}
	return CT_EXIT_OK;
}

const struct ct_command ct_command_repair = {
	.name = "repair",
	.summary = "complete the trace of a program that was killed",
	.run = run_repair,
};
