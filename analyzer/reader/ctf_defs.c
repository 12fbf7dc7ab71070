#include "reader/ctf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAIL_PACKETS 2u /* a process's last records lie in these */

/* The definitions of one process as they come in. */
struct defs {
	struct ct_ctf *ctf;
	struct ct_trace *trace;
	struct ct_reader *reader;
	struct ct_trace_process *process; /* in the trace's array */
	uint32_t image;
	uint32_t unloads; /* so far */
	bool begun;	  /* its first PROCESS was seen */
};

static enum ct_status keep_string(struct defs *defs, const struct ct_raw *raw, size_t at,
				  const char **out)
{
	*out = ct_arena_strndup(&defs->reader->arena, (const char *)raw->payload + at,
				raw->payload_size - at);
	return *out ? CT_OK : CT_ENOMEM;
}

static enum ct_status take_process(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace_process *process = defs->process;
	struct ct_payload_process p;
	struct ct_trace_image image;
	enum ct_status status;

	memcpy(&p, raw->payload, sizeof(p));
	if (!defs->begun) {
		process->pid = p.pid;
		process->parent = p.parent;
		process->parent_pid = p.parent_pid;
		process->creator = p.creator;
		process->time = p.time;
	}
	defs->begun = true;
	defs->image = p.image;
	if (p.image < UINT32_MAX && process->images < p.image + 1)
		process->images = p.image + 1;
	status = keep_string(defs, raw, sizeof(p), &process->command);
	if (status)
		return status;
	image = (struct ct_trace_image){process->number, p.image, p.time, process->command};
	return ct_trace_append(&defs->trace->images, &defs->trace->image_count,
			       &defs->reader->image_cap, &image, sizeof(image));
}

static enum ct_status take_module(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_trace_module module;
	struct ct_payload_module p;
	enum ct_status status;

	memcpy(&p, raw->payload, sizeof(p));
	module = (struct ct_trace_module){
		.process = defs->process->number,
		.image = defs->image,
		.time = p.time,
		.start = p.start,
		.end = p.end,
		.bias = p.bias,
		.build_id_length = p.build_id_length,
		.build_id = ct_arena_memdup(&defs->reader->arena, raw->payload + sizeof(p),
					    p.build_id_length),
	};
	if (!module.build_id)
		return CT_ENOMEM;
	status = keep_string(defs, raw, sizeof(p) + p.build_id_length, &module.path);
	if (status)
		return status;
	return ct_trace_append(&trace->modules, &trace->module_count, &defs->reader->module_cap,
			       &module, sizeof(module));
}

static enum ct_status take_stack(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_payload_stack p;
	struct ct_trace_stack stack;
	uint64_t *frames;
	enum ct_status status;

	memcpy(&p, raw->payload, sizeof(p));
	frames = ct_arena_memdup(&defs->reader->arena, raw->payload + sizeof(p),
				 p.depth * sizeof(*frames));
	if (!frames)
		return CT_ENOMEM;
	stack = (struct ct_trace_stack){
		.frames = frames,
		.depth = p.depth,
		.image = defs->image,
		.modules = (uint32_t)defs->trace->module_count,
		.unloads = defs->unloads,
	};
	status = ct_trace_add_stack(defs->trace, defs->process->number, p.stack, &stack);
	return status == CT_EFORMAT ? CT_OK : status; /* defined again: the first one counts */
}

static enum ct_status take_map(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_payload_map p = {0};
	struct ct_trace_map map;

	/* UNMAP is the beginning of MAP. */
	memcpy(&p, raw->payload, raw->payload_size);
	map = (struct ct_trace_map){
		.process = defs->process->number,
		.unmap = raw->id == CT_DEF_UNMAP,
		.time = p.time,
		.start = p.start,
		.size = p.size,
		.device = p.device,
		.inode = p.inode,
		.offset = p.offset,
	};
	return ct_trace_append(&trace->maps, &trace->map_count, &defs->reader->map_cap, &map,
			       sizeof(map));
}

static enum ct_status take_name(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_trace_name name;
	struct ct_payload_name p;
	enum ct_status status;

	memcpy(&p, raw->payload, sizeof(p));
	name = (struct ct_trace_name){
		.process = defs->process->number,
		.thread = raw->id == CT_DEF_THREAD_NAME,
		.object = p.object,
		.time = p.time,
	};
	status = keep_string(defs, raw, sizeof(p), &name.name);
	if (status)
		return status;
	return ct_trace_append(&trace->names, &trace->name_count, &defs->reader->name_cap, &name,
			       sizeof(name));
}

