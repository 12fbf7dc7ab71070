#include "cli/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "live/start.h"
#include "live/steered.h"
#include "live/supervisor.h"

/* A library that is preloaded already stays behind ours. */
static bool set_preload(const char *library)
{
	const char *old = getenv("LD_PRELOAD");
	struct ct_text text;
	bool good;

	ct_text_init(&text);
	ct_text_add(&text, library);
	if (old && *old)
		ct_text_addf(&text, ":%s", old);
	good = ct_text_status(&text) == CT_OK && setenv("LD_PRELOAD", ct_text_str(&text), 1) == 0;
	ct_text_fini(&text);
	return good;
}

static void add_races(struct ct_text *out, const struct ct_launch_races *races)
{
	if (races->how)
		ct_text_addf(out, ":races=%s", races->how);
	if (races->traps)
		ct_text_addf(out, ":traps=%s", races->traps);
	if (races->budget != UINT64_MAX)
		ct_text_addf(out, ":races_budget=%" PRIu64, races->budget);
}

/* The recorder takes the last of several values: what is asked for stands behind the user's
 * environment, and a default of our own before it. */
static bool set_options(const struct ct_launch *launch, const char *trace)
{
	const char *old = getenv("CONCTRACE_OPTIONS");
	struct ct_text text;
	bool good;

	unsetenv("CONCTRACE_TRACE"); /* of a trace that we ourselves are in: this is a new one */
	ct_text_init(&text);
	ct_text_add(&text, "races=auto:");
	if (old && *old)
		ct_text_addf(&text, "%s:", old);
	ct_text_addf(&text, "trace=%s", trace);
	if (launch->stack_depth != UINT64_MAX)
		ct_text_addf(&text, ":stack=%" PRIu64, launch->stack_depth);
	if (launch->max_bytes != UINT64_MAX)
		ct_text_addf(&text, ":max=%" PRIu64, launch->max_bytes);
	if (launch->quota_bytes != UINT64_MAX)
		ct_text_addf(&text, ":quota=%" PRIu64, launch->quota_bytes);
	add_races(&text, &launch->races);
	if (launch->planned)
		ct_text_addf(&text, ":steer=%s" CT_PLAN_FILE, trace);
	if (launch->perturbed)
		ct_text_addf(&text, ":perturb=%" PRIu64, launch->seed);
	good = ct_text_status(&text) == CT_OK &&
	       setenv("CONCTRACE_OPTIONS", ct_text_str(&text), 1) == 0;
	ct_text_fini(&text);
	return good;
}

static ssize_t read_whole(int fd, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, (char *)data + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* In the child: waits for the trace's path, then becomes the program. */
static _Noreturn void become(const struct ct_launch *launch, int go, int failure)
{
	char trace[4096] = "";
	int error;

	ct_supervisor_unblock(launch->signals);
	if (read_whole(go, trace, sizeof(trace) - 1) <= 0)
		_exit(0); /* dropped */
	if (launch->new_session)
		setsid();
	if ((!launch->start || ct_start_enter(launch->start, launch->shown)) &&
	    set_preload(launch->library) && set_options(launch, trace)) {
		if (launch->start)
			execv(launch->start->program, launch->argv);
		else
			execvp(launch->argv[0], launch->argv);
	}
	error = errno;
	if (write(failure, &error, sizeof(error)) != (ssize_t)sizeof(error))
		_exit(1);
	_exit(0);
}

enum ct_status ct_launch_prepare(const struct ct_launch *launch, struct ct_launched *out,
				 struct ct_error *error)
{
	int go[2], failure[2];
	pid_t pid;

	if (pipe2(go, O_CLOEXEC) != 0)
		return ct_error_set(error, CT_EIO, "cannot make a pipe: %s", strerror(errno));
	if (pipe2(failure, O_CLOEXEC) != 0) {
		ct_error_set(error, CT_EIO, "cannot make a pipe: %s", strerror(errno));
		goto close_go;
	}
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		become(launch, go[0], failure[1]);
	}
	close(failure[1]);
	if (pid < 0) {
		ct_error_set(error, CT_EIO, "cannot start a process: %s", strerror(errno));
		close(failure[0]);
		goto close_go;
	}
	close(go[0]);
	*out = (struct ct_launched){.pid = pid, .go = go[1], .failure = failure[0]};
	return CT_OK;

close_go:
	close(go[0]);
	close(go[1]);
	return CT_EIO;
}

static void wait_for(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int ct_launch_go(struct ct_launched *launched, const char *trace)
{
	size_t length = strlen(trace);
	int error = 0;

	if (write(launched->go, trace, length) != (ssize_t)length)
		error = errno;
	close(launched->go);
	if (read_whole(launched->failure, &error, sizeof(error)) == (ssize_t)sizeof(error))
		wait_for(launched->pid);
	close(launched->failure);
	return error;
}

void ct_launch_drop(struct ct_launched *launched)
{
	close(launched->go);
	close(launched->failure);
	wait_for(launched->pid);
}
