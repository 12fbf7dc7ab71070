#include "live/hang.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "format/ct_live.h"
#include "live/clock.h"
#include "live/cycle.h"
#include "live/outside.h"

enum {
	BELIEVED_SCANS = 4,
	AGAIN_MS = 1000,
	AGAIN_MAX_MS = 60000,
};

/* Waits that something outside of the program ends, whatever its other threads do. */
static bool waits_for_outside(const struct ct_scan_thread *thread)
{
	switch (thread->event) {
	case CT_EV_SIGWAIT:
	case CT_EV_SIGSUSPEND:
	case CT_EV_PAUSE:
	case CT_EV_ACCEPT:
	case CT_EV_FUTEX_WAIT: /* of a runtime that nobody knows */
		return true;
	default:
		return false;
	}
}

/* A thread that is gone without having said so does not count. */
static bool is_quiet(const struct ct_scan_thread *thread)
{
	return ct_scan_waits(thread) && thread->steady && !ct_scan_has_limit(thread) &&
	       !waits_for_outside(thread);
}

/* The sum of the fingerprints, 0: somebody may go on. The kernel is asked last: it is dear. */
static uint64_t quiet(const struct ct_scan *scan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < scan->count; i++)
		if (!is_quiet(&scan->threads[i]) && ct_scan_state(&scan->threads[i]))
			return 0;
	for (size_t i = 0; i < scan->count; i++) {
		char state = ct_scan_state(&scan->threads[i]);

		if (state && !ct_scan_agrees(&scan->threads[i], state))
			return 0;
		if (state)
			sum += ct_scan_fingerprint(&scan->threads[i]);
	}
	return sum;
}

/* What is not recorded may wake the others. To look for it is dear: what was found is believed for
 * a second or so. */
static bool may_be_helped(struct ct_hang *hang)
{
	if (hang->quiet == hang->helped && hang->helped_scans-- > 0)
		return true;
	hang->helped = 0;
	if (!ct_hang_new_quiet(hang) || !ct_outside_lives(&hang->now))
		return false;
	hang->helped = hang->quiet;
	hang->helped_scans = BELIEVED_SCANS;
	return true;
}

enum ct_status ct_hang_scan(struct ct_hang *hang, const char *trace)
{
	struct ct_scan oldest = hang->before;
	struct ct_cycles cycles;
	enum ct_status status;

	hang->before = hang->now;
	hang->now = oldest;
	hang->circle = hang->quiet = 0;
	hang->again = ct_clock_ms() >= hang->again_ms;
	status = ct_scan_read(&hang->now, trace, &hang->before);
	if (status == CT_OK)
		status = ct_cycles_find(&hang->now, &hang->asked, &cycles);
	if (status)
		return status;
	hang->circle = cycles.fingerprint;
	hang->quiet = quiet(&hang->now);
	if (hang->quiet && may_be_helped(hang))
		hang->quiet = 0;
	return CT_OK;
}

void ct_hang_fini(struct ct_hang *hang)
{
	ct_scan_fini(&hang->now);
	ct_scan_fini(&hang->before);
}

void ct_hang_judged(struct ct_hang *hang)
{
	bool same = hang->judged_circle == hang->circle && hang->judged_quiet == hang->quiet;

	hang->judged_circle = hang->circle;
	hang->judged_quiet = hang->quiet;
	hang->pause_ms = same ? 2 * hang->pause_ms : AGAIN_MS;
	if (hang->pause_ms > AGAIN_MAX_MS)
		hang->pause_ms = AGAIN_MAX_MS;
	hang->again_ms = ct_clock_ms() + hang->pause_ms;
	hang->again = false;
}

void ct_hang_afresh(struct ct_hang *hang)
{
	hang->again_ms = hang->helped = 0;
}

void ct_hang_found(struct ct_hang *hang)
{
	hang->again_ms = UINT64_MAX;
}

void ct_recorder_state(const char *trace, struct ct_recorder_state *out)
{
	struct ct_session session;
	char path[4096];
	ssize_t length;
	int fd;

	*out = (struct ct_recorder_state){0};
	if (snprintf(path, sizeof(path), "%s/" CT_LIVE_DIR "/session", trace) >= (int)sizeof(path))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, &session, offsetof(struct ct_session, slots));
	close(fd);
	if (length != offsetof(struct ct_session, slots) || session.magic != CT_SESSION_MAGIC)
		return;
	out->ready = session.ready == 1;
	out->root_pid = session.root_pid;
	out->given_up = session.given_up;
	out->denied = session.denied;
	out->left_out = session.left_out;
	out->clock = session.clock;
}

uint64_t ct_recorder_now(const struct ct_recorder_state *recorder)
{
	struct timespec now;

#ifdef __x86_64__
	if (recorder->clock == CT_CLOCK_TSC)
		return __builtin_ia32_rdtsc();
#else
	(void)recorder;
#endif
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
