#include "reader/ctf.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader/alive.h"

#define SCAN_CHUNK 4096u /* packet headers lie far apart: reading more would read everything */

/* A lane as it was found in `.live/`. */
struct lane {
	struct ct_ctf_file file;
	struct ct_ctf_packet packet;
	uint64_t events_discarded; /* as its packet says */
	bool found, added;
};

struct lanes {
	struct lane *lanes; /* owned; sorted by process and lane */
	size_t count;
	struct ct_map alive; /* process numbers: their files may be growing */
};

/* Where a stream file stood after its last packet. */
struct tail {
	uint64_t next_sequence;
	uint64_t events_discarded;
	size_t packet; /* number of its last packet, from 1; 0: none */
};

static void tell(void *state, const char *file, uint64_t offset, const char *what)
{
	ct_trace_problem(state, file, offset, "%s", what);
}

static void tell_live(void *state, const char *file, uint64_t offset, const char *what)
{
	ct_trace_problem(state, file, CT_LIVE_SIZE + offset, "%s", what);
}

static struct ct_ctf_packet make_packet(uint32_t file, const struct ct_packet_place *place)
{
	const struct ct_packet_context *context = &place->head.context;

	return (struct ct_ctf_packet){
		.file = file,
		.process = context->process,
		.thread = context->thread,
		.tid = context->tid,
		.pid = context->pid,
		.offset = place->offset,
		.content = place->content,
		.begin = context->timestamp_begin,
		.sequence = context->packet_seq_num,
	};
}

/* The packet of a live copy, if it is sound; else one without content, for the thread's sake. */
static enum ct_status take_copy(struct ct_ctf *ctf, struct lane *lane,
				const struct ct_live_copy *copy)
{
	struct ct_reader *reader = ct_reader_of(ctf->trace);
	struct ct_packet_scan scan = {
		.file = lane->file.name,
		.rule = {ctf->metadata.uuid, CT_STREAM_THREAD, lane->file.process},
		.sink = {tell_live, ctf->trace},
		.size = copy->packet_size,
	};
	struct ct_packet_place place = {0};
	struct ct_window window;
	bool running = copy->live.state == CT_LIVE_RUNNING;

	ct_window_init_memory(&window, copy->packet, copy->packet_size);
	scan.window = &window;
	if (!ct_live_begun(copy) || !ct_packet_scan_next(&scan, &place) || place.offset != 0) {
		place = (struct ct_packet_place){.head.context = {.pid = copy->live.pid,
								  .process = lane->file.process,
								  .tid = copy->live.tid,
								  .thread = copy->live.thread}};
	}
	lane->packet = make_packet(0, &place);
	lane->events_discarded = place.head.context.events_discarded;
	lane->packet.running = running && copy->live.thread == lane->packet.thread;
	lane->packet.lost = lane->packet.running ? copy->live.lost : 0;
	lane->packet.settled = lane->packet.running && copy->live.lost == copy->live.lost_before;
	lane->packet.bytes = ct_arena_memdup(&reader->arena, copy->packet, place.content);
	lane->found = lane->packet.thread != 0;
	return lane->packet.bytes ? CT_OK : CT_ENOMEM;
}

static enum ct_status note_alive(struct ct_ctf *ctf, struct lanes *lanes, const struct lane *lane,
				 const struct ct_live_copy *copy)
{
	if (copy->live.state != CT_LIVE_RUNNING ||
	    ct_map_get(&lanes->alive, lane->file.process, NULL) ||
	    !ct_pid_alive(ctf->dir_fd, copy->live.pid))
		return CT_OK;
	return ct_map_put(&lanes->alive, lane->file.process, copy->live.pid);
}

static enum ct_status copy_lanes(struct ct_ctf *ctf, struct lanes *out)
{
	struct ct_ctf_files files;
	struct ct_live_copy *copy = malloc(sizeof(*copy));
	enum ct_status status = CT_ENOMEM;

	if (copy)
		status = ct_ctf_list(&ct_reader_of(ctf->trace)->arena, ctf->dir_fd, CT_LIVE_DIR "/",
				     &files);
	if (status) {
		free(copy);
		return status;
	}
	out->lanes = calloc(files.count + 1, sizeof(*out->lanes));
	if (!out->lanes)
		status = CT_ENOMEM;
	for (size_t i = 0; !status && i < files.count; i++) {
		const char *what = "it cannot be read";
		struct lane *lane = &out->lanes[out->count];

		lane->file = files.files[i];
		if (lane->file.stream != CT_STREAM_THREAD || lane->file.dotted)
			continue;
		status = ct_live_copy(ctf->dir_fd, lane->file.name, copy, &what);
		if (status == CT_ENOTFOUND) {
			status = CT_OK;
			continue;
		}
		out->count++;
		if (status) {
			ct_trace_problem(ctf->trace, lane->file.name, 0, "%s", what);
			status = CT_OK;
			continue;
		}
		status = take_copy(ctf, lane, copy);
		if (status == CT_OK)
			status = note_alive(ctf, out, lane, copy);
	}
	free(files.files);
	free(copy);
	return status;
}

