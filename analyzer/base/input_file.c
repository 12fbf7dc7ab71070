#include "base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/text.h"

enum { PIECE_BYTES = 1 << 16, MEGABYTE = 1 << 20 };

static const char bom[] = "\xef\xbb\xbf";

static enum ct_status refuse(struct ct_error *error, const char *path)
{
	return ct_error_set(error, CT_EIO, "cannot read %s: %s", path, strerror(errno));
}

/* /dev/null, with which people say "an empty file". */
static bool is_null(const struct stat *info)
{
	return S_ISCHR(info->st_mode) && info->st_rdev == makedev(1, 3);
}

/* A pipe is a file as well: that of a shell's <(...). */
static enum ct_status check_kind(int fd, const char *path, struct ct_error *error)
{
	struct stat info;

	if (fstat(fd, &info) != 0)
		return refuse(error, path);
	if (S_ISREG(info.st_mode) || S_ISFIFO(info.st_mode) || is_null(&info))
		return CT_OK;
	return ct_error_set(error, CT_EFORMAT, "cannot read %s: it is a %s, not a file", path,
			    S_ISDIR(info.st_mode) ? "folder" : "device");
}

static enum ct_status read_all(int fd, const char *path, size_t max_bytes, struct ct_text *out,
			       struct ct_error *error)
{
	char piece[PIECE_BYTES];
	size_t total = 0;
	ssize_t got;

	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return refuse(error, path);
		total += (size_t)got;
		if (total > max_bytes)
			return ct_error_set(error, CT_EFORMAT,
					    "cannot read %s: it has more than %zu MB", path,
					    max_bytes / MEGABYTE);
		ct_text_addn(out, piece, (size_t)got);
	}
	if (ct_text_status(out) != CT_OK)
		return ct_error_set(error, CT_ENOMEM, "cannot read %s: out of memory", path);
	return CT_OK;
}

static void drop_bom(struct ct_text *text, size_t at)
{
	size_t length = strlen(bom);

	if (text->len - at < length || memcmp(text->data + at, bom, length) != 0)
		return;
	text->len -= length;
	memmove(text->data + at, text->data + at + length, text->len - at + 1);
}

enum ct_status ct_input_file_read(const char *path, size_t max_bytes, struct ct_text *out,
				  struct ct_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t at = out->len;
	enum ct_status status;

	if (fd < 0)
		return refuse(error, path);
	status = check_kind(fd, path, error);
	if (status == CT_OK)
		status = read_all(fd, path, max_bytes, out, error);
	if (status == CT_OK)
		drop_bom(out, at);
	close(fd);
	return status;
}
