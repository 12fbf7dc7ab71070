#include "live/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

enum {
	SETTLED_MS = 5000,  /* the recorder must have begun by then */
	GRACE_MS = 200,	    /* for processes that outlive the program */
	TERM_MS = 1000,	    /* between SIGTERM and SIGKILL */
	KILL_MS = 5000,	    /* then even the kernel does not end it */
	KILL_AGAIN_MS = 50, /* what was forked meanwhile */
	DUMP_MS = 10000,    /* to write core files */
	SCAN_MS = 200,	    /* between two looks at the live pages */
	PAUSE_MAX_MS = 800, /* after silences that turn out to be harmless */
	VERDICT_SHARE = 20, /* verdicts on silences may take 1/20 of the time */
	STOPPED_SCANS = 5,  /* every how many scans processes that are stopped are looked for */
};

struct supervisor {
	const struct ct_supervision *what;
	const struct ct_tree *tree;
	struct ct_supervised *out;
	struct ct_hang hang;
	uint64_t settled_at, timeout_at, scan_at; /* UINT64_MAX: never */
	uint64_t judge_at, pause_ms;		  /* the next silence is judged then */
	unsigned scans;
	uint32_t stopped;	      /* the process that was said to be stopped, or 0 */
	unsigned interrupts, decided; /* from the keyboard; how many of them were looked at */
	bool childless, reported;
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void our_signals(sigset_t *out)
{
	static const int signals[] = {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT};

	sigemptyset(out);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaddset(out, signals[i]);
}

void ct_supervisor_block(struct ct_supervisor_signals *out_before)
{
	struct sigaction plain = {.sa_handler = SIG_DFL}, ignore = {.sa_handler = SIG_IGN};
	sigset_t set;

	/* with SIGCHLD ignored, as it may be inherited, the kernel would reap for us */
	sigaction(SIGCHLD, &plain, &out_before->child);
	sigaction(SIGPIPE, &ignore, &out_before->pipe);
	our_signals(&set);
	sigprocmask(SIG_BLOCK, &set, &out_before->mask);
}

void ct_supervisor_unblock(const struct ct_supervisor_signals *before)
{
	sigaction(SIGCHLD, &before->child, NULL);
	sigaction(SIGPIPE, &before->pipe, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0 || (pid < 0 && errno == EINTR)) {
		if (pid != s->what->program)
			continue;
		s->out->reaped = true;
		s->out->wait_status = status;
	}
	s->childless = pid < 0;
}

/* A hangup of the terminal reaches the program without us. */
static void hand_on(struct supervisor *s, const siginfo_t *info)
{
	s->interrupts += info->si_signo == SIGINT;
	s->out->told_to_end = true;
	if (info->si_signo != SIGTERM && (info->si_signo != SIGHUP || info->si_code == SI_KERNEL))
		return;
	if (!s->out->reaped)
		kill(s->what->program, info->si_signo);
	else
		ct_tree_signal(s->tree, info->si_signo);
}

/* Handles what comes until `until`, or at once when a child has ended. */
static void wait_until(struct supervisor *s, uint64_t until)
{
	sigset_t set;
	siginfo_t info;

	our_signals(&set);
	for (;;) {
		uint64_t now = now_ms();
		uint64_t left = until > now ? until - now : 0;
		struct timespec t = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
		int signal = until == UINT64_MAX ? sigwaitinfo(&set, &info)
						 : sigtimedwait(&set, &info, &t);

		if (signal == SIGCHLD)
			break;
		if (signal > 0)
			hand_on(s, &info);
		else if (errno == EAGAIN)
			break;
	}
	reap(s);
}

/* All processes are gone, as far as we can tell. */
static bool all_gone(const struct supervisor *s)
{
	struct ct_proc *list;
	size_t count;

	if (s->childless)
		return true;
	if (!s->out->reaped || ct_tree_list(s->tree, &list, &count) != CT_OK)
		return false;
	free(list);
	return count == 0;
}

/* SIGTERM, then SIGKILL until nothing is left. */
static void end_all(struct supervisor *s)
{
	uint64_t killing = now_ms() + TERM_MS;
	uint64_t giving_up = killing + KILL_MS;

	ct_tree_signal(s->tree, SIGTERM);
	if (!s->out->reaped)
		kill(s->what->program, SIGTERM); /* known even without /proc */
	while (!all_gone(s) && now_ms() < killing)
		wait_until(s, killing);
	while (!all_gone(s) && now_ms() < giving_up) {
		ct_tree_signal(s->tree, SIGKILL);
		if (!s->out->reaped)
			kill(s->what->program, SIGKILL);
		wait_until(s, now_ms() + KILL_AGAIN_MS);
	}
}

static void look_for_stopped(struct supervisor *s)
{
	bool traced = false;
	uint32_t pid = ct_hang_stopped(&s->hang, &traced);

	if (pid && pid != s->stopped)
		s->what->stopped(s->what->context, pid, traced);
	s->stopped = pid;
}

/* Asks for a verdict, and sees to it that those on silences do not come too often. */
static enum ct_hang_answer judge(struct supervisor *s)
{
	uint64_t start = now_ms();
	enum ct_hang_answer answer;
	uint64_t pause;