static enum ct_status add_packet(struct ct_ctf *ctf, const struct ct_ctf_packet *packet)
{
	return ct_trace_append(&ctf->packets, &ctf->packet_count, &ctf->packet_cap, packet,
			       sizeof(*packet));
}

/* The same packet once more: the fuller one counts. */
static void merge_copy(struct ct_ctf_packet *last, const struct ct_ctf_packet *copy)
{
	uint64_t discarded = last->discarded + copy->discarded;

	if (copy->content > last->content)
		*last = *copy;
	last->discarded = discarded;
}

static void check_sequence(struct ct_ctf *ctf, const struct ct_ctf_packet *packet,
			   const struct tail *tail, const char *name)
{
	unsigned long long found = packet->sequence, expected = tail->next_sequence;
	uint64_t offset = packet->offset + (packet->bytes ? CT_LIVE_SIZE : 0);

	if (found > expected)
		ct_trace_problem(ctf->trace, name, offset, "packets %llu to %llu are missing",
				 expected, found - 1);
	if (found < expected)
		ct_trace_problem(ctf->trace, name, offset,
				 "packet %llu stands where packet %llu should", found, expected);
}

/* Sequence numbers tell copies and losses. A copy from `.live/` may be one of a packet that was
 * appended meanwhile; a number that was damaged must not cost the packets behind it. */
static enum ct_status add_numbered(struct ct_ctf *ctf, const struct ct_ctf_packet *packet,
				   struct tail *tail, const char *name)
{
	struct ct_ctf_packet *last = tail->packet ? &ctf->packets[tail->packet - 1] : NULL;
	enum ct_status status;

	if (last && last->sequence == packet->sequence && last->begin == packet->begin) {
		merge_copy(last, packet);
		if (!packet->bytes)
			ct_trace_problem(ctf->trace, name, packet->offset,
					 "packet %llu stands here again; one copy is left out",
					 (unsigned long long)packet->sequence);
		return CT_OK;
	}
	if (last && packet->bytes && packet->sequence < tail->next_sequence &&
	    packet->begin <= last->begin)
		return CT_OK;
	check_sequence(ctf, packet, tail, name);
	status = add_packet(ctf, packet);
	tail->packet = ctf->packet_count;
	tail->next_sequence = packet->sequence + 1;
	return status;
}

static uint64_t newly_discarded(struct tail *tail, uint64_t events_discarded)
{
	uint64_t more = 0;

	if (events_discarded > tail->events_discarded) {
		more = events_discarded - tail->events_discarded;
		tail->events_discarded = events_discarded;
	}
	return more;
}

static enum ct_status index_file(struct ct_ctf *ctf, uint32_t number, bool growing,
				 struct tail *tail)
{
	const struct ct_ctf_file *file = &ctf->files.files[number];
	struct ct_packet_scan scan = {
		.file = file->name,
		.rule = {ctf->metadata.uuid, file->stream, file->process},
		.sink = {tell, ctf->trace},
		.growing = growing,
	};
	struct ct_packet_place place;
	struct ct_window window;
	struct stat st;
	enum ct_status status = CT_OK;
	int fd = ct_open_regular(ctf->dir_fd, file->name, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) != 0) {
		ct_trace_problem(ctf->trace, file->name, 0, "it cannot be read");
		if (fd >= 0)
			close(fd);
		return CT_OK;
	}
	close(fd);
	ct_window_init(&window, ctf->dir_fd, file->name, SCAN_CHUNK);
	scan.window = &window;
	scan.size = (uint64_t)st.st_size;
	while (status == CT_OK && ct_packet_scan_next(&scan, &place)) {
		struct ct_ctf_packet packet = make_packet(number, &place);

		if (file->stream == CT_STREAM_DEFS) {
			status = add_packet(ctf, &packet);
			continue;
		}
		packet.discarded = newly_discarded(tail, place.head.context.events_discarded);
		packet.gap = packet.discarded > 0;
		status = add_numbered(ctf, &packet, tail, file->name);
	}
	if (window.status == CT_EIO)
		ct_trace_problem(ctf->trace, file->name, scan.at, "it cannot be read further");
	ct_window_fini(&window);
	return status;
}

