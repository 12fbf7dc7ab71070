#ifndef CT_CLI_COMMAND_H
#define CT_CLI_COMMAND_H
/*
 * The commands of conctrace. One file each, listed in commands.def; `run` gets its own arguments,
 * with "conctrace NAME" as argv[0], and returns the exit status.
 */
#include <stddef.h>

struct ct_command {
	const char *name;
	const char *summary; /* one line of `conctrace --help` */
	int (*run)(int argc, char **argv);
};

#define COMMAND(name) extern const struct ct_command ct_command_##name;
#include "cli/commands.def"
#undef COMMAND

/* All of commands.def, NULL-terminated. */
extern const struct ct_command *const ct_commands[];

/* NULL when there is no such command. */
const struct ct_command *ct_command_find(const char *name);

/* As find, but says on stderr what could be meant when there is none. */
const struct ct_command *ct_command_find_or_say(const char *name);

/* Runs a command as `conctrace NAME ...` does; argv[0] is its name. */
int ct_command_call(const struct ct_command *command, int argc, char **argv);

/* The whole program: returns its exit status. */
int ct_cli_main(int argc, char **argv);

#endif
