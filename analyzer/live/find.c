#include "live/find.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format/ct_live.h"

/* ".../.live/p1.t0" at the end of a line of /proc/PID/maps. */
static bool folder_of(char *line, struct ct_text *out)
{
	char *path = strchr(line, '/');
	char *live = strstr(line, "/" CT_LIVE_DIR "/");

	for (char *next = live; next; next = strstr(next + 1, "/" CT_LIVE_DIR "/"))
		live = next;
	if (!path || !live)
		return false;
	*live = '\0';
	ct_text_add(out, path);
	return true;
}

static bool search(pid_t pid, const char *tid, struct ct_text *out, int *out_error)
{
	char path[64], *line = NULL;
	bool found = false;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/maps", (int)pid, tid);
	file = fopen(path, "re");
	if (!file) {
		*out_error = errno;
		return false;
	}
	while (!found && getline(&line, &room, file) > 0)
		found = folder_of(line, out);
	free(line);
	fclose(file);
	return found;
}

/* By any thread: of one that has ended, as the first may have, the list is empty. */
static bool search_threads(pid_t pid, DIR *dir, struct ct_text *out, int *out_error)
{
	struct dirent *entry;

	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && search(pid, entry->d_name, out, out_error))
			return true;
	return false;
}

enum ct_status ct_find_trace(pid_t pid, struct ct_text *out, struct ct_error *error)
{
	char path[32];
	int failure = 0;
	bool found;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return ct_error_set(error, CT_ENOTFOUND, "there is no process %d", (int)pid);
	found = search_threads(pid, dir, out, &failure);
	closedir(dir);
	if (found)
		return CT_OK;
	if (failure)
		return ct_error_set(error, CT_EIO, "process %d cannot be looked into: %s", (int)pid,
				    strerror(failure));
	return ct_error_set(error, CT_ENOTFOUND,
			    "process %d is not recorded: start the program with conctrace run, or "
			    "with LD_PRELOAD=libconctrace.so",
			    (int)pid);
}
