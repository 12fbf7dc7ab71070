#include "report/html_source.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 128 };
#define FILE_BYTES_MAX (4L << 20)
#define ALL_BYTES_MAX (64L << 20)

struct source {
	char *path, *data; /* owned; data NULL: it cannot be read */
	size_t length;
	size_t *lines; /* where each begins; owned */
	size_t count;
};

struct ct_html_sources {
	const char *directory;
	struct source files[FILES_MAX];
	size_t count;
	long bytes;
};

enum ct_status ct_html_sources_new(const char *directory, struct ct_html_sources **out_sources)
{
	struct ct_html_sources *sources = calloc(1, sizeof(*sources));

	if (!sources)
		return CT_ENOMEM;
	sources->directory = directory;
	*out_sources = sources;
	return CT_OK;
}

void ct_html_sources_free(struct ct_html_sources *sources)
{
	for (size_t i = 0; sources && i < sources->count; i++) {
		free(sources->files[i].path);
		free(sources->files[i].data);
		free(sources->files[i].lines);
	}
	free(sources);
}

/* The path comes from the trace: it may name a device or a FIFO. */
static int open_regular(const struct ct_html_sources *sources, const char *path, off_t *out_size)
{
	char whole[PATH_MAX];
	struct stat st;
	int fd;

	if (path[0] != '/' && sources->directory) {
		if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", sources->directory, path) >=
		    sizeof(whole))
			return -1;
		path = whole;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_BYTES_MAX) {
		*out_size = st.st_size;
		return fd;
	}
	close(fd);
	return -1;
}

static bool read_data(struct source *source, int fd, size_t size)
{
	ssize_t got = 1;

	source->data = calloc(1, size + 1);
	while (source->data && source->length < size && got > 0) {
		got = read(fd, source->data + source->length, size - source->length);
		source->length += got > 0 ? (size_t)got : 0;
	}
	return source->data != NULL;
}

static bool find_lines(struct source *source)
{
	size_t count = 1, at = 0;

	for (size_t i = 0; i < source->length; i++)
		count += source->data[i] == '\n';
	source->lines = calloc(count, sizeof(*source->lines));
	if (!source->lines)
		return false;
	while (source->count < count && at < source->length) {
		const char *newline = memchr(source->data + at, '\n', source->length - at);

		source->lines[source->count++] = at;
		at = newline ? (size_t)(newline - source->data) + 1 : source->length;
	}
	return true;
}

static void load(struct ct_html_sources *sources, struct source *source)
{
	off_t size = 0;
	int fd = open_regular(sources, source->path, &size);

	if (fd < 0)
		return;
	if (sources->bytes + size > ALL_BYTES_MAX || !read_data(source, fd, (size_t)size) ||
	    !find_lines(source)) {
		free(source->data);
		source->data = NULL;
	}
	sources->bytes += (long)source->length;
	close(fd);
}

static struct source *find(struct ct_html_sources *sources, const char *path)
{
	struct source *source;

	for (size_t i = 0; i < sources->count; i++)
		if (strcmp(sources->files[i].path, path) == 0)
			return &sources->files[i];
	if (sources->count == FILES_MAX)
		return NULL;
	source = &sources->files[sources->count];
	source->path = strdup(path);
	if (!source->path)
		return NULL;
	sources->count++;
	load(sources, source);
	return source;
}

const char *ct_html_source_line(struct ct_html_sources *sources, const char *path, int line,
				size_t *out_length)
{
	const struct source *source = find(sources, path);
	size_t index = (size_t)line - 1, begin, end;

	if (line < 1 || !source || !source->data || index >= source->count)
		return NULL;
	begin = source->lines[index];
	end = index + 1 < source->count ? source->lines[index + 1] : source->length;
	while (end > begin && (source->data[end - 1] == '\n' || source->data[end - 1] == '\r'))
		end--;
	*out_length = end - begin;
	return source->data + begin;
}
