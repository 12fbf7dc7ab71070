#include "reader/window.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"

void ct_window_init(struct ct_window *window, int dir_fd, const char *name, size_t chunk)
{
	*window = (struct ct_window){.dir_fd = dir_fd, .name = name, .chunk = chunk};
}

void ct_window_init_memory(struct ct_window *window, const void *bytes, size_t size)
{
	*window = (struct ct_window){.dir_fd = -1, .bytes = bytes, .length = size};
}

void ct_window_fini(struct ct_window *window)
{
	free(window->buffer);
	*window = (struct ct_window){.dir_fd = -1};
}

void ct_window_switch(struct ct_window *window, const char *name)
{
	if (window->name && strcmp(window->name, name) == 0)
		return;
	window->name = name;
	window->length = 0;
}

int ct_open_regular(int dir_fd, const char *name, int flags)
{
	/* O_NONBLOCK: a FIFO of that name must not stop us. */
	int fd = openat(dir_fd, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static enum ct_status fill(struct ct_window *window, uint64_t offset, size_t want)
{
	size_t size = want > window->chunk ? want : window->chunk;
	int fd;

	window->length = 0;
	if (ct_vec_grow(&window->buffer, &window->cap, size, 1) != CT_OK)
		return CT_ENOMEM;
	fd = ct_open_regular(window->dir_fd, window->name, O_RDONLY);
	if (fd < 0)
		return CT_EIO;
	window->bytes = window->buffer;
	window->start = offset;
	while (window->length < size) {
		ssize_t n = pread(fd, window->buffer + window->length, size - window->length,
				  (off_t)(offset + window->length));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			close(fd);
			return n < 0 ? CT_EIO : CT_OK;
		}
		window->length += (size_t)n;
	}
	close(fd);
	return CT_OK;
}

size_t ct_window_at(struct ct_window *window, uint64_t offset, size_t want,
		    const uint8_t **out_bytes)
{
	uint64_t skip;

	if (want > CT_WINDOW_MAX)
		want = CT_WINDOW_MAX;
	if (offset > INT64_MAX - CT_WINDOW_MAX)
		return 0;
	skip = offset - window->start;
	if (window->name && (offset < window->start || skip > window->length ||
			     window->length - (size_t)skip < want)) {
		window->status = fill(window, offset, want);
		skip = offset - window->start;
	}
	if (offset < window->start || skip >= window->length)
		return 0;
	*out_bytes = window->bytes + skip;
	return window->length - (size_t)skip;
}
