#include "base/source.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { FILES_MAX = 64, LINE_SHOWN = 160 };
#define FILE_BYTES_MAX (16L << 20)
#define ALL_BYTES_MAX (64L << 20)

struct source {
	char *path, *data; /* owned; data NULL: it cannot be read */
	size_t length;
	time_t modified;
	size_t *lines; /* where each begins; owned */
	size_t count;
};

/* A ring: what was read first is the first to go. */
struct ct_sources {
	const char *directory;
	struct source files[FILES_MAX];
	size_t oldest, count;
	size_t bytes;
};

enum ct_status ct_sources_new(const char *directory, struct ct_sources **out_sources)
{
	struct ct_sources *sources = calloc(1, sizeof(*sources));

	if (!sources)
		return CT_ENOMEM;
	sources->directory = directory;
	*out_sources = sources;
	return CT_OK;
}

static void drop_data(struct source *source)
{
	free(source->data);
	free(source->lines);
	source->data = NULL;
	source->lines = NULL;
	source->length = source->count = 0;
}

static void drop_oldest(struct ct_sources *sources)
{
	struct source *source = &sources->files[sources->oldest];

	sources->bytes -= source->length;
	drop_data(source);
	free(source->path);
	*source = (struct source){0};
	sources->oldest = (sources->oldest + 1) % FILES_MAX;
	sources->count--;
}

void ct_sources_free(struct ct_sources *sources)
{
	while (sources && sources->count)
		drop_oldest(sources);
	free(sources);
}

/* The path comes from the trace: it may name a device or a FIFO. */
static int open_regular(const struct ct_sources *sources, const char *path, size_t *out_size,
			time_t *out_modified)
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
		*out_size = (size_t)st.st_size;
		*out_modified = st.st_mtime;
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

static void load(struct ct_sources *sources, const char *path, struct source *source)
{
	size_t size = 0;
	int fd = open_regular(sources, path, &size, &source->modified);

	if (fd < 0)
		return;
	if (!read_data(source, fd, size) || !find_lines(source))
		drop_data(source);
	close(fd);
}

static const struct source *add(struct ct_sources *sources, const char *path)
{
	struct source source = {0};

	load(sources, path, &source);
	source.path = strdup(path);
	if (!source.path) {
		drop_data(&source);
		return NULL;
	}
	while (sources->count == FILES_MAX ||
	       (sources->count && sources->bytes + source.length > ALL_BYTES_MAX))
		drop_oldest(sources);
	sources->bytes += source.length;
	sources->files[(sources->oldest + sources->count) % FILES_MAX] = source;
	return &sources->files[(sources->oldest + sources->count++) % FILES_MAX];
}

static const struct source *find(struct ct_sources *sources, const char *path)
{
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->files[(sources->oldest + i) % FILES_MAX];

		if (strcmp(source->path, path) == 0)
			return source;
	}
	return add(sources, path);
}

const char *ct_source_line(struct ct_sources *sources, const char *path, int line,
			   size_t *out_length)
{
	const struct source *source = sources && line > 0 ? find(sources, path) : NULL;
	size_t index = (size_t)line - 1, begin, end;

	if (!source || !source->data || index >= source->count)
		return NULL;
	begin = source->lines[index];
	end = index + 1 < source->count ? source->lines[index + 1] : source->length;
	while (end > begin && (source->data[end - 1] == '\n' || source->data[end - 1] == '\r'))
		end--;
	*out_length = end - begin;
	return source->data + begin;
}

const char *ct_source_all(struct ct_sources *sources, const char *path, size_t *out_length,
			  time_t *out_modified)
{
	const struct source *source = sources ? find(sources, path) : NULL;

	if (!source || !source->data)
		return NULL;
	*out_length = source->length;
	*out_modified = source->modified;
	return source->data;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A zero byte in the line ends it. */
bool ct_source_add_line(struct ct_text *out, struct ct_sources *sources, const char *path, int line)
{
	char text[LINE_SHOWN + 1];
	size_t length = 0, first = 0;
	const char *bytes = ct_source_line(sources, path, line, &length);

	if (!bytes)
		return false;
	length = strnlen(bytes, length < LINE_SHOWN ? length : LINE_SHOWN);
	while (length && is_blank(bytes[length - 1]))
		length--;
	while (first < length && is_blank(bytes[first]))
		first++;
	for (size_t i = first; i < length; i++)
		text[i - first] = bytes[i];
	text[length - first] = '\0';
	for (size_t i = 0; text[i]; i++)
		if (text[i] == '\t')
			text[i] = ' ';
	if (!*text)
		return false;
	ct_text_add_printable(out, text);
	return true;
}
