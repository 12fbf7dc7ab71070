#include "reader/std.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes of the file that were read and not yet taken as lines. */
struct lines {
	int fd;
	char *buffer; /* owned; room for one byte more than `cap` */
	size_t start, end, cap;
	bool eof;
	struct ct_std_place place; /* of the line at `start` */
};

enum ct_status ct_std_bad(const struct ct_std *std, const struct ct_std_place *place, size_t column,
			  struct ct_error *error, const char *fmt, ...)
{
	char what[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	for (char *c = what; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	return ct_error_set(error, CT_EFORMAT, "%s:%" PRIu64 ": byte %" PRIu64 ": %s",
			    std->trace->path, place->line, place->offset + column, what);
}

/* Reads on; afterwards the buffer holds a whole line, or all the rest, or is full. */
static enum ct_status fill(struct lines *in)
{
	memmove(in->buffer, in->buffer + in->start, in->end - in->start);
	in->end -= in->start;
	in->start = 0;
	while (!in->eof && in->end < in->cap) {
		ssize_t n = read(in->fd, in->buffer + in->end, in->cap - in->end);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return CT_EIO;
		in->eof = n == 0;
		in->end += (size_t)n;
	}
	return CT_OK;
}

/* The next line, terminated; *out_line is NULL at the end of the file. */
static enum ct_status next_line(struct ct_std *std, struct lines *in, struct ct_error *error,
				char **out_line, size_t *out_len)
{
	char *newline = memchr(in->buffer + in->start, '\n', in->end - in->start);
	size_t len;

	if (!newline && !in->eof) {
		if (fill(in) != CT_OK)
			return ct_error_set(error, CT_EIO, "%s: %s", std->trace->path,
					    strerror(errno));
		newline = memchr(in->buffer, '\n', in->end);
	}
	*out_line = NULL;
	len = newline ? (size_t)(newline - in->buffer) - in->start : in->end - in->start;
	if (len > CT_STD_LINE_MAX)
		return ct_std_bad(std, &in->place, CT_STD_LINE_MAX, error,
				  "the line is longer than %u bytes", CT_STD_LINE_MAX);
	if (!newline && len == 0)
		return CT_OK;
	*out_line = in->buffer + in->start;
	*out_len = len;
	(*out_line)[len] = '\0';
	in->start += len + (newline ? 1 : 0);
	return CT_OK;
}

enum ct_status ct_std_object(struct ct_std *std, enum ct_std_kind kind, const char *name,
			     size_t len, uint64_t *out_object)
{
	char key[CT_STD_LINE_MAX + 2];
	enum ct_status status;
	uint32_t id;

	key[0] = (char)kind;
	memcpy(key + 1, name, len);
	key[1 + len] = '\0';
	status = ct_names_intern(&std->objects, key, &id);
	if (status == CT_OK)
		*out_object = (uint64_t)id + 1;
	return status;
}

bool ct_std_known(struct ct_std *std, enum ct_std_kind kind, const char *name, size_t len)
{
	char key[CT_STD_LINE_MAX + 2];
	uint32_t id;

	key[0] = (char)kind;
	memcpy(key + 1, name, len);
	key[1 + len] = '\0';
	return ct_names_find(&std->objects, key, &id);
}

/* `#sem s=2`, `#bar b=3`, `#pipe p=4096`; every other # line is a comment. */
static enum ct_status directive(struct ct_std *std, const char *line,
				const struct ct_std_place *place, struct ct_error *error)
{
	static const struct {
		const char *word;
		enum ct_std_kind kind;
		uint16_t event;
	} words[] = {{"sem", CT_STD_SEM, CT_EV_SEM_INIT},
		     {"bar", CT_STD_BARRIER, CT_EV_BARRIER_INIT},
		     {"pipe", CT_STD_PIPE, CT_EV_FD_OPEN}};
	const char *hash = strchr(line, '#');
	const char *word = hash + 1 + strspn(hash + 1, " \t");
	size_t word_len = strcspn(word, " \t"), name_len;
	const char *name = word + word_len + strspn(word + word_len, " \t");
	struct ct_trace_text_init init = {0};
	enum ct_status status;

	name_len = strcspn(name, "= \t");
	if (!name_len || name[name_len] != '=' || !isdigit((unsigned char)name[name_len + 1]))
		return CT_OK;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) != word_len || memcmp(words[i].word, word, word_len) != 0)
			continue;
		errno = 0;
		init.value = strtoull(name + name_len + 1, NULL, 10);
		if (errno || init.value > UINT32_MAX)
			return ct_std_bad(std, place, (size_t)(name + name_len + 1 - line), error,
					  "the number is too large");
		init.event = words[i].event;
		status = ct_std_object(std, words[i].kind, name, name_len, &init.object);
		return status ? status
			      : ct_trace_append(&std->trace->text_init,
						&std->trace->text_init_count,
						&ct_reader_of(std->trace)->text_init_cap, &init,
						sizeof(init));
	}
	return CT_OK;
}

