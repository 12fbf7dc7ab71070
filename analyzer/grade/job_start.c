#include "grade/job_start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grade/job.h"
#include "grade/job_signals.h"
#include "grade/job_tree.h"
#include "grade/job_user.h"
#include "grade/sandbox.h"

enum {
	REST_MS = 1000, /* on a busy machine who was killed takes his time */
	SLACK = 64, /* processes that a look finds out of bounds before the kernel refuses them */
	STACK_BYTES = 8 << 20, /* of a thread, though it uses little of it */
	MANY_PROCESSES = 512,
};

/* Ends of pipes and files that the child needs. */
struct ends {
	int input, output, error_output, news;
};

static void limit(int what, uint64_t most)
{
	struct rlimit now;

	if (getrlimit(what, &now) != 0)
		return;
	if (now.rlim_max == RLIM_INFINITY || most < now.rlim_max)
		now.rlim_max = most;
	now.rlim_cur = now.rlim_max;
	setrlimit(what, &now);
}

/* Memory and processes are looked after by ct_job_run; these limits of the kernel's are wider, for
 * what happens between two looks. What a thread's stack could take counts as data. */
static void set_limits(const struct ct_job *job, const struct ct_job_user *user, bool in_sandbox)
{
	const struct ct_job_limits *limits = &job->limits;
	uint64_t processes = limits->processes ? limits->processes : MANY_PROCESSES;

	limit(RLIMIT_CORE, 0);
	if (!in_sandbox)
		limit(RLIMIT_MSGQUEUE, 0); /* they would stay where nobody has mounted them */
	if (limits->file_bytes)
		limit(RLIMIT_FSIZE, limits->file_bytes);
	if (limits->memory_bytes)
		limit(RLIMIT_DATA,
		      2 * limits->memory_bytes + limits->own_bytes + processes * STACK_BYTES);
	if (limits->processes && user->own)
		limit(RLIMIT_NPROC, processes + SLACK);
	else if (limits->processes)
		/* others of ours come and go, also jobs that run beside this one */
		limit(RLIMIT_NPROC,
		      ct_job_threads_of(user->id) + 8 * processes + (uint64_t)4 * SLACK);
}

static void prefer_for_killing(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1000", 4) != 4)
		errno = 0; /* it is as well without */
	close(fd);
}

void ct_job_close_on_exec(void)
{
	long most;

	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	most = sysconf(_SC_OPEN_MAX); /* kernels before 5.11 */
	for (int fd = 3; fd < most && fd < 65536; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static bool take_descriptors(const struct ends *ends)
{
	return dup2(ends->input, STDIN_FILENO) >= 0 && dup2(ends->output, STDOUT_FILENO) >= 0 &&
	       dup2(ends->error_output, STDERR_FILENO) >= 0;
}

/* In the child, until it is somebody else. */
static bool prepare(const struct ct_job *job, const struct ct_job_user *user,
		    const struct ct_job_signals_before *before, const struct ends *ends,
		    bool in_sandbox, pid_t parent)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};

	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &plain, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	setsid();
	prefer_for_killing();
	set_limits(job, user, in_sandbox);
	ct_job_close_on_exec();
	if (!take_descriptors(ends) || !ct_job_user_become(user))
		return false;
	umask(022);
	/* after the change of user, which would undo it */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && chdir(job->folder) == 0 &&
	       access(".", W_OK) == 0;
}

static _Noreturn void be_job(const struct ct_job *job, const struct ct_job_user *user,
			     const struct ct_job_signals_before *before, const struct ends *ends,
			     char *const *sandbox, pid_t parent)
{
	struct ct_job_news news = {.kind = CT_JOB_CANNOT_PREPARE};

	if (prepare(job, user, before, ends, sandbox != NULL, parent)) {
		news.kind = CT_JOB_CANNOT_EXECUTE;
		if (sandbox) {
			fcntl(ends->news, F_SETFD, 0);
			execve(sandbox[0], sandbox, (char *const *)job->environment);
		} else {
			environ = (char **)job->environment;
			execvp(job->argv[0], (char *const *)job->argv);
		}
	}
	news.status = errno;
	if (write(ends->news, &news, sizeof(news)) != (ssize_t)sizeof(news))
		_exit(1);
	_exit(0);
}

static void close_if(int fd)
{
	if (fd >= 0)
		close(fd);
}

struct pipes {
	int input, output[2], error_output[2], news[2];
};

static bool open_pipes(const struct ct_job *job, struct pipes *pipes)
{
	*pipes = (struct pipes){-1, {-1, -1}, {-1, -1}, {-1, -1}};
	pipes->input = open(job->input ? job->input : "/dev/null", O_RDONLY | O_CLOEXEC);
	return pipes->input >= 0 && pipe2(pipes->output, O_CLOEXEC) == 0 &&
	       pipe2(pipes->news, O_CLOEXEC) == 0 &&
	       (strcmp(job->output, job->error_output) == 0 ||
		pipe2(pipes->error_output, O_CLOEXEC) == 0);
}

static void close_childs(const struct pipes *pipes)
{
	close_if(pipes->input);
	close_if(pipes->output[1]);
	close_if(pipes->error_output[1]);
	close_if(pipes->news[1]);
}

enum ct_status ct_job_start(const struct ct_job *job, const struct ct_job_user *user,
			    bool in_sandbox, const struct ct_job_signals_before *before,
			    struct ct_job_started *out, struct ct_error *error)
{
	struct ct_sandbox_command sandbox = {0};
	struct pipes pipes;
	enum ct_status status = CT_OK;
	pid_t parent = getpid(), pid = -1;

	if (!open_pipes(job, &pipes))
		status = ct_error_set(error, CT_EIO, "cannot open %s or a pipe: %s",
				      job->input ? job->input : "/dev/null", strerror(errno));
	if (!status && in_sandbox)
		status = ct_sandbox_command_make(&sandbox, job, pipes.news[1], error);
	if (!status) {
		struct ends ends = {pipes.input, pipes.output[1],
				    pipes.error_output[1] >= 0 ? pipes.error_output[1]
							       : pipes.output[1],
				    pipes.news[1]};

		pid = fork();
		if (pid == 0)
			be_job(job, user, before, &ends, sandbox.argv, parent);
		if (pid < 0)
			status = ct_error_set(error, CT_EIO, "cannot start a process: %s",
					      strerror(errno));
	}
	ct_sandbox_command_fini(&sandbox);
	close_childs(&pipes);
	if (status) {
		close_if(pipes.output[0]);
		close_if(pipes.error_output[0]);
		close_if(pipes.news[0]);
		return status;
	}
	*out = (struct ct_job_started){
		.pid = pid,
		.output = pipes.output[0],
		.error_output = pipes.error_output[0],
		.news = pipes.news[0],
		.helpers = in_sandbox ? CT_SANDBOX_HELPERS : 0,
	};
	return CT_OK;
}

bool ct_job_reap_rest(void)
{
	static const struct timespec moment = {0, 1000000};

	for (int i = 0; i < REST_MS; i++) {
		pid_t pid;

		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid < 0 && errno == ECHILD)
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}
