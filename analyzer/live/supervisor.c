#include "live/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live/aside.h"
#include "live/clock.h"
#include "live/interrupts.h"
#include "live/stopped.h"

enum {
	SETTLED_MS = 5000,  /* the recorder must have begun by then */
	GRACE_MS = 200,	    /* for processes that outlive the program */
	TERM_MS = 1000,	    /* between SIGTERM and SIGKILL */
	KILL_MS = 5000,	    /* then even the kernel does not end it */
	KILL_AGAIN_MS = 50, /* what was forked meanwhile */
	LATER_MS = 20000,   /* to write core files, or for a debugger to show stacks */
	SCAN_MS = 200,	    /* between two looks at the live pages ... */
	SCAN_SHARE = 100,   /* ... which may take 1/100 of the time ... */
	SCAN_MAX_MS = 700,  /* ... but two of them, and a verdict, fit in two seconds */
	REST_SHARE = 100,   /* verdicts on silences may take 1/100 of the time ... */
	REST_MAX_MS = 1000, /* ... but one that lasts does not wait longer */
	STOPPED_SCANS = 5,  /* every how many scans processes that are stopped are looked for */
	LAST_SCANS = 2,	    /* when the time is up: who hangs then does not move between them */
	LAST_SCAN_MS = 50,
	LAST_MS = 3000, /* to judge what they saw */
};

struct supervisor {
	const struct ct_supervision *what;
	const struct ct_tree *tree;
	struct ct_supervised *out;
	struct ct_hang hang;
	struct ct_aside verdict; /* has `hang` while it is under way */
	struct ct_stopped stopped;
	struct ct_interrupts interrupts;
	uint64_t settled_at, timeout_at, scan_at, end_at; /* UINT64_MAX: never */
	uint64_t judge_at, judged_at; /* the next silence is judged then; the last verdict began */
	uint64_t quiet, quiet_at;     /* the silence that was seen last, and since when */
	uint64_t over_at;	      /* the last look is over; UINT64_MAX: there is time left */
	unsigned last_scans;	      /* that are still to be made then */
	unsigned scans, decided;      /* decided: how many interrupts were looked at */
	bool childless, reported, judging;
	bool terminated; /* by a SIGTERM from elsewhere: nothing is to be left */
};

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
		if (pid == s->what->program) {
			s->out->reaped = true;
			s->out->wait_status = status;
		} else if (pid > 0 && s->what->reaped(s->what->context, pid, status)) {
			s->end_at = ct_clock_ms();
		}
	}
	s->childless = pid < 0;
}

/* A hangup of the terminal reaches the program without us, unless we lead its session: the kernel
 * tells nobody else then, and lets the leader go on if it is stopped. */
static bool is_for_program(const struct supervisor *s, const siginfo_t *info)
{
	if (s->what->own_session)
		return true;
	if (info->si_signo == SIGHUP)
		return info->si_code != SI_KERNEL || getsid(0) == getpid();
	return info->si_signo == SIGTERM;
}

static void send(struct supervisor *s, int signal)
{
	if (!s->out->reaped)
		kill(s->what->program, signal);
	else
		ct_tree_signal(s->tree, signal);
}

static void hand_on(struct supervisor *s, const siginfo_t *info)
{
	if (info->si_signo == SIGINT)
		ct_interrupts_add(&s->interrupts, ct_clock_ms());
	if (!s->out->told_to_end)
		s->out->told_to_end = info->si_signo;
	if (!is_for_program(s, info))
		return;
	/* a script that ends its group with `kill 0` may leave a daemon */
	if (info->si_signo == SIGTERM && !ct_tree_signal_one(s->tree, info->si_pid, 0))
		s->terminated = true;
	send(s, info->si_signo);
	if (info->si_signo == SIGHUP && info->si_code == SI_KERNEL)
		send(s, SIGCONT);
}

