#include "live/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIELD_PARENT = 4, FIELD_THREADS = 20, FIELD_START = 22 };

/* The number that is field `field`; `text` begins at field 3. */
static bool number_field(const char *text, int field, uint64_t *out)
{
	char *end;

	for (int at = 3; at < field; at++) {
		text = strchr(text, ' ');
		if (!text)
			return false;
		text++;
	}
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && end != text;
}

bool ct_proc_parse(const char *text, struct ct_proc *out)
{
	struct ct_proc proc = {0};
	const char *name = strchr(text, '(');
	const char *end = strrchr(text, ')'); /* the name itself may contain brackets */
	uint64_t parent;
	size_t length;

	if (!name || !end || end < name || end[1] != ' ' || end[2] == '\0')
		return false;
	proc.pid = (pid_t)strtol(text, NULL, 10);
	proc.state = end[2];
	if (!number_field(end + 2, FIELD_PARENT, &parent) ||
	    !number_field(end + 2, FIELD_THREADS, &proc.threads) ||
	    !number_field(end + 2, FIELD_START, &proc.start))
		return false;
	proc.parent = (pid_t)parent;
	length = (size_t)(end - name - 1);
	if (length >= sizeof(proc.name))
		length = sizeof(proc.name) - 1;
	memcpy(proc.name, name + 1, length);
	*out = proc;
	return proc.pid > 0;
}

bool ct_proc_read(pid_t pid, pid_t tid, struct ct_proc *out)
{
	char path[64], text[1024];
	ssize_t length;
	int fd;

	if (tid)
		snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid, (int)tid);
	else
		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	return ct_proc_parse(text, out);
}

uint64_t ct_proc_pid_space(void)
{
	struct stat info;

	return stat("/proc/self/ns/pid", &info) == 0 ? info.st_ino : 0;
}

bool ct_proc_is_gone(const struct ct_proc *proc)
{
	return proc->state == 'X' || (proc->state == 'Z' && proc->threads <= 1);
}
