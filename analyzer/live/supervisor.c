#include "live/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "live/hang.h"

enum {
	SETTLED_MS = 5000,  /* the recorder must have begun by then */
	GRACE_MS = 200,	    /* for processes that outlive the program */
	TERM_MS = 1000,	    /* between SIGTERM and SIGKILL */
	KILL_MS = 5000,	    /* then even the kernel does not end it */
	KILL_AGAIN_MS = 50, /* what was forked meanwhile */
	SCAN_MS = 200,	    /* for the first look at the live pages, and the next */
	SCAN_MAX_MS = 2000, /* while silences turn out to be harmless */
	VERDICT_SHARE = 10, /* a verdict may take 1/10 of the time */
};

struct supervisor {
	const struct ct_supervision *what;
	const struct ct_tree *tree;
	struct ct_supervised *out;
	struct ct_hang hang;
	uint64_t settled_at, timeout_at, scan_at, scan_every; /* UINT64_MAX: never */
	bool childless;
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

/* True when the program can never go on. */
static bool look_for_hang(struct supervisor *s)
{
	uint64_t start = now_ms();
	uint64_t pause;
	bool stuck;

	if (!ct_hang_scan(&s->hang, s->what->trace)) {
		/* a new silence is looked at twice in short order, however long the pauses grew */
		bool begun = s->hang.seen && s->hang.seen != s->hang.judged;

		s->scan_at = start + (begun ? SCAN_MS : s->scan_every);
		return false;
	}
	stuck = s->what->is_stuck(s->what->context) && ct_hang_lasts(&s->hang, s->what->trace);
	s->scan_every *= 2;
	if (s->scan_every > SCAN_MAX_MS)
		s->scan_every = SCAN_MAX_MS;
	pause = (now_ms() - start) * VERDICT_SHARE;
	s->scan_at = now_ms() + (pause > s->scan_every ? pause : s->scan_every);
	return stuck;
}

static uint64_t earliest(const struct supervisor *s)
{
	uint64_t at = s->settled_at;

	if (s->timeout_at < at)
		at = s->timeout_at;
	return s->scan_at < at ? s->scan_at : at;
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
		if (now_ms() >= s->timeout_at) {
			s->out->ending = CT_ENDED_TIMEOUT;
			end_all(s);
			return;
		}
		if (now_ms() >= s->scan_at && look_for_hang(s)) {
			s->out->ending = CT_ENDED_STUCK;
			end_all(s);
			return;
		}
	}
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
		.scan_at = what->is_stuck ? start + SCAN_MS : UINT64_MAX,
		.scan_every = SCAN_MS,
	};
	uint64_t grace;

	*out = (struct ct_supervised){0};
	watch(&s);
	for (grace = now_ms() + GRACE_MS; !all_gone(&s) && now_ms() < grace;)
		wait_until(&s, grace);
	if (!all_gone(&s) && ct_tree_list(tree, &out->survivors, &out->survivor_count) != CT_OK)
		out->survivor_count = 0;
}