static enum ct_status one_line(struct ct_std *std, char *line, size_t len,
			       const struct ct_std_place *place, struct ct_error *error)
{
	size_t blank;

	if (memchr(line, '\0', len))
		return ct_std_bad(std, place, strlen(line), error,
				  "a NUL byte: this is no trace in text notation");
	while (len > 0 && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
	blank = strspn(line, " \t\v\f\r");
	if (line[blank] == '\0')
		return CT_OK;
	if (line[blank] == '#')
		return directive(std, line, place, error);
	return ct_std_event_line(std, line, place, error);
}

static enum ct_status read_lines(struct ct_std *std, struct lines *in, struct ct_error *error)
{
	enum ct_status status = CT_OK;
	char *line = NULL;
	size_t len = 0;

	in->place.line = 1;
	while (status == CT_OK) {
		status = next_line(std, in, error, &line, &len);
		if (status || !line)
			break;
		status = one_line(std, line, len, &in->place, error);
		in->place.line++;
		in->place.offset += len + 1;
	}
	if (status == CT_OK && std->event_count == 0)
		return ct_error_set(error, CT_EFORMAT, "%s: no event in this file",
				    std->trace->path);
	return status;
}

/* A lock that is read-locked anywhere is a read-write lock everywhere. */
static uint16_t as_rwlock(uint16_t event)
{
	switch (event) {
	case CT_EV_MUTEX_LOCK:
		return CT_EV_RWLOCK_WRLOCK;
	case CT_EV_MUTEX_TRYLOCK:
		return CT_EV_RWLOCK_TRYWRLOCK;
	case CT_EV_MUTEX_TIMEDLOCK:
		return CT_EV_RWLOCK_TIMEDWRLOCK;
	case CT_EV_MUTEX_UNLOCK:
		return CT_EV_RWLOCK_UNLOCK;
	default:
		return event;
	}
}

static void settle_rwlocks(struct ct_std *std)
{
	for (size_t i = 0; i < std->event_count; i++) {
		struct ct_std_event *event = &std->events[i];

		if (!ct_map_get(&std->rwlocks, event->object, NULL))
			continue;
		if (event->event == CT_EV_FAIL)
			event->arg = (event->arg & UINT32_MAX) |
				     (uint64_t)as_rwlock((uint16_t)(event->arg >> 32)) << 32;
		else if (event->event != CT_EV_THREAD_CREATE && event->event != CT_EV_THREAD_JOIN)
			event->event = as_rwlock(event->event);
	}
}

static enum ct_status add_name(struct ct_trace *trace, bool thread, uint32_t id, const char *text)
{
	struct ct_trace_name name = {
		.process = 1, .thread = thread, .object = (uint64_t)id + 1, .name = text};

	return ct_trace_append(&trace->names, &trace->name_count, &ct_reader_of(trace)->name_cap,
			       &name, sizeof(name));
}

static enum ct_status add_thread(struct ct_trace *trace, uint32_t id, const char *name)
{
	struct ct_trace_thread thread = {.process = 1, .thread = id + 1};
	enum ct_status status =
		ct_trace_append(&trace->threads, &trace->thread_count,
				&ct_reader_of(trace)->thread_cap, &thread, sizeof(thread));

	return status ? status : add_name(trace, true, id, name);
}

/* Fills what a trace says once: one process, its threads, all names, a stack per location.
 * ct_event_format relies on object n being names[n - 1], and the threads coming after. */
static enum ct_status settle_trace(struct ct_std *std)
{
	struct ct_trace *trace = std->trace;
	struct ct_trace_process process = {.number = 1, .images = 1, .time = 1, .command = ""};
	enum ct_status status;

	status = ct_trace_append(&trace->processes, &trace->process_count,
				 &ct_reader_of(trace)->process_cap, &process, sizeof(process));
	for (uint32_t i = 0; !status && i < ct_names_count(&std->objects); i++)
		status = add_name(trace, false, i, ct_names_text(&std->objects, i) + 1);
	for (uint32_t i = 0; !status && i < ct_names_count(&std->threads); i++)
		status = add_thread(trace, i, ct_names_text(&std->threads, i));
	for (uint32_t i = 0; !status && i < ct_names_count(&std->locations); i++) {
		struct ct_trace_stack stack = {.text_location = ct_names_text(&std->locations, i)};

		status = ct_trace_add_stack(trace, 1, i + 1, &stack);
	}
	return status;
}

enum ct_status ct_std_read(struct ct_trace *trace, int fd, struct ct_error *error)
{
	struct ct_reader *reader = ct_reader_of(trace);
	struct lines in = {.fd = fd, .cap = (size_t)2 * CT_STD_LINE_MAX};
	struct ct_std *std = calloc(1, sizeof(*std));
	enum ct_status status;

	if (!std)
		return CT_ENOMEM;
	std->trace = trace;
	ct_names_init(&std->threads, &reader->arena);
	ct_names_init(&std->objects, &reader->arena);
	ct_names_init(&std->locations, &reader->arena);
	ct_map_init(&std->rwlocks);
	reader->form = &ct_std_form;
	reader->form_data = std;
	trace->text = trace->accesses = true;
	trace->frequency = 1;
	trace->begin = 1;
	in.buffer = malloc(in.cap + 1);
	status = in.buffer ? read_lines(std, &in, error) : CT_ENOMEM;
	free(in.buffer);
	if (status)
		return status;
	settle_rwlocks(std);
	return settle_trace(std);
}
