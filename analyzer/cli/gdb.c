#include "cli/gdb.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/exit.h"

enum { FIRST_WORDS = 3, WORDS_EACH = 6 };

/* Its output goes to standard error. Returns an errno value. */
static int start(char **argv, pid_t *out_gdb)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	error = posix_spawnp(out_gdb, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Each command is tried, whatever became of those before it; the last one's failure is gdb's. */
bool ct_gdb_start(const pid_t *pids, size_t count, pid_t *out_gdb)
{
	char attach[CT_GDB_PROCESSES][32];
	char *argv[FIRST_WORDS + WORDS_EACH * CT_GDB_PROCESSES + 1] = {"gdb", "-nx", "-batch"};
	char **word = &argv[FIRST_WORDS];
	int error;

	for (size_t i = 0; i < count && i < CT_GDB_PROCESSES; i++) {
		char *words[WORDS_EACH] = {"-ex", attach[i], "-ex", "thread apply all bt",
					   "-ex", "detach"};

		snprintf(attach[i], sizeof(attach[i]), "attach %d", (int)pids[i]);
		memcpy(word, words, sizeof(words));
		word += WORDS_EACH;
	}
	error = start(argv, out_gdb);
	if (error == ENOENT)
		ct_cli_say("gdb is not installed: there are no stacks but those of the report; "
			   "--on-hang=abort leaves core files instead");
	else if (error)
		ct_cli_say("gdb cannot be run: %s", strerror(error));
	return error == 0;
}

/* How far the system lets one process look into another; 0: no such limit is set.
 * Source: Documentation/admin-guide/LSM/Yama.rst of Linux. */
static int ptrace_scope(void)
{
	FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	int scope = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &scope) != 1)
		scope = 0;
	fclose(file);
	return scope;
}

void ct_gdb_say_failure(int wait_status)
{
	int scope = ptrace_scope();

	if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0)
		return;
	if (WIFSIGNALED(wait_status))
		ct_cli_say("gdb was ended (SIG%s) before it had shown all stacks",
			   sigabbrev_np(WTERMSIG(wait_status)));
	else if (scope && (geteuid() != 0 || scope > 2))
		ct_cli_say("gdb may not look into the program: this system lets a debugger attach "
			   "to its own children only (kernel.yama.ptrace_scope is %d); "
			   "--on-hang=abort leaves core files instead",
			   scope);
	else
		ct_cli_say(
			"gdb could not look into the program (status %d): most likely it may not "
			"attach, as it is another user's, or already held by a debugger; "
			"--on-hang=abort leaves core files instead",
			WEXITSTATUS(wait_status));
}
