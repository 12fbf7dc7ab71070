#include "cli/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/exit.h"
#include "report/reporter.h"

enum option_key {
	KEY_SVG = 0x100,
	KEY_DOT,
	KEY_EXPLAIN,
	KEY_COLOR,
	KEY_FAIL_ON,
	KEY_STATUS,
	KEY_SUPPRESSIONS,
	KEY_GENERATE,
	KEY_BASELINE,
	KEY_REPORT, /* and on, in the order of reporters.def */
};

void ct_output_options_init(struct ct_output_options *options)
{
	*options = (struct ct_output_options){
		.fail_on = CT_FAIL_ON_DEFAULT,
		.error_status = CT_EXIT_FINDING,
	};
	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		const char *name = ct_reporters[i]->appends_to;
		const char *file = name ? getenv(name) : NULL;

		options->appended[i] = file && *file ? file : NULL;
	}
}

bool ct_parse_number(const char *text, uint64_t max, uint64_t *out)
{
	char *end;
	unsigned long long value;

	if (*text < '0' || *text > '9')
		return false; /* strtoull takes signs and blanks */
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || value > max)
		return false;
	*out = value;
	return true;
}

bool ct_parse_seconds(const char *text, uint64_t *out_ms)
{
	char *end;
	double value;

	if ((*text < '0' || *text > '9') && *text != '.')
		return false;
	value = strtod(text, &end);
	/* a week is more than any timeout; NaN fails the comparison */
	if (*end || !(value > 0 && value <= 7 * 86400.0))
		return false;
	*out_ms = (uint64_t)ceil(value * 1000);
	return true;
}

bool ct_parse_size(const char *text, uint64_t *out_bytes)
{
	static const struct {
		const char *letters;
		int shift;
	} units[] = {{"", 0}, {"kK", 10}, {"mM", 20}, {"gG", 30}, {"tT", 40}};
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;
	char number[24];
	uint64_t value;

	if (digits >= sizeof(number) || (*unit && unit[1]))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (!ct_parse_number(number, UINT64_MAX, &value))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		/* strchr finds the terminator, too: that is the row without letters */
		if (!strchr(units[i].letters, *unit))
			continue;
		if (*unit == '\0' && i > 0)
			continue;
		if (value > UINT64_MAX >> units[i].shift)
			return false;
		*out_bytes = value << units[i].shift;
		return true;
	}
	return false;
}

bool ct_color_wanted(enum ct_color color, int fd)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (color != CT_COLOR_AUTO)
		return color == CT_COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return isatty(fd) && (!term || strcmp(term, "dumb") != 0);
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != 'h')
		return ARGP_ERR_UNKNOWN;
	argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
	return 0;
}

const struct argp ct_common_argp = {
	.options = (const struct argp_option[]){{NULL, 'h', NULL, OPTION_HIDDEN, NULL, -1}, {0}},
	.parser = parse_common,
};

static enum ct_evidence level_value(const char *text, struct argp_state *state)
{
	for (enum ct_evidence level = CT_POTENTIAL; level <= CT_OBSERVED; level++) {
		if (strcmp(text, ct_evidence_text(level)) == 0)
			return level;
	}
	argp_error(state, "--fail-on takes potential, predicted, confirmed or observed, not \"%s\"",
		   text);
	return CT_OBSERVED;
}

enum ct_color ct_parse_color(const char *text, struct argp_state *state)
{
	static const char *const names[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(text, names[i]) == 0)
			return (enum ct_color)i;
	}
	argp_error(state, "--color takes auto, always or never, not \"%s\"", text);
	return CT_COLOR_AUTO;
}

