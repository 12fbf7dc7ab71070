#include "grade/job.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "grade/job_folder.h"
#include "grade/job_output.h"
#include "grade/job_outside.h"
#include "grade/job_signals.h"
#include "grade/job_start.h"
#include "grade/job_user.h"
#include "grade/job_watch.h"

enum {
	KILL_MS = 30000, /* then even the kernel does not end it */
	KILL_AGAIN_MS = 20,
};

struct run {
	const struct ct_job *job;
	struct ct_job_end end;
	struct ct_job_user user;
	struct ct_job_signals_before before;
	struct ct_job_started started;
	struct ct_job_output output, error_output;
	struct ct_job_watch watch;
	struct ct_job_news news;
	bool in_sandbox, has_news;
	bool reaped; /* `started.pid`, with `wait_status` */
	int wait_status;
	int children, ending; /* descriptors: SIGCHLD came; a signal came that ends us */
	uint64_t began_at;
};

/* False: there is no child any more. */
static bool reap(struct run *run)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == run->started.pid) {
			run->reaped = true;
			run->wait_status = status;
		}
	}
	return pid == 0;
}

static void take_output(struct run *run)
{
	ct_job_output_take(&run->output);
	ct_job_output_take(&run->error_output);
}

/* Who is waited for has something; or `until` has come. */
static void wait_until(struct run *run, uint64_t until)
{
	struct pollfd polled[] = {
		{.fd = run->output.from, .events = POLLIN},
		{.fd = run->error_output.from, .events = POLLIN},
		{.fd = run->children, .events = POLLIN},
		{.fd = run->ending, .events = POLLIN},
	};
	struct signalfd_siginfo info;
	uint64_t now = ct_job_now_ms();

	(void)poll(polled, sizeof(polled) / sizeof(*polled), until > now ? (int)(until - now) : 0);
	while (read(run->children, &info, sizeof(info)) > 0)
		;
	take_output(run);
}

/* True: it is to be killed, end.ending says why. */
static bool is_over_limit(struct run *run)
{
	const struct ct_job_limits *limits = &run->job->limits;

	if (ct_job_signals_came())
		run->end.ending = CT_JOB_INTERRUPTED;
	else if (limits->wall_ms && ct_job_now_ms() >= run->began_at + limits->wall_ms)
		run->end.ending = CT_JOB_TIME;
	else if (run->output.cut || run->error_output.cut)
		run->end.ending = CT_JOB_OUTPUT;
	else
		return ct_job_watch_look(&run->watch, &run->end);
	return true;
}

/* True: its first process has ended by itself. */
static bool watch_over(struct run *run)
{
	while (!is_over_limit(run)) {
		uint64_t until = ct_job_watch_next(&run->watch);
		uint64_t time_up = run->began_at + run->job->limits.wall_ms;

		wait_until(run, run->job->limits.wall_ms && time_up < until ? time_up : until);
		(void)reap(run);
		if (run->reaped)
			return true;
	}
	return false;
}

static void kill_once(struct run *run)
{
	if (!run->reaped)
		kill(run->started.pid, SIGKILL);
	if (run->user.own && ct_job_user_kill(&run->user))
		return;
	if (ct_job_tree_kill(&run->watch.tree) != CT_OK)
		return; /* for want of memory of our own: it is tried again soon */
}

/* Until there is no child: as we are a subreaper, there is nobody else then either. */
static enum ct_status end_all(struct run *run, struct ct_error *error)
{
	uint64_t give_up_at = ct_job_now_ms() + KILL_MS;

	if (run->ending >= 0)
		close(run->ending); /* has said all that it can say */
	run->ending = -1;
	while (reap(run)) {
		uint64_t now = ct_job_now_ms();

		if (now >= give_up_at)
			return ct_error_set(error, CT_EIO, "processes of %s could not be ended",
					    run->job->argv[0]);
		kill_once(run);
		wait_until(run, now + KILL_AGAIN_MS);
	}
	take_output(run); /* there is nobody who writes: to the end */
	while (run->output.from >= 0 && !run->output.cut) {
		uint64_t before = run->output.bytes;

		ct_job_output_take(&run->output);
		if (run->output.bytes == before)
			break;
	}
	return CT_OK;
}

static enum ct_status cannot_start(const struct run *run, struct ct_error *error)
{
	const struct ct_job *job = run->job;
	const char *why = strerror(run->news.status);

	if (run->news.kind == CT_JOB_CANNOT_EXECUTE)
		return ct_error_set(error, run->news.status == ENOENT ? CT_ENOTFOUND : CT_EIO,
				    "cannot run %s: %s", job->argv[0], why);
	if (run->user.own && run->news.status == EACCES)
		return ct_error_set(error, CT_EIO,
				    "cannot work in %s: jobs run as a user of their own, to whom "
				    "all folders above it have to be open (chmod o+x)",
				    job->folder);
	return ct_error_set(error, CT_EIO, "cannot prepare a job in %s: %s", job->folder, why);
}

static void take_news(struct run *run)
{
	run->has_news = read(run->started.news, &run->news, sizeof(run->news)) ==
			(ssize_t)sizeof(run->news);
}

/* What came of its first process. */
static enum ct_status conclude(struct run *run, bool by_itself, struct ct_error *error)
{
	int status = run->wait_status;

