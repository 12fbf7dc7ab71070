#include "grade/job_outside.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/job_folder.h"
#include "grade/submission_file.h"

static const char *const places[] = {"/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev/mqueue"};

enum { ENTRY_BYTES = 1024, COLUMNS = 16 };

struct outside {
	uid_t user;
	struct stat folder; /* of the job */
	bool removes;	    /* else it counts */
	uint64_t bytes, limit;
};

static void meet(struct outside *outside, int parent, const char *name, int depth);

static void meet_all(struct outside *outside, int fd, int depth)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!list) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while (outside->bytes <= outside->limit && (entry = readdir(list))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			meet(outside, copy, entry->d_name, depth);
	}
	closedir(list);
}

/* What has been looked at, not what has got its name since: others may rename in there. */
static void remove_opened(int fd, bool is_folder, int parent, const char *name)
{
	if (is_folder)
		ct_tree_empty(fd);
	unlinkat(parent, name, is_folder ? AT_REMOVEDIR : 0);
}

/* Of folders of others, in those it can have made something that are open for all to write to. */
static void meet(struct outside *outside, int parent, const char *name, int depth)
{
	int fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat what;

	if (fd < 0)
		return;
	if (fstat(fd, &what) != 0 ||
	    (what.st_dev == outside->folder.st_dev && what.st_ino == outside->folder.st_ino)) {
		/* neither seen nor touched */
	} else if (what.st_uid == outside->user) {
		if (outside->removes)
			remove_opened(fd, S_ISDIR(what.st_mode), parent, name);
		else
			outside->bytes += ct_job_folder_bytes_at(parent, name,
								 outside->limit - outside->bytes);
	} else if (S_ISDIR(what.st_mode) && (what.st_mode & S_IWOTH) &&
		   depth < CT_JOB_FOLDER_DEPTH) {
		meet_all(outside, fd, depth + 1);
	}
	close(fd);
}

static int remove_memory(int id)
{
	return shmctl(id, IPC_RMID, NULL);
}

static int remove_semaphores(int id)
{
	return semctl(id, 0, IPC_RMID);
}

static int remove_queue(int id)
{
	return msgctl(id, IPC_RMID, NULL);
}

/* The files of proc_sysvipc(5): a line for each object, in columns of numbers. */
static const struct kind {
	const char *file;
	int creator, amount; /* columns */
	uint64_t unit_bytes; /* of the amount */
	int (*remove)(int id);
} kinds[] = {
	{"/proc/sysvipc/shm", 9, 14, 1, remove_memory}, /* what is resident */
	{"/proc/sysvipc/sem", 6, 3, 128, remove_semaphores},
	{"/proc/sysvipc/msg", 9, 3, 1, remove_queue},
};

/* Numbers of a line; false: it has others. */
static bool read_columns(char *line, uint64_t *out, int count)
{
	for (int i = 0; i < count; i++) {
		char *end;

		out[i] = strtoull(line, &end, 10); /* a key may be negative: it is not used */
		if (end == line)
			return false;
		line = end;
	}
	return true;
}

static void meet_objects(struct outside *outside, const struct kind *kind)
{
	int last = kind->creator > kind->amount ? kind->creator : kind->amount;
	FILE *file = fopen(kind->file, "re");
	uint64_t columns[COLUMNS] = {0};
	char line[512];

	while (file && outside->bytes <= outside->limit && fgets(line, sizeof(line), file)) {
		if (!read_columns(line, columns, last + 1) ||
		    columns[kind->creator] != outside->user)
			continue;
		if (outside->removes)
			(void)kind->remove((int)columns[1]);
		else
			outside->bytes += ENTRY_BYTES + columns[kind->amount] * kind->unit_bytes;
	}
	if (file)
		fclose(file);
}

static void meet_everything(struct outside *outside, const char *folder)
{
	if (lstat(folder, &outside->folder) != 0)
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int fd = open(places[i], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0)
			continue;
		meet_all(outside, fd, 0);
		close(fd);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		meet_objects(outside, &kinds[i]);
}

uint64_t ct_job_outside_bytes(uid_t user, const char *folder, uint64_t limit)
{
	struct outside outside = {.user = user, .limit = limit};

	meet_everything(&outside, folder);
	return outside.bytes;
}

void ct_job_outside_remove(uid_t user, const char *folder)
{
	struct outside outside = {.user = user, .removes = true};

	meet_everything(&outside, folder);
}
