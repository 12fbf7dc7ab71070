#include "cli/command.h"

#include <argp.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "cli/drawing.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/output_check.h"
#include "report/graphs.h"

enum key { KEY_SVG = 0x100, KEY_PNG };

struct arguments {
	const struct ct_graph_kind *kind;
	const char *trace, *svg, *png;
	bool damaged;
};

static void take_kind(struct arguments *a, const char *name, struct argp_state *state)
{
	struct ct_text names;

	a->kind = ct_graph_kind_find(name);
	if (a->kind)
		return;
	ct_text_init(&names);
	for (const struct ct_graph_kind *const *kind = ct_graph_kinds; *kind; kind++)
		ct_text_addf(&names, "%s%s", kind == ct_graph_kinds ? "" : ", ", (*kind)->name);
	argp_error(state, "there is no graph \"%s\"; there are: %s", name, ct_text_str(&names));
	ct_text_fini(&names);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_SVG:
		a->svg = arg;
		return 0;
	case KEY_PNG:
		a->png = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			take_kind(a, arg, state);
		else if (state->arg_num == 1)
			a->trace = arg;
		else
			argp_error(state, "takes one trace, not also \"%s\"", arg);
		return 0;
	case ARGP_KEY_END:
		if (!a->trace)
			argp_error(state, "takes the kind of graph (lock-order or wait-for) and a "
					  "trace");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum ct_status draw(struct arguments *a, struct ct_text *dot, struct ct_error *error)
{
	const char *const written[] = {a->svg, a->png};
	const struct ct_output_files files = {written, sizeof(written) / sizeof(*written),
					      &a->trace, 1};
	enum ct_status status = ct_output_files_check(&files, error);

	if (status == CT_OK)
		status = ct_drawing_dot(a->trace, a->kind, dot, &a->damaged, error);
	if (status)
		return status;
	if (a->svg)
		status = ct_drawing_render(dot, "svg", a->svg, error);
	if (status == CT_OK && a->png)
		status = ct_drawing_render(dot, "png", a->png, error);
	if (!a->svg && !a->png)
		status = ct_output_file(dot, "-", error);
	return status;
}

static int run_graph(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"svg", KEY_SVG, "FILE", 0, "Write an SVG picture instead (runs Graphviz)", 0},
		{"png", KEY_PNG, "FILE", 0, "Write a PNG picture instead (runs Graphviz)", 0},
		{0},
	};
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "lock-order TRACE\nwait-for TRACE",
		.doc = "Prints a graph of a trace in Graphviz's DOT language: in which orders "
		       "locks "
		       "were taken, or who waited for whom at the end.",
		.children = children,
	};
	struct arguments a = {0};
	struct ct_text dot;
	struct ct_error error;
	enum ct_status status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	ct_text_init(&dot);
	status = draw(&a, &dot, &error);
	ct_text_fini(&dot);
	if (status)
		return ct_cli_fail(&error);
	return a.damaged ? CT_EXIT_USAGE : CT_EXIT_OK;
}

const struct ct_command ct_command_graph = {
	.name = "graph",
	.summary = "draw the lock orders, or who waits for whom",
	.run = run_graph,
};
