#include "reader/alive.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/ct_live.h"
#include "reader/window.h"

#define SLOTS_AT_ONCE 256u

/* State and start time (fields 3 and 22) of /proc/PID/stat. */
static bool read_stat(uint32_t pid, char *out_state, uint64_t *out_start)
{
	char path[64], text[1024];
	const char *at;
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[size > 0 ? size : 0] = '\0';
	at = strrchr(text, ')'); /* the name may have blanks and parentheses of its own */
	if (!at || at[1] != ' ' || !at[2])
		return false;
	*out_state = at[2];
	for (int blanks = 0; at && blanks < 20; blanks++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	*out_start = strtoull(at, NULL, 10);
	return true;
}

/* When the trace's process with that pid began; 0: unknown. */
static uint64_t recorded_start(int dir_fd, uint32_t pid)
{
	struct ct_process_slot slots[SLOTS_AT_ONCE];
	off_t offset = offsetof(struct ct_session, slots);
	off_t end = offset + (off_t)(CT_PROCESS_SLOTS * sizeof(slots[0]));
	uint64_t start = 0;
	uint32_t magic = 0;
	int fd = ct_open_regular(dir_fd, CT_LIVE_DIR "/session", O_RDONLY);

	if (fd < 0)
		return 0;
	if (pread(fd, &magic, sizeof(magic), 0) != sizeof(magic) || magic != CT_SESSION_MAGIC)
		offset = end;
	while (!start && offset < end) {
		ssize_t size = pread(fd, slots, sizeof(slots), offset);

		if (size < (ssize_t)sizeof(slots))
			break;
		for (size_t i = 0; i < SLOTS_AT_ONCE; i++)
			if (slots[i].pid == pid)
				start = slots[i].start;
		offset += size;
	}
	close(fd);
	return start;
}

_Static_assert(CT_PROCESS_SLOTS % SLOTS_AT_ONCE == 0, "slots are read in whole pieces");

bool ct_pid_alive(int dir_fd, uint32_t pid)
{
	uint64_t start = 0, recorded;
	char state = 0;

	if (pid == 0 || pid > INT32_MAX || (kill((pid_t)pid, 0) != 0 && errno == ESRCH))
		return false;
	if (!read_stat(pid, &state, &start))
		return true; /* no /proc, or it ends right now: say so another time */
	if (state == 'Z' || state == 'X')
		return false;
	recorded = recorded_start(dir_fd, pid);
	return recorded == 0 || recorded == start;
}
