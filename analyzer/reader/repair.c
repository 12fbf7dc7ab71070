#include "reader/repair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader/alive.h"
#include "reader/ctf.h"
#include "reader/tail.h"

struct repair {
	const char *path;
	struct ct_repair_options options;
	struct ct_repair_counts *counts;
	struct ct_error *error;
	int dir_fd; /* owned */
	struct ct_metadata metadata;
	struct ct_layouts layouts;
	struct ct_arena arena;
	struct ct_ctf_files streams, lanes;
	struct ct_map alive; /* process number: pid */
	struct ct_live_copy copy;
};

static enum ct_status failed(struct repair *repair, const char *name)
{
	return ct_error_set(repair->error, CT_EIO, "%s/%s: %s", repair->path, name,
			    strerror(errno));
}

static bool known_dead(const struct repair *repair, uint32_t pid)
{
	if (repair->options.mode == CT_REPAIR_FORCE)
		return true;
	for (size_t i = 0; i < repair->options.dead_count; i++)
		if (repair->options.dead_pids[i] == pid)
			return true;
	return !ct_pid_alive(repair->dir_fd, pid);
}

static bool is_alive(const struct repair *repair, const struct ct_ctf_file *file)
{
	return ct_map_get(&repair->alive, file->process, NULL);
}

/* Which processes are alive: those that own a running lane and whose pid says so. */
static enum ct_status find_alive(struct repair *repair)
{
	for (size_t i = 0; i < repair->lanes.count; i++) {
		const struct ct_ctf_file *file = &repair->lanes.files[i];
		const struct ct_live *live = &repair->copy.live;
		enum ct_status status;
		const char *what;

		if (is_alive(repair, file) ||
		    ct_live_copy(repair->dir_fd, file->name, &repair->copy, &what) != CT_OK ||
		    live->state != CT_LIVE_RUNNING || known_dead(repair, live->pid))
			continue;
		status = ct_map_put(&repair->alive, file->process, live->pid);
		if (status)
			return status;
		if (repair->options.mode == CT_REPAIR_WHOLE)
			return ct_error_set(repair->error, CT_EUSAGE,
					    "%s: process %u of this trace is still running",
					    repair->path, live->pid);
	}
	return CT_OK;
}

static enum ct_status drop_file(struct repair *repair, const char *name)
{
	if (unlinkat(repair->dir_fd, name, 0) != 0 && errno != ENOENT)
		return failed(repair, name);
	return CT_OK;
}

static struct ct_packet_rule rule_of(const struct repair *repair, const struct ct_ctf_file *file)
{
	return (struct ct_packet_rule){repair->metadata.uuid, file->stream, file->process};
}

/* A file that was born and never got its name. */
static enum ct_status rename_born(struct repair *repair, const struct ct_ctf_file *file)
{
	if (renameat(repair->dir_fd, file->name, repair->dir_fd, file->name + 1) != 0)
		return failed(repair, file->name);
	repair->counts->renamed++;
	return CT_OK;
}

static enum ct_status mend_stream(struct repair *repair, const struct ct_ctf_file *file)
{
	struct ct_packet_rule rule = rule_of(repair, file);
	struct ct_tail tail;
	uint64_t before;

	if (ct_tail_find(repair->dir_fd, file->name, &rule, &tail) != CT_OK)
		return failed(repair, file->name);
	before = tail.size;
	if (ct_tail_cut(repair->dir_fd, file->name, &rule, &repair->layouts, &tail) != CT_OK)
		return failed(repair, file->name);
	if (tail.size < before) {
		repair->counts->cut_files++;
		repair->counts->cut_bytes += before - tail.size;
	}
	if (tail.exists && tail.size == 0) {
		repair->counts->removed++;
		return drop_file(repair, file->name);
	}
	if (!tail.any)
		repair->counts->damaged++;
	else if (file->dotted)
		return rename_born(repair, file);
	return CT_OK;
}

/* Makes the lane's packet end with its last whole record. *out_size 0: it has none. False: it
 * cannot be understood. */
static bool finish_packet(struct repair *repair, const struct ct_ctf_file *file, size_t *out_size)
{
	struct ct_packet *packet = (struct ct_packet *)repair->copy.packet;
	struct ct_packet_place place;
	struct ct_window window;
	struct ct_packet_scan scan = {
		.window = &window,
		.file = file->name,
		.rule = rule_of(repair, file),
		.size = repair->copy.packet_size,
	};
	uint64_t time, whole;

	*out_size = 0;
	if (!ct_live_begun(&repair->copy))
		return true;
	ct_window_init_memory(&window, repair->copy.packet, repair->copy.packet_size);
	if (!ct_packet_scan_next(&scan, &place) || place.offset != 0)
		return false;
	whole = ct_tail_whole(&window, &repair->layouts, CT_STREAM_THREAD, &place, &time);
	if (whole <= sizeof(*packet))
		return true;
	packet->context.content_size = packet->context.packet_size = whole * 8;
	packet->context.timestamp_end = time;
	*out_size = (size_t)whole;
	return true;
}

