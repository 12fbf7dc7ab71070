#include "grade/submission_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static int open_regular(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static enum ct_status why_not_open(void)
{
	return errno == EINVAL || errno == ELOOP ? CT_EFORMAT : CT_EIO;
}

/* Closes `fd`. */
static enum ct_status read_begin(int fd, size_t max_bytes, struct ct_text *out)
{
	enum ct_status status = CT_OK;
	char bytes[16384];
	size_t left = max_bytes;
	ssize_t n = 1;

	while (left && n > 0) {
		n = read(fd, bytes, left < sizeof(bytes) ? left : sizeof(bytes));
		if (n > 0) {
			ct_text_addn(out, bytes, (size_t)n);
			left -= (size_t)n;
		}
	}
	if (n < 0)
		status = CT_EIO;
	close(fd);
	return status ? status : ct_text_status(out);
}

static enum ct_status read_all(int fd, size_t max_bytes, struct ct_text *out)
{
	size_t before = out->len;
	enum ct_status status = read_begin(fd, max_bytes + 1, out);

	if (status == CT_OK && out->len - before > max_bytes)
		return CT_EFORMAT;
	return status;
}

enum ct_status ct_file_read_begin(const char *path, size_t max_bytes, struct ct_text *out)
{
	struct stat st;
	int fd = open_regular(path, &st);

	return fd < 0 ? why_not_open() : read_begin(fd, max_bytes, out);
}

enum ct_status ct_file_read(const char *path, size_t max_bytes, struct ct_text *out)
{
	struct stat st;
	int fd = open_regular(path, &st);

	return fd < 0 ? why_not_open() : read_all(fd, max_bytes, out);
}

enum ct_status ct_file_read_made(const char *path, size_t max_bytes, struct ct_text *out)
{
	struct stat st;
	int fd = open_regular(path, &st);

	if (fd < 0)
		return why_not_open();
	if (st.st_uid == geteuid() && st.st_nlink == 1)
		return read_all(fd, max_bytes, out);
	close(fd);
	return CT_EFORMAT;
}

enum ct_status ct_file_write(const char *path, const struct ct_text *text, struct ct_error *error)
{
	enum ct_status status = CT_OK;
	struct ct_text name;
	int fd = -1;

	ct_text_init(&name);
	ct_text_addf(&name, "%s.XXXXXX", path);
	if (ct_text_status(&name) == CT_OK && ct_text_status(text) == CT_OK)
		fd = mkostemp(name.data, O_CLOEXEC);
	else
		status = ct_error_set(error, CT_ENOMEM, "out of memory");
	if (fd >= 0) {
		bool good = ct_text_write(text, fd) == CT_OK && fchmod(fd, 0644) == 0;

		good = close(fd) == 0 && good && rename(ct_text_str(&name), path) == 0;
		if (!good) {
			status = ct_error_set(error, CT_EWRITE, "%s: %s", path, strerror(errno));
			unlink(ct_text_str(&name));
		}
	} else if (status == CT_OK) {
		status = ct_error_set(error, CT_EWRITE, "%s: %s", path, strerror(errno));
	}
	ct_text_fini(&name);
	return status;
}

enum ct_status ct_folder_need(const char *path, struct ct_error *error)
{
	struct stat st;

	if (mkdir(path, 0755) == 0)
		return CT_OK;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return CT_OK;
	return ct_error_set(error, CT_EIO, "cannot make the folder %s: %s", path, strerror(errno));
}
