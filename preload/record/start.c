#include "record/start.h"

#include <fcntl.h>

#include "format/ct_start.h"
#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define PIECE_SIZE 1024u /* small, see CT_PATH_SIZE */

struct file {
	int fd;
	uint64_t room; /* to write past the limit would send the program a SIGXFSZ */
	bool failed;
};

static void add(struct file *file, enum ct_start_kind kind, const void *bytes, size_t size)
{
	struct ct_start_piece piece = {kind, (uint32_t)size};
	size_t whole = sizeof(piece) + size;

	if (file->failed || whole > file->room ||
	    ct_sys_write2(file->fd, &piece, sizeof(piece), bytes, size) != (long)whole) {
		file->failed = true;
		return;
	}
	file->room -= whole;
}

static void add_file(struct file *file, enum ct_start_kind kind, const char *path)
{
	int fd = ct_sys_open(path, O_RDONLY, 0);
	char bytes[PIECE_SIZE];
	long n;

	if (fd < 0) {
		file->failed = true;
		return;
	}
	while ((n = ct_sys_read(fd, bytes, sizeof(bytes))) > 0)
		add(file, kind, bytes, (size_t)n);
	ct_sys_close(fd);
	file->failed |= n < 0;
}

/* False: there is no such link, or it is too long. */
static bool add_link(struct file *file, enum ct_start_kind kind, const char *path)
{
	char target[PIECE_SIZE];
	long n = CT_SYS(SYS_readlinkat, AT_FDCWD, path, target, sizeof(target), 0, 0);

	if (n <= 0 || n == (long)sizeof(target))
		return false;
	add(file, kind, target, (size_t)n);
	return true;
}

static void add_input(struct file *file)
{
	struct stat info;
	int64_t at;

	if (!add_link(file, CT_START_INPUT, "/proc/self/fd/0") || ct_sys_fstat(0, &info) != 0 ||
	    !S_ISREG(info.st_mode))
		return;
	at = CT_SYS(SYS_lseek, 0, 0, SEEK_CUR, 0, 0, 0);
	if (at >= 0)
		add(file, CT_START_INPUT_AT, &at, sizeof(at));
}

void ct_start_write(const char *folder)
{
	struct file file = {.room = ct_sys_limit(RLIMIT_FSIZE)};
	char path[CT_PATH_SIZE];
	struct ct_line line;

	ct_line_init(&line, path, sizeof(path));
	ct_line_add(&line, folder);
	ct_line_add(&line, CT_START_FILE);
	if (line.cut)
		return;
	file.fd = ct_sys_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (file.fd < 0)
		return;
	add_file(&file, CT_START_COMMAND, "/proc/self/cmdline");
	add_file(&file, CT_START_ENVIRONMENT, "/proc/self/environ");
	file.failed |= !add_link(&file, CT_START_DIRECTORY, "/proc/self/cwd");
	file.failed |= !add_link(&file, CT_START_PROGRAM, "/proc/self/exe");
	add_input(&file);
	add(&file, CT_START_END, NULL, 0);
	ct_sys_close(file.fd);
}