	take_news(run);
	if (run->has_news && run->news.kind != CT_JOB_OVER)
		return cannot_start(run, error);
	if (!by_itself)
		return CT_OK;
	if (run->in_sandbox && !run->has_news)
		return ct_error_set(error, CT_EIO, "the sandbox failed: %s tells more",
				    run->job->error_output);
	if (run->in_sandbox) {
		status = run->news.status;
		run->end.left_behind = run->news.left_behind;
	}
	run->end.ending = WIFSIGNALED(status) ? CT_JOB_SIGNALLED : CT_JOB_EXITED;
	run->end.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	/* what was printed and written last */
	if (run->output.cut || run->error_output.cut) {
		run->end.ending = CT_JOB_OUTPUT;
		run->end.status = 0;
	} else if (ct_job_watch_look_at_files(&run->watch, &run->end)) {
		run->end.status = 0;
	}
	return CT_OK;
}

static enum ct_status open_outputs(struct run *run, struct ct_error *error)
{
	const struct ct_job *job = run->job;
	enum ct_status status = ct_job_output_open(&run->output, run->started.output, job->output,
						   job->limits.output_bytes, error);
	/* in any case, as it takes over the descriptor */
	enum ct_status second =
		ct_job_output_open(&run->error_output, run->started.error_output, job->error_output,
				   job->limits.output_bytes, status ? NULL : error);

	return status ? status : second;
}

/* The command, from its start until nothing of it is left. */
static enum ct_status run_it(struct run *run, struct ct_error *error)
{
	enum ct_status status = ct_job_start(run->job, &run->user, run->in_sandbox, &run->before,
					     &run->started, error);
	enum ct_status ended;
	bool by_itself = false;

	if (status)
		return status;
	run->began_at = ct_job_now_ms();
	run->watch = (struct ct_job_watch){.job = run->job,
					   .helpers = run->started.helpers,
					   .outside = run->user.own && !run->in_sandbox,
					   .user = run->user.id};
	status = open_outputs(run, error);
	if (!status)
		by_itself = watch_over(run);
	run->end.wall_ms = ct_job_now_ms() - run->began_at;
	if (by_itself)
		run->end.left_behind = ct_job_reap_rest();
	ended = end_all(run, status ? NULL : error);
	if (!status)
		status = ended;
	if (!status)
		status = conclude(run, by_itself, error);
	ct_job_output_close(&run->output);
	ct_job_output_close(&run->error_output);
	if (!status && (run->output.failure || run->error_output.failure))
		status = ct_error_set(error, CT_EWRITE, "cannot keep what %s prints: %s",
				      run->job->argv[0],
				      strerror(run->output.failure ? run->output.failure
								   : run->error_output.failure));
	close(run->started.news);
	ct_job_watch_fini(&run->watch);
	return status;
}

/* With our signals in order and as the one who adopts orphans. */
static enum ct_status run_as_parent(struct run *run, struct ct_error *error)
{
	enum ct_status status = CT_OK;
	int was_subreaper = 0;
	sigset_t child, ending;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	ct_job_signals(&ending);
	ct_job_signals_block(&run->before);
	run->children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	run->ending = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	if (run->children < 0 || run->ending < 0 ||
	    prctl(PR_GET_CHILD_SUBREAPER, &was_subreaper, 0, 0, 0) != 0 ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
		status =
			ct_error_set(error, CT_EIO, "cannot watch over a job: %s", strerror(errno));
	else
		status = run_it(run, error);
	prctl(PR_SET_CHILD_SUBREAPER, was_subreaper, 0, 0, 0);
	if (run->children >= 0)
		close(run->children);
	if (run->ending >= 0)
		close(run->ending);
	ct_job_signals_unblock(&run->before);
	return status;
}

static enum ct_status choose_sandbox(struct run *run, struct ct_error *error)
{
	const char *why;

	if (run->job->sandbox == CT_SANDBOX_NONE)
		return CT_OK;
	run->in_sandbox = ct_sandbox_works(&why);
	if (!run->in_sandbox && run->job->sandbox == CT_SANDBOX_BWRAP)
		return ct_error_set(error, CT_EIO, "there is no sandbox: %s", why);
	return CT_OK;
}

enum ct_status ct_job_run(const struct ct_job *job, struct ct_error *error,
			  struct ct_job_end *out_end)
{
	struct run run = {
		.job = job, .end.peak_processes = 1, .output.to = -1, .error_output.to = -1};
	struct ct_job_owners ourselves = {geteuid(), geteuid()};
	enum ct_status status, back;

	run.output.from = run.error_output.from = -1;
	if (job->folder[0] != '/')
		return ct_error_set(error, CT_EUSAGE, "%s is not an absolute path", job->folder);
	status = choose_sandbox(&run, error);
	if (!status)
		status = ct_job_user_take(&run.user, error);
	if (status)
		return status;
	if (run.user.own)
		ct_job_outside_remove(run.user.id,
				      job->folder); /* of one whose grader was killed */
	if (run.user.own)
		status =
			ct_job_folder_give(job->folder, ourselves, run.user.id, run.user.id, error);
	if (!status)
		status = run_as_parent(&run, error);
	/* before it is our own: a file in there may have a name outside as well */
	if (run.user.own)
		ct_job_outside_remove(run.user.id, job->folder);
	back = ct_job_take_back(job->folder, status ? NULL : error);
	ct_job_user_release(&run.user);
	if (!status)
		status = back;
	if (!status)
		*out_end = run.end;
	return status;
}

enum ct_status ct_job_take_back(const char *folder, struct ct_error *error)
{
	return ct_job_folder_give(folder, ct_job_users(), geteuid(), getegid(), error);
}
