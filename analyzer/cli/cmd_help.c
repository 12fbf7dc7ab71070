#include "cli/command.h"

#include <string.h>

#include "cli/exit.h"

static int run_help(int argc, char **argv)
{
	char top[] = "conctrace", flag[] = "--help";
	char *arguments[] = {top, flag, NULL};
	const struct ct_command *command;

	if (argc > 2) {
		ct_cli_say("\"conctrace help\" takes one command");
		return CT_EXIT_USAGE;
	}
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return ct_cli_main(2, arguments);
	command = ct_command_find_or_say(argv[1]);
	if (!command)
		return CT_EXIT_USAGE;
	return ct_command_call(command, 2, arguments);
}

const struct ct_command ct_command_help = {
	.name = "help",
	.summary = "explain a command",
	.run = run_help,
};