/* Until `until`, or until something has come, which it handles. */
static void wait_until(struct supervisor *s, uint64_t until)
{
	uint64_t now = ct_clock_ms();
	uint64_t left = until > now ? until - now : 0;
	struct timespec t = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
	sigset_t set;
	siginfo_t info;
	int signal;

	our_signals(&set);
	signal = until == UINT64_MAX ? sigwaitinfo(&set, &info) : sigtimedwait(&set, &info, &t);
	if (signal > 0 && signal != SIGCHLD)
		hand_on(s, &info);
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
	uint64_t killing = ct_clock_ms() + TERM_MS;
	uint64_t giving_up = killing + KILL_MS;

	ct_tree_signal(s->tree, SIGTERM);
	if (!s->out->reaped)
		kill(s->what->program, SIGTERM); /* known even without /proc */
	while (!all_gone(s) && ct_clock_ms() < killing)
		wait_until(s, killing);
	while (!all_gone(s) && ct_clock_ms() < giving_up) {
		ct_tree_signal(s->tree, SIGKILL);
		if (!s->out->reaped)
			kill(s->what->program, SIGKILL);
		wait_until(s, ct_clock_ms() + KILL_AGAIN_MS);
	}
}

static void judge(void *data, const atomic_bool *unwanted)
{
	struct supervisor *s = data;

	s->what->judge(s->what->context, &s->hang, unwanted);
}

/* Whether the silence that is seen is to be judged: verdicts on many that turn out to be harmless
 * would cost too much. */
static bool is_due(struct supervisor *s)
{
	uint64_t now = ct_clock_ms();

	if (s->quiet != s->hang.quiet) {
		s->quiet = s->hang.quiet;
		s->quiet_at = now;
	}
	return now >= s->judge_at || now - s->quiet_at >= REST_MAX_MS;
}

/* After a scan that began when this thread had run for so long. */
static uint64_t next_scan(uint64_t cpu_us)
{
	uint64_t pause = (ct_clock_cpu_us() - cpu_us) * SCAN_SHARE / 1000;

	if (pause < SCAN_MS)
		pause = SCAN_MS;
	return ct_clock_ms() + (pause < SCAN_MAX_MS ? pause : SCAN_MAX_MS);
}

/* A circle is no mistake: it is judged at once. */
static void look_for_hang(struct supervisor *s)
{
	uint64_t cpu_us = ct_clock_cpu_us();

	if (ct_hang_scan(&s->hang, s->what->trace) == CT_OK) {
		bool due = is_due(s);

		s->judging = ct_hang_new_circle(&s->hang) || (ct_hang_new_quiet(&s->hang) && due);
	}
	if (s->scans++ % STOPPED_SCANS == 0 &&
	    ct_stopped_look(&s->stopped, &s->hang.now, s->what->stopped, s->what->context) != CT_OK)
		ct_stopped_fini(&s->stopped);
	s->scan_at = s->last_scans ? ct_clock_ms() + LAST_SCAN_MS : next_scan(cpu_us);
	s->last_scans -= s->last_scans > 0;
	if (!s->judging)
		return;
	s->judged_at = ct_clock_ms();
	ct_hang_judged(&s->hang);
	ct_aside_begin(&s->verdict, judge, s);
}

/* What the verdict asks for. */
static void take_verdict(struct supervisor *s)
{
	enum ct_hang_answer answer = s->what->judged(s->what->context);
	uint64_t now = ct_clock_ms();

	s->judging = false;
	s->scan_at = now + SCAN_MS;
	s->judge_at = now + (now - s->judged_at) * REST_SHARE;
	if (answer != CT_HANG_GO_ON)
		ct_hang_found(&s->hang);
	s->reported |= answer != CT_HANG_GO_ON;
	if (answer == CT_HANG_END)
		s->end_at = now;
	else if (answer == CT_HANG_END_LATER)
		s->end_at = now + LATER_MS;
	if (s->end_at != UINT64_MAX)
		s->over_at = UINT64_MAX;
}

/* The time is up: what hangs by then is still told, however young. */
static void begin_last_look(struct supervisor *s)
{
	uint64_t now = ct_clock_ms();
	bool looks = s->what->judge && !s->reported && s->end_at == UINT64_MAX;

	s->timeout_at = UINT64_MAX;
	s->over_at = looks ? now + LAST_MS : now;
	s->last_scans = LAST_SCANS;
	s->scan_at = now;
	if (!s->judging)
		ct_hang_afresh(&s->hang);
}

static bool is_over(const struct supervisor *s)
{
	bool nothing_seen = !s->judging && !s->last_scans;

	return s->over_at != UINT64_MAX && (nothing_seen || ct_clock_ms() >= s->over_at);
}