static enum ct_status take_fd(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_payload_fd p;
	struct ct_trace_fd fd;

	memcpy(&p, raw->payload, sizeof(p));
	fd = (struct ct_trace_fd){defs->process->number, defs->image, p.fd, p.access, p.inode};
	return ct_trace_append(&trace->fds, &trace->fd_count, &defs->reader->fd_cap, &fd,
			       sizeof(fd));
}

static enum ct_status take_socket(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_trace_socket socket;
	struct ct_payload_socket p;
	size_t local_size;
	enum ct_status status;

	memcpy(&p, raw->payload, sizeof(p));
	socket = (struct ct_trace_socket){
		.process = defs->process->number, .time = p.time, .inode = p.inode};
	status = keep_string(defs, raw, sizeof(p), &socket.local);
	if (status)
		return status;
	local_size = strlen(socket.local) + 1; /* both strings end within the payload */
	status = keep_string(defs, raw, sizeof(p) + local_size, &socket.peer);
	if (status)
		return status;
	return ct_trace_append(&trace->sockets, &trace->socket_count, &defs->reader->socket_cap,
			       &socket, sizeof(socket));
}

/* The modules in the range end with it: what is loaded there later is a module of its own. */
static void take_unloaded(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_payload_unmap p;

	memcpy(&p, raw->payload, sizeof(p));
	defs->unloads++;
	for (size_t i = trace->module_count; i-- > 0;) {
		struct ct_trace_module *module = &trace->modules[i];

		if (module->process != defs->process->number)
			break; /* definitions come in process by process */
		if (module->image != defs->image || module->unload || module->start < p.start ||
		    module->start - p.start >= p.size)
			continue;
		module->unload = defs->unloads;
		module->end_time = p.time;
	}
}

static enum ct_status take_unseen(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_trace_unseen unseen;
	struct ct_payload_name p;
	enum ct_status status;

	memcpy(&p, raw->payload, sizeof(p));
	unseen = (struct ct_trace_unseen){.process = defs->process->number,
					  .reason = (enum ct_unseen)p.object};
	status = keep_string(defs, raw, sizeof(p), &unseen.name);
	if (status)
		return status;
	return ct_trace_append(&trace->unseen, &trace->unseen_count, &defs->reader->unseen_cap,
			       &unseen, sizeof(unseen));
}

static enum ct_status take_instrumented(struct defs *defs, const struct ct_raw *raw)
{
	struct ct_trace *trace = defs->trace;
	struct ct_trace_instrumented instrumented;
	struct ct_payload_name p;
	enum ct_status status;

	memcpy(&p, raw->payload, sizeof(p));
	instrumented = (struct ct_trace_instrumented){.process = defs->process->number,
						      .image = defs->image,
						      .time = p.time,
						      .address = p.object};
	status = keep_string(defs, raw, sizeof(p), &instrumented.name);
	if (status)
		return status;
	return ct_trace_append(&trace->instrumented, &trace->instrumented_count,
			       &defs->reader->instrumented_cap, &instrumented,
			       sizeof(instrumented));
}

static enum ct_status take(struct defs *defs, const struct ct_raw *raw)
{
	switch ((enum ct_def_id)raw->id) {
	case CT_DEF_PROCESS:
		return take_process(defs, raw);
	case CT_DEF_MODULE:
		return take_module(defs, raw);
	case CT_DEF_STACK:
		return take_stack(defs, raw);
	case CT_DEF_MAP:
	case CT_DEF_UNMAP:
		return take_map(defs, raw);
	case CT_DEF_OBJECT_NAME:
	case CT_DEF_THREAD_NAME:
		return take_name(defs, raw);
	case CT_DEF_FD:
		return take_fd(defs, raw);
	case CT_DEF_SOCKET:
		return take_socket(defs, raw);
	case CT_DEF_UNLOADED:
		take_unloaded(defs, raw);
		return CT_OK;
	case CT_DEF_UNSEEN:
		return take_unseen(defs, raw);
	case CT_DEF_INSTRUMENTED:
		return take_instrumented(defs, raw);
	}
	return CT_OK;
}

static enum ct_status take_all(struct ct_ctf *ctf, const struct ct_ctf_group *group)
{
	struct ct_trace *trace = ctf->trace;
	struct defs defs = {
		.ctf = ctf,
		.trace = trace,
		.reader = ct_reader_of(trace),
		.process = &trace->processes[trace->process_count - 1],
	};
	struct ct_ctf_cursor cursor;
	enum ct_status status = CT_OK;

