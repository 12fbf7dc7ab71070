#include "reader/ctf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first that tells of detached threads, masks of signals and destroyed objects. */
enum { FORMAT_OF_MISUSE = 6 };

static enum ct_status open_stream(struct ct_trace *trace, size_t thread, void **out_cursor)
{
	struct ct_ctf *ctf = ct_reader_of(trace)->form_data;
	const struct ct_ctf_group *group = &ctf->groups[ctf->thread_groups[thread]];
	struct ct_ctf_cursor *cursor = malloc(sizeof(*cursor));

	if (!cursor)
		return CT_ENOMEM;
	ct_ctf_cursor_init(cursor, ctf, &ctf->packets[group->first], group->count);
	*out_cursor = cursor;
	return CT_OK;
}

static void close_stream(void *cursor)
{
	ct_ctf_cursor_fini(cursor);
	free(cursor);
}

/* The first two fields of the payload, as far as they are numbers. */
static void first_fields(const struct ct_layout *layout, const uint8_t *payload,
			 struct ct_record *out)
{
	const struct ct_field *fields = layout->fields;

	out->object = ct_field_number(payload, fields[0].size);
	out->arg = 0;
	if (layout->field_count > 1 && fields[1].count_field < 0)
		out->arg = ct_field_number(payload + fields[0].size, fields[1].size);
}

static bool next_record(void *state, struct ct_record *out_record)
{
	struct ct_ctf_cursor *cursor = state;
	const struct ct_raw *raw = &cursor->raw;
	const struct ct_reader *reader = ct_reader_of(cursor->ctf->trace);

	if (!ct_ctf_cursor_next(cursor))
		return false;
	first_fields(&reader->layouts.of[raw->layout], raw->payload, out_record);
	out_record->time = raw->time;
	out_record->payload = raw->payload;
	out_record->payload_size = raw->payload_size;
	out_record->stack = raw->stack;
	out_record->event = raw->id;
	out_record->flags = raw->flags;
	return true;
}

static void free_ctf(void *form_data)
{
	struct ct_ctf *ctf = form_data;

	if (ctf->dir_fd >= 0)
		close(ctf->dir_fd);
	free(ctf->files.files);
	free(ctf->packets);
	free(ctf->groups);
	free(ctf->thread_groups);
	ct_lasting_fini(&ctf->lasting);
	free(ctf);
}

static const struct ct_form ctf_form = {
	.stream_open = open_stream,
	.stream_next = next_record,
	.stream_close = close_stream,
	.each_event = ct_ctf_each,
	.free = free_ctf,
};

static enum ct_status nothing(const struct ct_trace *trace, struct ct_error *error)
{
	if (trace->problem_count == 0)
		return ct_error_set(error, CT_EFORMAT, "%s: nothing was recorded in this trace",
				    trace->path);
	return ct_error_set(error, CT_EFORMAT, "%s: nothing in this trace can be read (%s)",
			    trace->path, trace->problems[0]);
}

enum ct_status ct_ctf_read(struct ct_trace *trace, int dir_fd, struct ct_error *error)
{
	struct ct_reader *reader = ct_reader_of(trace);
	struct ct_ctf *ctf = calloc(1, sizeof(*ctf));
	enum ct_status status;

	if (!ctf)
		return CT_ENOMEM;
	ctf->trace = trace;
	reader->form = &ctf_form;
	reader->form_data = ctf;
	ctf->dir_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 0);
	if (ctf->dir_fd < 0)
		return ct_error_set(error, CT_EIO, "%s: %s", trace->path, strerror(errno));
	status = ct_metadata_read(ctf->dir_fd, trace->path, error, &ctf->metadata);
	if (status)
		return status;
	trace->frequency = ctf->metadata.frequency;
	trace->cpus = ctf->metadata.cpus;
	trace->races_off = ctf->metadata.races_off;
	trace->before_misuse = ctf->metadata.format < FORMAT_OF_MISUSE;
	status = ct_ctf_index(ctf);
	if (status == CT_OK && reader->max_bytes)
		status = ct_ctf_keep_recent(ctf, reader->max_bytes);
	if (status == CT_OK)
		status = ct_ctf_define(ctf);
	if (status == CT_OK)
		ct_ctf_accesses(ctf);
	if (status == CT_EIO)
		return ct_error_set(error, status, "%s: the folder cannot be read", trace->path);
	if (status == CT_OK && trace->process_count == 0)
		return nothing(trace, error);
	return status;
}