/* What the lane had not appended yet. */
static enum ct_status add_lane(struct ct_ctf *ctf, struct lane *lane, struct tail *tail)
{
	struct ct_ctf_packet *packet = &lane->packet;
	enum ct_status status;

	lane->added = true;
	if (!lane->found)
		return CT_OK;
	packet->file = (uint32_t)ctf->files.count;
	status = ct_trace_append(&ctf->files.files, &ctf->files.count, &ctf->files.cap, &lane->file,
				 sizeof(lane->file));
	if (status)
		return status;
	if (packet->content <= sizeof(struct ct_packet)) {
		packet->begin = UINT64_MAX; /* it is the thread's last */
		return packet->running ? add_packet(ctf, packet) : CT_OK;
	}
	packet->discarded = newly_discarded(tail, lane->events_discarded);
	packet->gap = packet->discarded > 0;
	return add_numbered(ctf, packet, tail, lane->file.name);
}

static int compare_lane(const void *key, const void *element)
{
	const struct ct_ctf_file *file = key;
	const struct lane *lane = element;

	if (file->process != lane->file.process)
		return file->process < lane->file.process ? -1 : 1;
	return file->lane < lane->file.lane ? -1 : file->lane > lane->file.lane;
}

/* Somebody may be appending, or was killed while appending what the lane still holds: then a packet
 * that is cut by the end of the file is the lane's, and not lost. */
static bool may_be_cut(const struct lanes *lanes, const struct ct_ctf_file *file,
		       const struct lane *lane)
{
	return ct_map_get(&lanes->alive, file->process, NULL) ||
	       (lane && lane->found && lane->packet.content > sizeof(struct ct_packet));
}

static enum ct_status index_all(struct ct_ctf *ctf, const struct lanes *lanes)
{
	size_t count = ctf->files.count; /* add_lane() appends */
	enum ct_status status = CT_OK;

	for (uint32_t i = 0; !status && i < count; i++) {
		struct ct_ctf_file file = ctf->files.files[i];
		struct tail tail = {0};
		struct lane *lane = NULL;

		if (file.stream == CT_STREAM_THREAD && lanes->count)
			lane = bsearch(&file, lanes->lanes, lanes->count, sizeof(*lanes->lanes),
				       compare_lane);
		status = index_file(ctf, i, may_be_cut(lanes, &file, lane), &tail);
		if (status == CT_OK && lane)
			status = add_lane(ctf, lane, &tail);
	}
	for (size_t i = 0; !status && i < lanes->count; i++) {
		struct tail tail = {0};

		if (!lanes->lanes[i].added)
			status = add_lane(ctf, &lanes->lanes[i], &tail);
	}
	return status;
}

static int compare_packet(const void *left, const void *right)
{
	const struct ct_ctf_packet *a = left, *b = right;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static enum ct_status make_groups(struct ct_ctf *ctf)
{
	if (ctf->packet_count)
		qsort(ctf->packets, ctf->packet_count, sizeof(*ctf->packets), compare_packet);
	for (size_t i = 0; i < ctf->packet_count; i++) {
		const struct ct_ctf_packet *packet = &ctf->packets[i];
		struct ct_ctf_group *last =
			ctf->group_count ? &ctf->groups[ctf->group_count - 1] : NULL;
		struct ct_ctf_group group = {.process = packet->process,
					     .thread = packet->thread,
					     .first = i,
					     .count = 1};
		enum ct_status status;

		if (last && last->process == packet->process && last->thread == packet->thread) {
			last->count++;
			continue;
		}
		status = ct_trace_append(&ctf->groups, &ctf->group_count, &ctf->group_cap, &group,
					 sizeof(group));
		if (status)
			return status;
	}
	return CT_OK;
}

enum ct_status ct_ctf_index(struct ct_ctf *ctf)
{
	struct lanes lanes = {0};
	enum ct_status status;

	ct_map_init(&lanes.alive);
	status = copy_lanes(ctf, &lanes);
	if (status == CT_OK)
		status =
			ct_ctf_list(&ct_reader_of(ctf->trace)->arena, ctf->dir_fd, "", &ctf->files);
	if (status == CT_OK)
		status = index_all(ctf, &lanes);
	ct_map_fini(&lanes.alive);
	free(lanes.lanes);
	return status ? status : make_groups(ctf);
}