	ct_ctf_cursor_init(&cursor, ctf, &ctf->packets[group->first], group->count);
	while (status == CT_OK && ct_ctf_cursor_next(&cursor))
		status = take(&defs, &cursor.raw);
	ct_ctf_cursor_fini(&cursor);
	return status;
}

/* Did one of the thread's last records end the process? */
static bool ends_process(struct ct_ctf *ctf, const struct ct_ctf_group *group)
{
	size_t count = group->count < TAIL_PACKETS ? group->count : TAIL_PACKETS;
	struct ct_ctf_cursor cursor;
	bool ended = false;

	ct_ctf_cursor_init(&cursor, ctf, &ctf->packets[group->first + group->count - count], count);
	while (!ended && ct_ctf_cursor_next(&cursor))
		ended = ct_event_info(cursor.raw.id)->effect == CT_EFFECT_PROCESS_EXIT;
	ct_ctf_cursor_fini(&cursor);
	return ended;
}

static enum ct_status add_thread(struct ct_ctf *ctf, const struct ct_ctf_group *group)
{
	const struct ct_ctf_packet *packets = &ctf->packets[group->first];
	const struct ct_ctf_packet *last = &packets[group->count - 1];
	struct ct_trace *trace = ctf->trace;
	struct ct_trace_process *process = &trace->processes[trace->process_count - 1];
	struct ct_trace_thread thread = {
		.process = group->process,
		.thread = group->thread,
		.tid = last->tid,
		.live = last->running,
		.skipped = group->skipped,
		.settled = last->settled,
	};

	for (size_t i = 0; i < group->count; i++)
		thread.discarded += packets[i].discarded;
	if (thread.discarded < last->lost)
		thread.discarded = last->lost;
	if (!process->pid)
		process->pid = last->pid;
	process->ended = process->ended || ends_process(ctf, group);
	return ct_trace_append(&trace->threads, &trace->thread_count,
			       &ct_reader_of(trace)->thread_cap, &thread, sizeof(thread));
}

static enum ct_status add_process(struct ct_ctf *ctf, const struct ct_ctf_group *group)
{
	struct ct_trace *trace = ctf->trace;
	struct ct_trace_process process = {
		.number = group->process, .images = 1, .time = UINT64_MAX, .command = ""};
	char name[32];

	if (group->thread != 0) {
		snprintf(name, sizeof(name), "p%u.defs", group->process);
		ct_trace_problem(trace, name, 0, "the definitions of process %u are missing",
				 group->process);
		process.time = ctf->packets[group->first].begin;
	}
	return ct_trace_append(&trace->processes, &trace->process_count,
			       &ct_reader_of(trace)->process_cap, &process, sizeof(process));
}

/* A process whose birth cannot be read began with the trace. */
static void settle_times(struct ct_ctf *ctf)
{
	struct ct_trace *trace = ctf->trace;

	trace->begin = UINT64_MAX;
	for (size_t i = 0; i < trace->process_count; i++)
		if (trace->processes[i].time < trace->begin)
			trace->begin = trace->processes[i].time;
	for (size_t i = 0; trace->begin == UINT64_MAX && i < ctf->packet_count; i++)
		trace->begin = ctf->packets[i].begin;
	for (size_t i = 0; i < trace->process_count; i++)
		if (trace->processes[i].time == UINT64_MAX)
			trace->processes[i].time = trace->begin;
}

enum ct_status ct_ctf_define(struct ct_ctf *ctf)
{
	struct ct_trace *trace = ctf->trace;
	enum ct_status status = CT_OK;

	ctf->thread_groups = calloc(ctf->group_count + 1, sizeof(*ctf->thread_groups));
	if (!ctf->thread_groups)
		return CT_ENOMEM;
	for (size_t i = 0; !status && i < ctf->group_count; i++) {
		const struct ct_ctf_group *group = &ctf->groups[i];

		if (i == 0 || ctf->groups[i - 1].process != group->process)
			status = add_process(ctf, group);
		if (status)
			break;
		if (group->thread == 0) {
			status = take_all(ctf, group);
			continue;
		}
		ctf->thread_groups[trace->thread_count] = i;
		status = add_thread(ctf, group);
	}
	settle_times(ctf);
	return status;
}