	ct_hang_judged(&s->hang);
	answer = s->what->judge(s->what->context, &s->hang);
	s->reported |= answer == CT_HANG_REPORTED;
	pause = (now_ms() - start) * VERDICT_SHARE;
	s->judge_at = now_ms() + (pause > s->pause_ms ? pause : s->pause_ms);
	s->pause_ms = s->pause_ms * 2 < PAUSE_MAX_MS ? s->pause_ms * 2 : PAUSE_MAX_MS;
	return answer;
}

/* A circle is no mistake: it is judged at once. */
static enum ct_hang_answer look_for_hang(struct supervisor *s)
{
	enum ct_hang_answer answer = CT_HANG_GO_ON;

	if (ct_hang_scan(&s->hang, s->what->trace) == CT_OK &&
	    (ct_hang_new_circle(&s->hang) ||
	     (ct_hang_new_quiet(&s->hang) && now_ms() >= s->judge_at)))
		answer = judge(s);
	if (s->scans++ % STOPPED_SCANS == 0)
		look_for_stopped(s);
	s->scan_at = now_ms() + SCAN_MS;
	return answer;
}

static void await_dumps(struct supervisor *s)
{
	uint64_t until = now_ms() + DUMP_MS;

	while (!all_gone(s) && !s->out->reaped && now_ms() < until)
		wait_until(s, until);
}

/* Whether an interrupt from the keyboard is for us: the program cannot decide. */
static bool interrupt_ends(struct supervisor *s)
{
	if (s->decided == s->interrupts)
		return false;
	s->decided = s->interrupts;
	look_for_stopped(s);
	return s->stopped || s->reported;
}

static uint64_t earliest(const struct supervisor *s)
{
	uint64_t at = s->settled_at;

	if (s->timeout_at < at)
		at = s->timeout_at;
	return s->scan_at < at ? s->scan_at : at;
}

/* CT_ENDED_ITSELF: the program may go on. */
static enum ct_ending look_after(struct supervisor *s)
{
	enum ct_hang_answer answer;

	if (now_ms() >= s->timeout_at)
		return CT_ENDED_TIMEOUT;
	if (interrupt_ends(s))
		return CT_ENDED_INTERRUPTED;
	if (now_ms() < s->scan_at)
		return CT_ENDED_ITSELF;
	answer = look_for_hang(s);
	if (answer == CT_HANG_END_DUMPS)
		await_dumps(s);
	if (answer == CT_HANG_END || answer == CT_HANG_END_DUMPS)
		return CT_ENDED_STUCK;
	return CT_ENDED_ITSELF;
}

/* Until the program has ended (with wait_all: all of its processes), by itself or not. */
static void watch(struct supervisor *s)
{
	while (!(s->what->wait_all ? all_gone(s) : s->out->reaped)) {
		wait_until(s, earliest(s));
		if (now_ms() >= s->settled_at) {
			s->what->settled(s->what->context);
			s->settled_at = UINT64_MAX;
		}
		s->out->ending = look_after(s);
		if (s->out->ending != CT_ENDED_ITSELF) {
			end_all(s);
			return;
		}
	}
}

/* What an interrupt from the keyboard has left of the program. */
static bool was_interrupted(const struct supervisor *s)
{
	return s->out->reaped && WIFSIGNALED(s->out->wait_status) &&
	       WTERMSIG(s->out->wait_status) == SIGINT;
}

void ct_supervise(const struct ct_supervision *what, const struct ct_tree *tree,
		  struct ct_supervised *out)
{
	uint64_t start = now_ms();
	struct supervisor s = {
		.what = what,
		.tree = tree,
		.out = out,
		.settled_at = start + SETTLED_MS,
		.timeout_at = what->timeout_ms ? start + what->timeout_ms : UINT64_MAX,
		.scan_at = what->judge ? start + SCAN_MS : UINT64_MAX,
		.pause_ms = SCAN_MS,
	};
	uint64_t grace;

	*out = (struct ct_supervised){0};
	watch(&s);
	for (grace = now_ms() + GRACE_MS; !all_gone(&s) && now_ms() < grace;)
		wait_until(&s, grace);
	if (s.interrupts && was_interrupted(&s))
		end_all(&s);
	ct_hang_fini(&s.hang);
	if (!all_gone(&s) && ct_tree_list(tree, &out->survivors, &out->survivor_count) != CT_OK)
		out->survivor_count = 0;
}