/* Whether an interrupt from the keyboard has come that is for us: the program cannot decide, or
 * does not heed it. */
static bool interrupt_ends(struct supervisor *s)
{
	enum ct_interrupt_fate fate = CT_INTERRUPT_DEFAULT;

	if (s->decided == s->interrupts.count)
		return false;
	s->decided = s->interrupts.count;
	if (s->reported || ct_tree_is_stopped(s->tree, s->what->program))
		return true;
	if (!s->out->reaped)
		fate = ct_interrupt_fate(s->what->program);
	if (fate == CT_INTERRUPT_IGNORED && s->interrupts.count == 1)
		s->what->ignored(s->what->context);
	return ct_interrupts_end(&s->interrupts, fate == CT_INTERRUPT_CAUGHT);
}

static uint64_t earliest(const struct supervisor *s)
{
	bool scans = !s->judging && s->end_at == UINT64_MAX;
	uint64_t at = s->settled_at;

	if (s->timeout_at < at)
		at = s->timeout_at;
	if (s->end_at < at)
		at = s->end_at;
	if (s->over_at < at)
		at = s->over_at;
	return scans && s->scan_at < at ? s->scan_at : at;
}

/* CT_ENDED_ITSELF: the program may go on. */
static enum ct_ending look_after(struct supervisor *s)
{
	if (ct_clock_ms() >= s->timeout_at)
		begin_last_look(s);
	if (interrupt_ends(s))
		return CT_ENDED_INTERRUPTED;
	if (s->judging && ct_aside_ended(&s->verdict))
		take_verdict(s);
	if (ct_clock_ms() >= s->end_at)
		return CT_ENDED_STUCK;
	if (!s->judging && s->end_at == UINT64_MAX && ct_clock_ms() >= s->scan_at)
		look_for_hang(s);
	return is_over(s) ? CT_ENDED_TIMEOUT : CT_ENDED_ITSELF;
}

static bool has_ended(const struct supervisor *s)
{
	return s->what->wait_all && !s->terminated ? all_gone(s) : s->out->reaped;
}

/* Now, in ticks of the trace. */
static uint64_t trace_now(const struct supervisor *s)
{
	struct ct_recorder_state recorder;

	ct_recorder_state(s->what->trace, &recorder);
	return recorder.ready ? ct_recorder_now(&recorder) : 0;
}

/* Until the program has ended (with wait_all: all of its processes), by itself or not. */
static void watch(struct supervisor *s)
{
	while (!has_ended(s)) {
		wait_until(s, earliest(s));
		if (ct_clock_ms() >= s->settled_at) {
			s->what->settled(s->what->context);
			s->settled_at = UINT64_MAX;
		}
		s->out->ending = look_after(s);
		if (s->out->ending != CT_ENDED_ITSELF)
			break;
	}
	if (s->end_at != UINT64_MAX && s->out->ending == CT_ENDED_ITSELF)
		s->out->ending = CT_ENDED_STUCK; /* as it was asked to, by SIGABRT */
	if (s->out->ending != CT_ENDED_ITSELF) {
		s->out->stopped_at = trace_now(s);
		end_all(s);
	}
	ct_aside_drop(&s->verdict);
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
	uint64_t start = ct_clock_ms();
	struct supervisor s = {
		.what = what,
		.tree = tree,
		.out = out,
		.settled_at = start + SETTLED_MS,
		.timeout_at = what->timeout_ms ? start + what->timeout_ms : UINT64_MAX,
		.scan_at = what->judge ? start + SCAN_MS : UINT64_MAX,
		.end_at = UINT64_MAX,
		.over_at = UINT64_MAX,
	};
	uint64_t grace;

	*out = (struct ct_supervised){0};
	watch(&s);
	for (grace = ct_clock_ms() + GRACE_MS; !all_gone(&s) && ct_clock_ms() < grace;)
		wait_until(&s, grace);
	if (s.terminated || (s.interrupts.count && was_interrupted(&s)))
		end_all(&s);
	ct_hang_fini(&s.hang);
	ct_stopped_fini(&s.stopped);
	if (!all_gone(&s) && ct_tree_list(tree, &out->survivors, &out->survivor_count) != CT_OK)
		out->survivor_count = 0;
}
