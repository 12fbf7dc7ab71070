#include "live/hang.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "format/ct_live.h"
#include "live/proc.h"

/* The part of a live page that matters here ends where its lists begin. */
enum { HEAD_BYTES = offsetof(struct ct_live, lost) };

enum lane { LANE_IDLE, LANE_BUSY, LANE_RESTING, LANE_QUIET };

static bool read_page(int dir_fd, const char *name, struct ct_live *out)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, out, HEAD_BYTES);
	close(fd);
	return length == HEAD_BYTES && out->magic == CT_LIVE_MAGIC &&
	       out->version == CT_FORMAT_VERSION;
}

/* Whether the call ends by itself. */
static bool has_limit(const struct ct_live *page)
{
	switch (page->event) {
	case CT_EV_SLEEP:
		return true;
	case CT_EV_POLL:
	case CT_EV_SELECT:
	case CT_EV_EPOLL_WAIT:
		return page->arg != UINT64_MAX;
	default:
		return page->flags & CT_F_TIMED;
	}
}

static enum lane judge_lane(int dir_fd, const char *name, struct ct_live *out)
{
	struct ct_proc thread;

	if (!read_page(dir_fd, name, out) || out->state != CT_LIVE_RUNNING)
		return LANE_IDLE;
	if (!ct_proc_read((pid_t)out->pid, (pid_t)out->tid, &thread))
		return LANE_IDLE; /* it was killed, and nobody wrote its end */
	if (thread.state == 'Z' || thread.state == 'X')
		return LANE_IDLE;
	if (out->epoch % 2 == 0 || thread.state != 'S')
		return LANE_BUSY;
	return has_limit(out) ? LANE_RESTING : LANE_QUIET;
}

/* Of what says that a thread is still in the same call; as FNV-1a does, but by words. */
static uint64_t fingerprint(const struct ct_live *page)
{
	const uint64_t words[] = {page->process, page->thread, page->tid, page->epoch, page->since};
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		hash = (hash ^ words[i]) * 0x100000001b3u;
		hash ^= hash >> 29;
	}
	return hash;
}

/* The sum of the fingerprints of the quiet lanes, as they are listed in any order; 0: there are
 * none, or somebody runs. */
static uint64_t scan(DIR *dir)
{
	struct dirent *entry;
	uint64_t sum = 0;

	while ((entry = readdir(dir))) {
		struct ct_live page;
		enum lane lane;
		unsigned process, index;

		if (sscanf(entry->d_name, "p%u.t%u", &process, &index) != 2)
			continue;
		lane = judge_lane(dirfd(dir), entry->d_name, &page);
		if (lane == LANE_BUSY)
			return 0;
		if (lane == LANE_QUIET)
			sum += fingerprint(&page);
	}
	return sum;
}

static uint64_t scan_trace(const char *trace)
{
	char path[4096];
	uint64_t sum;
	DIR *dir;

	if (snprintf(path, sizeof(path), "%s/" CT_LIVE_DIR, trace) >= (int)sizeof(path))
		return 0;
	dir = opendir(path);
	if (!dir)
		return 0;
	sum = scan(dir);
	closedir(dir);
	return sum;
}

bool ct_hang_scan(struct ct_hang *hang, const char *trace)
{
	uint64_t before = hang->seen;

	hang->seen = scan_trace(trace);
	if (!hang->seen || hang->seen != before || hang->seen == hang->judged)
		return false;
	hang->judged = hang->seen;
	return true;
}

bool ct_hang_lasts(struct ct_hang *hang, const char *trace)
{
	hang->seen = scan_trace(trace);
	if (hang->seen == hang->judged)
		return true;
	hang->judged = 0; /* to be looked at again */
	return false;
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
}