static enum ct_status write_packet(struct repair *repair, const char *name, uint64_t offset,
				   uint64_t common, size_t size)
{
	if (ct_tail_write(repair->dir_fd, name, offset, common, repair->copy.packet, size) != CT_OK)
		return failed(repair, name);
	repair->counts->packets++;
	repair->counts->bytes += size - common;
	return CT_OK;
}

/* The first packet of a stream: its file gets its name once the packet stands. */
static enum ct_status begin_stream(struct repair *repair, const char *name, size_t size)
{
	char born[64];
	enum ct_status status;

	snprintf(born, sizeof(born), ".%s", name);
	status = drop_file(repair, born);
	if (status == CT_OK)
		status = write_packet(repair, born, 0, 0, size);
	if (status == CT_OK && renameat(repair->dir_fd, born, repair->dir_fd, name) != 0)
		status = failed(repair, name);
	return status;
}

/* Appends the copied packet unless it stands there already; a shorter version is completed. */
static enum ct_status append(struct repair *repair, const struct ct_ctf_file *file, size_t size)
{
	const struct ct_packet *packet = (const struct ct_packet *)repair->copy.packet;
	const struct ct_packet_context *last;
	struct ct_packet_rule rule = rule_of(repair, file);
	const char *name = file->name + strlen(CT_LIVE_DIR "/");
	struct ct_tail tail;

	if (ct_tail_find(repair->dir_fd, name, &rule, &tail) != CT_OK)
		return failed(repair, name);
	if (!tail.exists)
		return begin_stream(repair, name, size);
	last = &tail.last.head.context;
	if (!tail.any || packet->context.packet_seq_num > last->packet_seq_num)
		return write_packet(repair, name, tail.size, 0, size);
	if (packet->context.packet_seq_num == last->packet_seq_num && size > tail.last.content &&
	    tail.last.offset + tail.last.content == tail.size)
		return write_packet(repair, name, tail.last.offset, tail.last.content, size);
	return CT_OK;
}

static enum ct_status append_lane(struct repair *repair, const struct ct_ctf_file *file)
{
	enum ct_status status;
	const char *what;
	size_t size;

	status = ct_live_copy(repair->dir_fd, file->name, &repair->copy, &what);
	if (status == CT_EIO)
		return errno == ENOENT ? CT_OK : failed(repair, file->name);
	if (status == CT_ENOTFOUND) /* of a process that is being born, if others are alive */
		return repair->options.mode == CT_REPAIR_DEAD ? CT_OK
							      : drop_file(repair, file->name);
	if (status || !finish_packet(repair, file, &size)) {
		repair->counts->damaged++;
		return CT_OK;
	}
	if (size)
		status = append(repair, file, size);
	return status ? status : drop_file(repair, file->name);
}

static enum ct_status repair_all(struct repair *repair)
{
	enum ct_status status = find_alive(repair);

	for (size_t i = 0; !status && i < repair->streams.count; i++)
		if (!is_alive(repair, &repair->streams.files[i]))
			status = mend_stream(repair, &repair->streams.files[i]);
	for (size_t i = 0; !status && i < repair->lanes.count; i++) {
		const struct ct_ctf_file *file = &repair->lanes.files[i];

		if (is_alive(repair, file))
			repair->counts->alive++;
		else if (file->stream == CT_STREAM_THREAD && !file->dotted)
			status = append_lane(repair, file);
	}
	return status;
}

static enum ct_status repair_folder(struct repair *repair)
{
	enum ct_status status =
		ct_metadata_read(repair->dir_fd, repair->path, repair->error, &repair->metadata);

	if (status)
		return status;
	status = ct_ctf_list(&repair->arena, repair->dir_fd, CT_LIVE_DIR "/", &repair->lanes);
	if (status == CT_OK)
		status = ct_ctf_list(&repair->arena, repair->dir_fd, "", &repair->streams);
	if (status == CT_EIO)
		return failed(repair, CT_LIVE_DIR);
	return status ? status : repair_all(repair);
}

enum ct_status ct_trace_repair(const char *path, const struct ct_repair_options *options,
			       struct ct_error *error, struct ct_repair_counts *out_counts)
{
	struct repair *repair = calloc(1, sizeof(*repair));
	enum ct_status status;

	*out_counts = (struct ct_repair_counts){0};
	if (!repair)
		return ct_error_set(error, CT_ENOMEM, "%s: out of memory", path);
	repair->path = path;
	repair->counts = out_counts;
	repair->error = error;
	if (options)
		repair->options = *options;
	ct_arena_init(&repair->arena);
	ct_map_init(&repair->alive);
	ct_layouts_init(&repair->layouts);
	repair->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (repair->dir_fd >= 0)
		status = repair_folder(repair);
	else
		status = ct_error_set(error, errno == ENOENT ? CT_ENOTFOUND : CT_EIO, "%s: %s",
				      path, strerror(errno));
	if (status == CT_ENOMEM)
		ct_error_set(error, status, "%s: out of memory", path);
	if (repair->dir_fd >= 0)
		close(repair->dir_fd);
	free(repair->streams.files);
	free(repair->lanes.files);
	ct_map_fini(&repair->alive);
	ct_arena_fini(&repair->arena);
	free(repair);
	return status;
}
