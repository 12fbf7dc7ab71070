#include "cli/command.h"

#include <argp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "base/text.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "grade/job.h"

const struct ct_command *const ct_commands[] = {
#define COMMAND(name) &ct_command_##name,
#include "cli/commands.def"
#undef COMMAND
	NULL,
};

const struct ct_command *ct_command_find(const char *name)
{
	for (const struct ct_command *const *c = ct_commands; *c; c++) {
		if (strcmp((*c)->name, name) == 0)
			return *c;
	}
	return NULL;
}

const struct ct_command *ct_command_find_or_say(const char *name)
{
	static const char *const names[] = {
#define COMMAND(name) #name,
#include "cli/commands.def"
#undef COMMAND
		NULL,
	};
	const struct ct_command *command = ct_command_find(name);
	const char *near;

	if (command)
		return command;
	near = ct_suggest(name, names);
	if (near)
		ct_cli_say("there is no command \"%s\"; did you mean \"%s\"?", name, near);
	else
		ct_cli_say("there is no command \"%s\"; \"conctrace --help\" lists them", name);
	return NULL;
}

int ct_command_call(const struct ct_command *command, int argc, char **argv)
{
	char title[64];

	/* what argp and getopt put before their messages */
	snprintf(title, sizeof(title), "conctrace %s", command->name);
	argv[0] = title;
	return command->run(argc, argv);
}

static char *list_commands(int key, const char *text, void *input)
{
	struct ct_text help;
	char *copy;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	ct_text_init(&help);
	ct_text_add(&help, "Commands:\n");
	for (const struct ct_command *const *c = ct_commands; *c; c++)
		ct_text_addf(&help, "  %-8s %s\n", (*c)->name, (*c)->summary);
	ct_text_add(&help, "\n\"conctrace help COMMAND\" tells more, \"man conctrace\" all.\n");
	copy = strdup(ct_text_str(&help)); /* argp frees it */
	ct_text_fini(&help);
	return copy;
}

struct chosen {
	int index; /* of the command in argv; 0: none */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct chosen *chosen = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = NULL;
		return 0;
	case ARGP_KEY_ARG:
		chosen->index = state->next - 1;
		state->next = state->argc; /* the rest is the command's */
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* A descriptor of ours must not become 0, 1 or 2, or messages would go into it. The program still
 * finds them closed. */
static void fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int ct_cli_main(int argc, char **argv)
{
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "COMMAND [ARGUMENT...]",
		.doc = "Records what a program does with threads, processes, locks and pipes, and "
		       "explains who waits for whom.\v ",
		.children = children,
		.help_filter = list_commands,
	};
	struct chosen chosen = {0};
	const struct ct_command *command;
	int inside;

	if (ct_job_inside(argc, argv, &inside))
		return inside;
	fill_standard_descriptors();
	argp_program_version = "conctrace " CT_VERSION;
	argp_err_exit_status = CT_EXIT_USAGE;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &chosen) != 0)
		return CT_EXIT_USAGE;
	if (!chosen.index) {
		ct_cli_say("a command is missing; \"conctrace --help\" lists them");
		return CT_EXIT_USAGE;
	}
	command = ct_command_find_or_say(argv[chosen.index]);
	if (!command)
		return CT_EXIT_USAGE;
	return ct_command_call(command, argc - chosen.index, argv + chosen.index);
}
