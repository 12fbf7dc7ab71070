#include "fake_trace.h"

#include <stdlib.h>
#include <string.h>

static void *grown(void *array, size_t count, size_t size)
{
	void *bigger = realloc(array, (count + 1) * size);

	if (!bigger)
		abort();
	memset((char *)bigger + count * size, 0, size);
	return bigger;
}

struct fake_trace *fake_new(void)
{
	struct fake_trace *fake = calloc(1, sizeof(*fake));

	if (!fake)
		abort();
	fake->trace.path = "fake";
	fake->trace.private_data = &fake->reader;
	fake->trace.frequency = 1000000000;
	fake_process(fake, 1, 0, 0, 0, "./prog");
	return fake;
}

void fake_free(struct fake_trace *fake)
{
	ct_model_free(fake->model);
	for (size_t i = 0; i < fake->trace.thread_count; i++) {
		for (size_t k = 0; k < fake->streams[i].count; k++)
			free(fake->streams[i].records[k].payload);
		free(fake->streams[i].records);
	}
	free(fake->streams);
	free(fake->trace.processes);
	free(fake->trace.threads);
	free(fake->trace.maps);
	free(fake->trace.names);
	free(fake->trace.sockets);
	free(fake->trace.fds);
	free(fake->trace.unseen);
	free(fake);
}

void fake_process(struct fake_trace *fake, uint32_t number, uint32_t parent, uint32_t creator,
		  uint64_t time, const char *command)
{
	struct ct_trace *trace = &fake->trace;

	trace->processes = grown(trace->processes, trace->process_count, sizeof(*trace->processes));
	trace->processes[trace->process_count++] =
		(struct ct_trace_process){.number = number,
					  .pid = 99 + number,
					  .parent = parent,
					  .parent_pid = parent ? 99 + parent : 1,
					  .creator = creator,
					  .images = 1,
					  .time = time,
					  .command = command};
}

size_t fake_thread(struct fake_trace *fake, uint32_t process, uint32_t number)
{
	struct ct_trace *trace = &fake->trace;
	size_t index = trace->thread_count;

	trace->threads = grown(trace->threads, index, sizeof(*trace->threads));
	fake->streams = grown(fake->streams, index, sizeof(*fake->streams));
	trace->threads[index] = (struct ct_trace_thread){
		.process = process, .thread = number, .tid = 1000 * process + number};
	trace->thread_count++;
	return index;
}

void fake_map(struct fake_trace *fake, const struct ct_trace_map *map)
{
	struct ct_trace *trace = &fake->trace;

	trace->maps = grown(trace->maps, trace->map_count, sizeof(*map));
	trace->maps[trace->map_count++] = *map;
}

void fake_name(struct fake_trace *fake, const struct ct_trace_name *name)
{
	struct ct_trace *trace = &fake->trace;

	trace->names = grown(trace->names, trace->name_count, sizeof(*name));
	trace->names[trace->name_count++] = *name;
}

void fake_socket(struct fake_trace *fake, uint64_t time, uint64_t inode, const char *local,
		 const char *peer)
{
	struct ct_trace *trace = &fake->trace;

	trace->sockets = grown(trace->sockets, trace->socket_count, sizeof(*trace->sockets));
	trace->sockets[trace->socket_count++] = (struct ct_trace_socket){
		.process = 1, .time = time, .inode = inode, .local = local, .peer = peer};
}

void fake_fd(struct fake_trace *fake, uint64_t key)
{
	struct ct_trace *trace = &fake->trace;

	trace->fds = grown(trace->fds, trace->fd_count, sizeof(*trace->fds));
	trace->fds[trace->fd_count++] =
		(struct ct_trace_fd){.process = 1, .access = 3, .inode = key};
}

static struct ct_record *add(struct fake_trace *fake, size_t thread, const void *payload,
			     size_t size)
{
	struct fake_stream *stream = &fake->streams[thread];
	struct fake_record *new;

	stream->records = grown(stream->records, stream->count, sizeof(*stream->records));
	new = &stream->records[stream->count++];
	new->payload = malloc(size + 1);
	if (!new->payload)
		abort();
	if (size)
		memcpy(new->payload, payload, size);
	new->record.payload = new->payload;
	new->record.payload_size = (uint32_t)size;
	return &new->record;
}

void fake_event(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
		uint16_t flags, uint64_t object, uint64_t arg)
{
	struct ct_payload_obj_arg payload = {object, arg};
	struct ct_record *record = add(fake, thread, &payload, sizeof(payload));

	record->time = time;
	record->object = object;
	record->arg = arg;
	record->stack = (uint32_t)time;
	record->event = event;
	record->flags = flags;
}

void fake_payload(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
		  const void *payload, size_t size)
{
	struct ct_record *record = add(fake, thread, payload, size);

	record->time = time;
	record->stack = (uint32_t)time;
	record->event = event;
	if (size >= sizeof(record->object))
		memcpy(&record->object, payload, sizeof(record->object));
}

void fake_start(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t pthread,
		uint32_t creator)
{
	struct ct_payload_start start = {.thread = fake->trace.threads[thread].thread,
					 .pthread = pthread,
					 .creator = creator};

	fake_payload(fake, thread, time, CT_EV_THREAD_START, &start, sizeof(start));
}

void fake_fail(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t call,
	       uint64_t object, uint32_t error)
{
	struct ct_payload_fail fail = {.object = object, .error = error, .call = call};

	fake_payload(fake, thread, time, CT_EV_FAIL, &fail, sizeof(fail));
}

/* Every payload is handed out in one place, as a reader does it: it is gone with the next call. */
static bool next(void *state, size_t thread, struct ct_record *out_record)
{
	struct fake_trace *fake = state;
	struct fake_stream *stream = &fake->streams[thread];

	if (stream->next > 0 && stream->next <= stream->count) {
		struct fake_record *before = &stream->records[stream->next - 1];

		free(before->payload);
		before->payload = NULL;
	}
	if (stream->next == stream->count)
		return false;
	*out_record = stream->records[stream->next++].record;
	return true;
}

struct ct_order_source fake_source(struct fake_trace *fake)
{
	return (struct ct_order_source){
		.state = fake, .thread_count = fake->trace.thread_count, .next = next};
}

struct ct_model *fake_model(struct fake_trace *fake)
{
	struct ct_order_source source = fake_source(fake);
	struct ct_error error;

	if (ct_model_new_from(&fake->trace, &source, &error, &fake->model) != CT_OK)
		abort();
	return fake->model;
}

struct ct_model *fake_run(struct fake_trace *fake, struct ct_observer *observer)
{
	struct ct_error error;

	fake_model(fake);
	if (ct_model_run(fake->model, observer, observer ? 1 : 0, &error) != CT_OK)
		abort();
	return fake->model;
}