static error_t parse_hiding(int key, char *arg, struct argp_state *state)
{
	struct ct_output_options *options = state->input;

	switch (key) {
	case KEY_SUPPRESSIONS:
		if (options->suppression_count == CT_SUPPRESSION_FILES_MAX)
			argp_error(state, "--suppressions can be given %u times at most",
				   CT_SUPPRESSION_FILES_MAX);
		else
			options->suppressions[options->suppression_count++] = arg;
		return 0;
	case KEY_GENERATE:
		options->generate = true;
		options->generate_file = arg;
		return 0;
	case KEY_BASELINE:
		options->baseline = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_output(int key, char *arg, struct argp_state *state)
{
	struct ct_output_options *options = state->input;
	uint64_t number = 0;

	if (key >= KEY_REPORT && key < KEY_REPORT + CT_REPORT_COUNT) {
		options->reports[key - KEY_REPORT] = arg;
		return 0;
	}
	switch (key) {
	case KEY_SVG:
		options->svg = arg;
		return 0;
	case KEY_DOT:
		options->dot = arg;
		return 0;
	case KEY_EXPLAIN:
		options->explain = true;
		return 0;
	case KEY_COLOR:
		options->color = ct_parse_color(arg, state);
		return 0;
	case KEY_FAIL_ON:
		options->fail_on = level_value(arg, state);
		return 0;
	case KEY_STATUS:
		if (!ct_parse_number(arg, 255, &number))
			argp_error(state, "--error-exitcode takes 0 to 255, not \"%s\"", arg);
		options->error_status = (int)number;
		return 0;
	default:
		return parse_hiding(key, arg, state);
	}
}

static const struct argp_option output_options[] = {
	{NULL, 0, NULL, 0, "What to make of the findings:", 2},
	{"explain", KEY_EXPLAIN, NULL, 0,
	 "Also list the patterns that were looked at and cannot happen, with the reason", 2},
#define REPORTER(name) {#name, KEY_REPORT + CT_REPORT_##name, "FILE", 0, NULL, 2},
#include "report/reporters.def"
#undef REPORTER
	{"dot", KEY_DOT, "FILE", 0,
	 "Draw the wait-for graph if threads wait for each other at the end, else the lock-order "
	 "graph, for Graphviz",
	 2},
	{"svg", KEY_SVG, "FILE", 0, "The same drawing as SVG (runs Graphviz)", 2},
	{"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
	 "Do not tell findings that FILE speaks of, nor count them; can be given several times", 2},
	{"gen-suppressions", KEY_GENERATE, "FILE", OPTION_ARG_OPTIONAL,
	 "Write suppressions for what is found to FILE, or after the report", 2},
	{"baseline", KEY_BASELINE, "FILE", 0,
	 "Tell and count only what is new since FILE, which --json wrote", 2},
	{"color", KEY_COLOR, "WHEN", 0, "Colour the report: auto, always or never", 2},
	{"fail-on", KEY_FAIL_ON, "LEVEL", 0,
	 "Fail when an error has this evidence or better: potential, predicted, confirmed or "
	 "observed; default: ", /* complete_help says which */
	 2},
	{"error-exitcode", KEY_STATUS, "N", 0, "Exit status for such an error instead of 66", 2},
	{0},
};

/* What argp's table, which is constant, cannot say. */
static char *complete_help(int key, const char *text, void *input)
{
	bool is_report = key >= KEY_REPORT && key < KEY_REPORT + CT_REPORT_COUNT;
	struct ct_text help;
	char *copy;

	(void)input;
	if (!is_report && (key != KEY_FAIL_ON || !text))
		return (char *)text;
	ct_text_init(&help);
	if (is_report)
		ct_text_addf(&help, "Also write %s to FILE",
			     ct_reporters[key - KEY_REPORT]->description);
	else
		ct_text_addf(&help, "%s%s; of conctrace confirm: confirmed", text,
			     ct_evidence_text(CT_FAIL_ON_DEFAULT));
	copy = strdup(ct_text_str(&help)); /* argp frees it */
	ct_text_fini(&help);
	return copy;
}

const struct argp ct_output_argp = {
	.options = output_options,
	.parser = parse_output,
	.help_filter = complete_help,
};
