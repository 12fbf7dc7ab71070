#include "cli/drawing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/exit.h"

extern char **environ;

/* The graph as a file, so that it need not be fed to the child while it runs. */
static int as_file(const struct ct_text *dot)
{
	int fd = memfd_create("conctrace-graph", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (ct_text_write(dot, fd) == CT_OK && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Starts `dot`, reading from `input`; the errno value of what failed, or 0. */
static int start(int input, char *type, char *target, pid_t *out_pid)
{
	char program[] = "dot";
	char *arguments[] = {program, type, target, NULL};
	posix_spawn_file_actions_t actions;
	int failure = posix_spawn_file_actions_init(&actions);

	if (failure)
		return failure;
	failure = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (!failure)
		failure = posix_spawnp(out_pid, program, &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return failure;
}

static enum ct_status finish(pid_t pid, const char *file, struct ct_error *error)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return ct_error_set(error, CT_EIO, "cannot wait for dot: %s",
					    strerror(errno));
	}
	if (WIFSIGNALED(status))
		return ct_error_set(error, CT_EIO, "dot, of Graphviz, was killed: %s",
				    strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == CT_EXIT_NOT_FOUND)
		return ct_error_set(error, CT_ENOTFOUND, "dot, of Graphviz, cannot be run");
	if (WEXITSTATUS(status) != 0)
		return ct_error_set(error, CT_EIO,
				    "dot, of Graphviz, could not draw %s (status %d)", file,
				    WEXITSTATUS(status));
	return CT_OK;
}

enum ct_status ct_drawing_render(const struct ct_text *dot, const char *format, const char *file,
				 struct ct_error *error)
{
	enum ct_status status;
	struct ct_text type, target;
	pid_t pid;
	int failure, input = as_file(dot);

	signal(SIGCHLD,
	       SIG_DFL); /* ignored, as it may be inherited, there is no status to wait for */

	if (input < 0)
		return ct_error_set(error, CT_EIO, "cannot hand the graph to Graphviz: %s",
				    strerror(errno));
	ct_text_init(&type);
	ct_text_init(&target);
	ct_text_addf(&type, "-T%s", format);
	if (strcmp(file, "-") != 0)
		ct_text_addf(&target, "-o%s", file);
	if (ct_text_status(&type) != CT_OK || ct_text_status(&target) != CT_OK)
		failure = ENOMEM;
	else
		failure = start(input, type.data, target.data, &pid);
	if (failure == ENOENT)
		status = ct_error_set(
			error, CT_ENOTFOUND,
			"drawing %s needs Graphviz: install it (apt install graphviz)", file);
	else if (failure)
		status = ct_error_set(error, CT_EIO, "cannot run dot: %s", strerror(failure));
	else
		status = finish(pid, file, error);
	ct_text_fini(&target);
	ct_text_fini(&type);
	close(input);
	return status;
}
