#include "reader/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "reader/dump.h"

enum ct_status ct_trace_new(const char *path, struct ct_trace **out_trace)
{
	struct ct_trace *trace = calloc(1, sizeof(*trace));
	struct ct_reader *reader = calloc(1, sizeof(*reader));

	if (!trace || !reader) {
		free(trace);
		free(reader);
		return CT_ENOMEM;
	}
	ct_arena_init(&reader->arena);
	ct_layouts_init(&reader->layouts);
	ct_map_init(&reader->stack_index);
	ct_names_init(&reader->problem_set, &reader->arena);
	trace->private_data = reader;
	trace->path = ct_arena_strdup(&reader->arena, path);
	if (!trace->path) {
		ct_trace_free(trace);
		return CT_ENOMEM;
	}
	*out_trace = trace;
	return CT_OK;
}

void ct_trace_free(struct ct_trace *trace)
{
	struct ct_reader *reader;

	if (!trace)
		return;
	reader = ct_reader_of(trace);
	if (reader->form)
		reader->form->free(reader->form_data);
	ct_names_fini(&reader->problem_set);
	ct_map_fini(&reader->stack_index);
	free(reader->stacks);
	ct_arena_fini(&reader->arena);
	free(reader);
	free(trace->processes);
	free(trace->modules);
	free(trace->maps);
	free(trace->names);
	free(trace->fds);
	free(trace->sockets);
	free(trace->unseen);
	free(trace->instrumented);
	free(trace->images);
	free(trace->threads);
	free(trace->text_init);
	free(trace->problems);
	free(trace);
}

uint64_t ct_trace_lost(const struct ct_trace *trace, size_t *out_threads)
{
	uint64_t lost = 0;

	*out_threads = 0;
	for (size_t i = 0; i < trace->thread_count; i++) {
		lost += trace->threads[i].discarded;
		*out_threads += trace->threads[i].discarded > 0;
	}
	return lost;
}

bool ct_trace_tells_misuse(const struct ct_trace *trace)
{
	return !trace->text && !trace->before_misuse;
}

enum ct_status ct_trace_append(void *pointer_to_array, size_t *count, size_t *cap, const void *item,
			       size_t item_size)
{
	enum ct_status status = ct_vec_grow(pointer_to_array, cap, *count + 1, item_size);
	char *array;

	if (status)
		return status;
	memcpy(&array, pointer_to_array, sizeof(array));
	memcpy(array + *count * item_size, item, item_size);
	(*count)++;
	return CT_OK;
}

static uint64_t stack_key(uint32_t process, uint32_t stack)
{
	return (uint64_t)process << 32 | stack;
}

enum ct_status ct_trace_add_stack(struct ct_trace *trace, uint32_t process, uint32_t stack,
				  const struct ct_trace_stack *item)
{
	struct ct_reader *reader = ct_reader_of(trace);
	enum ct_status status;

	if (ct_map_get(&reader->stack_index, stack_key(process, stack), NULL))
		return CT_EFORMAT;
	status = ct_trace_append(&reader->stacks, &reader->stack_count, &reader->stack_cap, item,
				 sizeof(*item));
	if (status)
		return status;
	return ct_map_put(&reader->stack_index, stack_key(process, stack), reader->stack_count - 1);
}

const struct ct_trace_stack *ct_trace_stack(const struct ct_trace *trace, uint32_t process,
					    uint32_t stack)
{
	const struct ct_reader *reader = ct_reader_of(trace);
	uint64_t index;

	if (!ct_map_get(&reader->stack_index, stack_key(process, stack), &index))
		return NULL;
	return &reader->stacks[index];
}

void ct_trace_problem(struct ct_trace *trace, const char *file, uint64_t offset, const char *fmt,
		      ...)
{
	struct ct_reader *reader = ct_reader_of(trace);
	char what[256], line[512];
	char *copy;
	uint32_t id;
	va_list args;

	if (trace->problem_count > CT_PROBLEMS_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(line, sizeof(line), "%.200s: byte %" PRIu64 ": %s", file, offset, what);
	if (trace->problem_count == CT_PROBLEMS_MAX)
		snprintf(line, sizeof(line), "%.200s: byte %" PRIu64 ": more problems not listed",
			 file, offset);
	if (ct_names_find(&reader->problem_set, line, &id) ||
	    ct_names_intern(&reader->problem_set, line, &id) != CT_OK)
		return;
	copy = ct_arena_strdup(&reader->arena, line);
	if (copy && ct_trace_append(&trace->problems, &trace->problem_count, &reader->problem_cap,
				    &copy, sizeof(copy)) != CT_OK)
		return;
}

/* Whatever stands at `path`: a folder, or a file that is read from front to back. */
static enum ct_status read_any(struct ct_trace *trace, int fd, struct ct_error *error)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return ct_error_set(error, CT_EIO, "%s: %s", trace->path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return ct_ctf_read(trace, fd, error);
	return ct_std_read(trace, fd, error);
}

enum ct_status ct_trace_open(const char *path, struct ct_error *error, struct ct_trace **out_trace)
{
	return ct_trace_open_recent(path, 0, error, out_trace);
}

enum ct_status ct_trace_open_recent(const char *path, uint64_t max_bytes, struct ct_error *error,
				    struct ct_trace **out_trace)
{
	struct ct_trace *trace = NULL;
	enum ct_status status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		status = errno == ENOENT || errno == ENOTDIR ? CT_ENOTFOUND : CT_EIO;
		return ct_error_set(error, status, "%s: %s", path, strerror(errno));
	}
	status = ct_trace_new(path, &trace);
	if (status == CT_OK) {
		ct_reader_of(trace)->max_bytes = max_bytes;
		status = read_any(trace, fd, error);
	}
	close(fd);
	if (status == CT_ENOMEM)
		ct_error_set(error, status, "%s: out of memory while reading", path);
	if (status) {
		ct_trace_free(trace);
		return status;
	}
	*out_trace = trace;
	return CT_OK;
}

/* A thread's records, whichever form the trace has. */
struct ct_stream {
	const struct ct_form *form;
	const struct ct_trace *trace;
	void *cursor; /* owned, the form's */
};

enum ct_status ct_stream_open(struct ct_trace *trace, size_t thread, struct ct_stream **out_stream)
{
	struct ct_stream *stream;
	enum ct_status status;

	if (thread >= trace->thread_count)
		return CT_EUSAGE;
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return CT_ENOMEM;
	stream->trace = trace;
	stream->form = ct_reader_of(trace)->form;
	status = stream->form->stream_open(trace, thread, &stream->cursor);
	if (status) {
		free(stream);
		return status;
	}
	*out_stream = stream;
	return CT_OK;
}

bool ct_stream_next(struct ct_stream *stream, struct ct_record *out_record)
{
	uint64_t until = stream->trace->until;

	return stream->form->stream_next(stream->cursor, out_record) &&
	       (!until || out_record->time <= until);
}

void ct_stream_close(struct ct_stream *stream)
{
	if (!stream)
		return;
	stream->form->stream_close(stream->cursor);
	free(stream);
}

enum ct_status
ct_trace_each_event(struct ct_trace *trace,
		    enum ct_status (*visit)(void *state, const struct ct_event *event), void *state)
{
	return ct_reader_of(trace)->form->each_event(trace, visit, state);
}
