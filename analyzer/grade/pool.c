#include "grade/pool.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grade/job_orphans.h"
#include "grade/job_signals.h"

enum { TICK_MS = 200 };

struct pool {
	const struct ct_pool_options *options;
	ct_pool_work_fn *work;
	void *context;
	struct worker {
		pid_t pid; /* 0: none */
		size_t index;
	} * workers;
	size_t worker_count, next, running;
	int signal; /* that told us to end, or 0 */
};

static size_t processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

bool ct_pool_is_ending(void)
{
	return ct_job_signals_came() != 0;
}

static _Noreturn void be_worker(const struct pool *pool, size_t index, pid_t parent)
{
	/* if the parent is killed, nobody wants the rest */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(0);
	_exit(pool->work(pool->context, index) & 0x7f);
}

static bool start(struct pool *pool, struct worker *worker)
{
	pid_t parent = getpid();

	worker->index = pool->next;
	worker->pid = fork();
	if (worker->pid == 0)
		be_worker(pool, worker->index, parent);
	if (worker->pid < 0) {
		worker->pid = 0;
		return false;
	}
	pool->next++;
	pool->running++;
	return true;
}

/* False: nothing runs and nothing can be started. */
static bool start_more(struct pool *pool)
{
	for (size_t i = 0; i < pool->worker_count && !pool->signal; i++) {
		if (!pool->workers[i].pid && pool->next < pool->options->count &&
		    !start(pool, &pool->workers[i]))
			return pool->running != 0;
	}
	return true;
}

/* A worker that was killed could not end its job: what is left of that is below us now. */
static void end_orphans(const struct pool *pool)
{
	pid_t *workers = calloc(pool->worker_count, sizeof(*workers));

	for (size_t i = 0; workers && i < pool->worker_count; i++)
		workers[i] = pool->workers[i].pid;
	if (workers)
		ct_job_orphans_end(workers, pool->worker_count);
	free(workers);
}

static void reap(struct pool *pool)
{
	bool was_killed = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < pool->worker_count; i++) {
			struct worker *worker = &pool->workers[i];

			if (worker->pid != pid)
				continue;
			worker->pid = 0;
			pool->running--;
			was_killed |= WIFSIGNALED(status);
			pool->options->done(pool->context, worker->index,
					    WIFEXITED(status) ? WEXITSTATUS(status) : -1);
		}
	}
	if (was_killed)
		end_orphans(pool);
}

static void tell_all(struct pool *pool, int signal)
{
	pool->signal = signal;
	for (size_t i = 0; i < pool->worker_count; i++) {
		if (pool->workers[i].pid)
			kill(pool->workers[i].pid, SIGTERM);
	}
}

static bool run_all(struct pool *pool)
{
	static const struct timespec tick = {0, TICK_MS * 1000000L};
	sigset_t set;

	ct_job_signals(&set);
	sigaddset(&set, SIGCHLD);
	while (start_more(pool)) {
		int signal;

		if (!pool->running)
			return true;
		signal = sigtimedwait(&set, NULL, &tick);
		if (signal > 0 && signal != SIGCHLD && !pool->signal)
			tell_all(pool, signal);
		reap(pool);
		if (pool->options->tick)
			pool->options->tick(pool->context);
	}
	return false;
}

/* Those that came after the first say nothing new. */
static void forget_signals(void)
{
	static const struct timespec at_once = {0};
	sigset_t set;

	ct_job_signals(&set);
	while (sigtimedwait(&set, NULL, &at_once) > 0)
		;
}

enum ct_status ct_pool_run(const struct ct_pool_options *options, ct_pool_work_fn *work,
			   void *context, int *out_signal, struct ct_error *error)
{
	struct pool pool = {.options = options, .work = work, .context = context};
	struct ct_job_signals_before before;
	enum ct_status status = CT_OK;
	int was_subreaper = 0;

	pool.worker_count = options->workers ? options->workers : processors();
	pool.workers = calloc(pool.worker_count, sizeof(*pool.workers));
	if (!pool.workers)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	prctl(PR_GET_CHILD_SUBREAPER, &was_subreaper, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	ct_job_signals_block(&before);
	if (!run_all(&pool))
		status = ct_error_set(error, CT_EIO, "cannot start a process: %s", strerror(errno));
	if (pool.signal)
		forget_signals();
	ct_job_signals_unblock(&before);
	prctl(PR_SET_CHILD_SUBREAPER, was_subreaper, 0, 0, 0);
	free(pool.workers);
	if (!status && pool.signal) {
		*out_signal = pool.signal;
		status = ct_error_set(error, CT_EINTR, "ended by SIG%s", sigabbrev_np(pool.signal));
	}
	return status;
}
