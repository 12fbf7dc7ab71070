#include "cli/timed.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S 2 /* of a command that was told to end */

static const int ends[] = {SIGINT, SIGTERM, SIGHUP};

/* They are waited for, together with the child's end, so none can come between two instructions. */
void ct_timed_begin(struct ct_timed_signals *signals)
{
	struct sigaction standard = {.sa_handler = SIG_DFL}, before;

	sigemptyset(&signals->waited);
	sigaddset(&signals->waited, SIGCHLD);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaddset(&signals->waited, ends[i]);
	sigaction(SIGCHLD, &standard,
		  &signals->child); /* if ignored, nothing could be waited for */
	sigprocmask(SIG_BLOCK, &signals->waited, &signals->before);
}

void ct_timed_end(const struct ct_timed_signals *signals)
{
	sigaction(SIGCHLD, &signals->child, NULL);
	sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

static double seconds_since(const struct timespec *begin)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - begin->tv_sec) + (double)(now.tv_nsec - begin->tv_nsec) / 1e9;
}

static int spawn(const struct ct_timed_signals *signals, const char *line, pid_t *out_pid)
{
	char *argv[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)(uintptr_t)line, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int error;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &signals->before);
	error = posix_spawn(out_pid, "/bin/sh", &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

/* All of the command's processes; the shell is its group's first and not reaped yet. */
static void end_command(pid_t pid, int signal)
{
	kill(-pid, signal);
	kill(-pid, SIGCONT);
}

static double cpu_of(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

/* Not reaped: its pid stays that of its group. */
static bool has_ended(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid == pid;
}

/* Until the command has ended. One that is told to and does not is killed. */
static void await(const struct ct_timed_signals *signals, pid_t pid, struct ct_timed *out)
{
	struct timespec patience = {.tv_sec = PATIENCE_S};

	while (!has_ended(pid)) {
		int signal = out->signal ? sigtimedwait(&signals->waited, NULL, &patience)
					 : sigwaitinfo(&signals->waited, NULL);

		if (signal == SIGCHLD || (signal < 0 && errno == EINTR))
			continue;
		if (signal < 0 || out->signal) { /* out of patience, or asked twice */
			end_command(pid, SIGKILL);
		} else {
			out->signal = signal;
			end_command(pid, signal);
		}
	}
}

enum ct_status ct_timed_run(const struct ct_timed_signals *signals, const char *line,
			    struct ct_error *error, struct ct_timed *out)
{
	struct timespec begin;
	struct rusage usage = {0};
	int failure;
	pid_t pid;

	*out = (struct ct_timed){0};
	clock_gettime(CLOCK_MONOTONIC, &begin);
	failure = spawn(signals, line, &pid);
	if (failure)
		return ct_error_set(error, CT_EIO, "cannot run /bin/sh: %s", strerror(failure));
	await(signals, pid, out);
	out->wall_s = seconds_since(&begin);
	if (out->signal) /* a shell's background jobs ignore SIGINT */
		end_command(pid, SIGKILL);
	wait4(pid, &out->status, 0, &usage);
	out->cpu_s = cpu_of(&usage);
	return CT_OK;
}
