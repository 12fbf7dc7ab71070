#include "cli/command.h"

#include <argp.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cc_compiler.h"
#include "cli/cc_flags.h"
#include "cli/cc_line.h"
#include "cli/exit.h"
#include "cli/library.h"
#include "cli/options.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	char ***compiler = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_ARG:
		*compiler = &state->argv[state->next - 1];
		state->next = state->argc; /* what follows is the compiler's */
		return 0;
	case ARGP_KEY_END:
		if (!*compiler || !**compiler[0])
			argp_error(state, "the compiler is missing");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The compiler, our options, the user's, and what is linked in. */
static enum ct_status compose(char *const *argv, const struct ct_cc_found *found,
			      const struct ct_cc_line *line, const char *folder,
			      struct ct_cc_words *out)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < found->words && status == CT_OK; i++)
		status = ct_cc_words_add(out, argv[i]);
	if (status == CT_OK)
		status = ct_cc_flags_add(out, found->compiler, CT_CC_FRONT, folder);
	for (size_t i = found->words; argv[i] && status == CT_OK; i++)
		status = ct_cc_words_add(out, argv[i]);
	if (status == CT_OK && line->links)
		status = ct_cc_flags_add(out, found->compiler, CT_CC_LINK, folder);
	return status;
}

/* Becomes the compiler; returns, with the exit status, only if it cannot. */
static int become(char **argv)
{
	execvp(argv[0], argv);
	ct_cli_say("%s: %s", argv[0], strerror(errno));
	return errno == ENOENT ? CT_EXIT_NOT_FOUND : CT_EXIT_NOT_EXECUTABLE;
}

static int compile(char **argv, const struct ct_cc_found *found, const struct ct_cc_line *line)
{
	struct ct_cc_words words = {0};
	struct ct_text folder;
	struct ct_error error;
	int status;

	ct_text_init(&folder);
	if (ct_library_find_race(&folder, &error) != CT_OK)
		status = ct_cli_fail(&error);
	else if (compose(argv, found, line, ct_text_str(&folder), &words) != CT_OK)
		status = ct_cli_no_memory();
	else
		status = become(words.words);
	ct_cc_words_fini(&words);
	ct_text_fini(&folder);
	return status;
}

static int run_cc(int argc, char **argv)
{
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "[--] COMPILER [ARGUMENT...]",
		.doc = "Runs gcc or clang so that what it builds tells \"conctrace run\" of its "
		       "memory accesses, and data races are found. Compile and link with it, as "
		       "with CC=\"conctrace cc gcc\". The program runs normally without conctrace."
		       "\vOptions after COMPILER belong to it, its output and exit status are its "
		       "own. It gets -fsanitize=thread, -g, and when it links, conctrace's "
		       "runtime in place of ThreadSanitizer's; your own options win over these.",
		.children = children,
	};
	struct ct_cc_found found;
	struct ct_cc_line line;
	struct ct_error error;
	char **compiler = NULL;
	enum ct_status status;

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &compiler) != 0)
		return CT_EXIT_USAGE;
	status = ct_cc_find_compiler(compiler, &found, &error);
	if (status == CT_ENOTFOUND) {
		ct_cli_say("%s", error.text);
		return CT_EXIT_NOT_FOUND;
	}
	if (status != CT_OK)
		return ct_cli_fail(&error);
	ct_cc_line_read(compiler + found.words, &line);
	if (line.has_input && line.other) {
		ct_cli_say("only programs for x86-64 are supported: compile without %s",
			   line.other);
		return CT_EXIT_USAGE;
	}
	if (line.links && line.is_static) {
		ct_cli_say("static programs cannot be preloaded, so nothing of them would be "
			   "recorded: link without -static");
		return CT_EXIT_USAGE;
	}
	if (line.links && line.gold) {
		ct_cli_say("the linker gold cannot do what is needed: link with -fuse-ld=bfd or "
			   "-fuse-ld=lld");
		return CT_EXIT_USAGE;
	}
	return line.has_input ? compile(compiler, &found, &line) : become(compiler);
}

const struct ct_command ct_command_cc = {
	.name = "cc",
	.summary = "compile a program so that its data races are found",
	.run = run_cc,
};
