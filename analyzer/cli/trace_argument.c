#include "cli/trace_argument.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **trace = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*trace)
			argp_error(state, "takes one trace, not also \"%s\"", arg);
		*trace = arg;
		return 0;
	case ARGP_KEY_END:
		if (!*trace)
			argp_error(state,
				   "a trace is missing: a folder that \"conctrace run\" made, or "
				   "an STD text file");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp ct_trace_argp = {.parser = parse, .args_doc = "TRACE"};
