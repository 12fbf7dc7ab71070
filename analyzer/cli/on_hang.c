#include "cli/on_hang.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/exit.h"

bool ct_on_hang_parse(const char *text, enum ct_on_hang *out)
{
	static const char *const words[] = {[CT_ON_HANG_KILL] = "kill",
					    [CT_ON_HANG_CONTINUE] = "continue",
					    [CT_ON_HANG_ABORT] = "abort",
					    [CT_ON_HANG_GDB] = "gdb"};

	for (int i = CT_ON_HANG_KILL; i <= CT_ON_HANG_GDB; i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*out = (enum ct_on_hang)i;
		return true;
	}
	return false;
}

/* Calls `visit` with each process that is part of the hang, once. */
static void each_process(const struct ct_finding *finding, void (*visit)(pid_t pid))
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_thread *thread = finding->steps[i].thread;
		bool known = !thread;

		for (size_t k = 0; k < i && !known; k++)
			known = finding->steps[k].thread &&
				finding->steps[k].thread->process == thread->process;
		if (!known && thread->process->pid > 1)
			visit((pid_t)thread->process->pid);
	}
}

static void abort_process(pid_t pid)
{
	kill(pid, SIGABRT);
}

/* Its output goes to standard error. Returns an errno value. */
static int start_gdb(pid_t pid, pid_t *out_gdb)
{
	char number[16];
	char *argv[] = {"gdb", "-nx", "-batch", "-ex", "thread apply all bt", "-p", number, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	snprintf(number, sizeof(number), "%d", (int)pid);
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

static void show_stacks(pid_t pid)
{
	int status, error;
	pid_t gdb;

	error = start_gdb(pid, &gdb);
	while (!error && waitpid(gdb, &status, 0) < 0 && errno == EINTR)
		;
	if (error)
		ct_cli_say("gdb cannot be run (%s); to look at process %d: gdb -p %d",
			   strerror(error), (int)pid, (int)pid);
}

static void say(struct ct_on_hang_state *state, const struct ct_look *look)
{
	struct ct_text sentence;

	ct_text_init(&sentence);
	ct_look_tell(&(struct ct_look){.analysis = look->analysis,
				       .finding = look->finding,
				       .seconds = -1},
		     &sentence);
	if (strcmp(ct_text_str(&sentence), ct_text_str(&state->said)) != 0) {
		struct ct_text line;

		ct_text_init(&line);
		ct_look_tell(look, &line);
		ct_cli_say("%s: %s",
			   look->whole ? "the program hangs"
				       : "a part of the program hangs, while others go on",
			   ct_text_str(&line));
		ct_text_fini(&line);
		ct_text_fini(&state->said);
		ct_text_init(&state->said);
		ct_text_add(&state->said, ct_text_str(&sentence));
	}
	ct_text_fini(&sentence);
}

static enum ct_hang_answer act(const struct ct_on_hang_state *state)
{
	switch (state->mode) {
	case CT_ON_HANG_DEFAULT:
		return state->look.whole ? CT_HANG_END : CT_HANG_REPORTED;
	case CT_ON_HANG_CONTINUE:
		return CT_HANG_REPORTED;
	case CT_ON_HANG_ABORT:
		each_process(state->look.finding, abort_process);
		return CT_HANG_END_DUMPS;
	case CT_ON_HANG_GDB:
		each_process(state->look.finding, show_stacks);
		break;
	case CT_ON_HANG_KILL:
		break;
	}
	return CT_HANG_END;
}

enum ct_hang_answer ct_on_hang(struct ct_on_hang_state *state, struct ct_hang *hang)
{
	struct ct_error error;
	struct ct_look look;

	if (ct_look_at(state->trace, hang, &error, &look) != CT_OK)
		return CT_HANG_GO_ON; /* told at the end, when it is read again */
	if (!look.finding) {
		ct_look_drop(&look);
		return CT_HANG_GO_ON;
	}
	say(state, &look);
	ct_look_drop(&state->look);
	state->look = look;
	return act(state);
}

void ct_on_hang_fini(struct ct_on_hang_state *state)
{
	ct_look_drop(&state->look);
	ct_text_fini(&state->said);
}
