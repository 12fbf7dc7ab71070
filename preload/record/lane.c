#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include "record/process.h"
#include "record/stack.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define LANE_SIZE (CT_LIVE_SIZE + CT_PACKET_SIZE)

void ct_process_lane_path(char *buffer, const struct ct_process *process, uint32_t lane,
			  const char *prefix)
{
	struct ct_line line;

	ct_line_init(&line, buffer, CT_PATH_SIZE);
	ct_line_add(&line, ct_state.folder);
	ct_line_add_char(&line, '/');
	ct_line_add(&line, prefix);
	ct_line_add_char(&line, 'p');
	ct_line_add_u64(&line, process->number);
	ct_line_add(&line, ".t");
	ct_line_add_u64(&line, lane);
}

static struct ct_packet *packet_of(const struct ct_lane *lane)
{
	return (struct ct_packet *)((char *)lane->live + CT_LIVE_SIZE);
}

static uint64_t content_bytes(const struct ct_packet *packet)
{
	return packet->context.content_size / 8;
}

static const struct {
	uint8_t fixed, element;
} payload_sizes[] = {
#define PAYLOAD(NAME, FIXED, ELEMENT, fields) [CT_PAYLOAD_##NAME] = {FIXED, ELEMENT},
#include "format/payloads.def"
#undef PAYLOAD
};

static size_t payload_bytes(uint16_t id, const char *payload)
{
	enum ct_payload_id layout;
	uint16_t count = 0;
	size_t fixed;

	switch (id) {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)                                        \
	case id:                                                                                   \
		layout = CT_PAYLOAD_##PAYLOAD;                                                     \
		break;
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
	default:
		return CT_PACKET_SIZE; /* ends the walk */
	}
	fixed = payload_sizes[layout].fixed;
	if (payload_sizes[layout].element)
		__builtin_memcpy(&count, payload + fixed - sizeof(count), sizeof(count));
	return fixed + count * (size_t)payload_sizes[layout].element;
}

/* How many records a packet holds that is about to be given up. */
static uint64_t count_records(const struct ct_packet *packet)
{
	const char *at = (const char *)(packet + 1);
	const char *end = (const char *)packet + content_bytes(packet);
	uint64_t n = 0;

	while (end - at >= (long)sizeof(struct ct_record_head)) {
		const struct ct_record_head *head = (const void *)at;

		n++;
		at += sizeof(*head) + payload_bytes(head->header.id, (const char *)(head + 1));
	}
	return n;
}

/* Whether `size` more bytes may go into the trace: its own limit, and the process's file size limit
 * (writing past that would send the program a SIGXFSZ). */
static bool room_for(int fd, uint64_t size)
{
	struct ct_session *session = ct_state.session;
	uint64_t limit = ct_sys_limit(RLIMIT_FSIZE);
	struct stat info;

	if (session->max_bytes &&
	    __atomic_add_fetch(&session->bytes, size, __ATOMIC_RELAXED) > session->max_bytes)
		return false;
	if (limit == RLIM_INFINITY)
		return true;
	return ct_sys_fstat(fd, &info) == 0 && (uint64_t)info.st_size + size <= limit;
}

/* Writes all or nothing: what stands in a stream file is whole packets. The header is our own copy,
 * since the thread of another lane goes on writing until the process has ended. */
static bool write_whole(int fd, const struct ct_packet *packet, size_t size)
{
	struct ct_packet header = *packet;
	struct stat info;
	long n;

	if (!room_for(fd, size))
		return false;
	header.context.timestamp_end = ct_clock_now();
	header.context.content_size = header.context.packet_size = size * 8;
	n = ct_sys_write2(fd, &header, sizeof(header), packet + 1, size - sizeof(header));
	if (n == (long)size)
		return true;
	if (n > 0 && ct_sys_fstat(fd, &info) == 0)
		ct_sys_truncate(fd, (uint64_t)info.st_size - (uint64_t)n);
	return false;
}

static bool write_packet(struct ct_process *process, struct ct_lane *lane)
{
	struct ct_packet *packet = packet_of(lane);
	size_t size = content_bytes(packet);
	char path[CT_PATH_SIZE], final[CT_PATH_SIZE];
	bool ok;
	int fd;

	if (!lane->exists) { /* a former image may have left one that could not be adopted */
		struct stat info;

		ct_process_lane_path(path, process, lane->index, "");
		lane->exists = ct_sys_stat(path, &info) == 0;
	}
	ct_process_lane_path(path, process, lane->index, lane->exists ? "" : ".");
	fd = ct_sys_open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600);
	if (fd == -EACCES)
		ct_process_denied(process);
	if (fd < 0)
		return false;
	ok = write_whole(fd, packet, size);
	ct_sys_close(fd);
	if (!ok || lane->exists)
		return ok;
	ct_process_lane_path(final, process, lane->index, "");
	lane->exists = ct_sys_rename(path, final) == 0;
	return lane->exists;
}

void ct_lane_write_held(struct ct_recorder *r, uint64_t time)
{
	uint32_t count = r->live->held_count < CT_HELD_MAX ? r->live->held_count : CT_HELD_MAX;
	char *p;

	if (!count)
		return;
	p = ct_recorder_head(r, time, CT_EV_HELD_SET, 0, 0);
	*(uint16_t *)p = (uint16_t)count;
	p += sizeof(uint16_t);
	__builtin_memcpy(p, r->live->held, count * sizeof(struct ct_held));
	ct_recorder_commit(r, (size_t)(p - r->cur) + count * sizeof(struct ct_held));
}

static void begin_packet(struct ct_process *process, struct ct_lane *lane)
{
	struct ct_recorder *r = lane->recorder;
	struct ct_packet *packet = packet_of(lane);

	packet->context.content_size = sizeof(*packet) * 8; /* first: the old records are gone */
	CT_BARRIER();
	packet->header.magic = CT_CTF_MAGIC;
	packet->header.stream_id = CT_STREAM_THREAD;
	__builtin_memcpy(packet->header.uuid, ct_state.session->uuid, CT_UUID_SIZE);
	packet->context.timestamp_begin = packet->context.timestamp_end = ct_clock_now();
	packet->context.packet_size = (uint64_t)CT_PACKET_SIZE * 8;
	packet->context.packet_seq_num = lane->sequence;
	packet->context.events_discarded = lane->discarded + lane->live->lost;
	packet->context.pid = process->pid;
	packet->context.process = process->number;
	packet->context.tid = r->tid;
	packet->context.thread = r->number;
	lane->live->lost_before = lane->live->lost;
	r->packet = packet;
	r->cur = (char *)(packet + 1);
	r->end = (char *)packet + CT_PACKET_SIZE;
	r->yielded = r->listed = NULL;
	r->time = packet->context.timestamp_begin;
	ct_lane_write_held(r, packet->context.timestamp_begin);
}

/* A lane is appended by its thread, or by the one that ends the process: never by both at once. */
static bool lock_lane(struct ct_lane *lane)
{
	for (int tries = 0; tries < 10000; tries++) {
		uint32_t expected = 0;

		if (__atomic_compare_exchange_n(&lane->appending, &expected, 1, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return true;
		ct_sys_yield();
	}
	return false;
}

/* The number comes last: until then it tells that the content is in the stream file already. */
static void empty_packet(const struct ct_lane *lane)
{
	struct ct_packet *packet = packet_of(lane);

	packet->context.content_size = sizeof(*packet) * 8;
	CT_BARRIER();
	packet->context.packet_seq_num = lane->sequence;
}

bool ct_lane_append(struct ct_process *process, struct ct_lane *lane, bool restart)
{
	struct ct_packet *packet = packet_of(lane);
	bool ok = true;

	if (!lock_lane(lane))
		return false;
	packet->context.events_discarded = lane->discarded + lane->live->lost;
	if (content_bytes(packet) > sizeof(*packet)) {
		ok = !process->stopped && write_packet(process, lane);
		if (ok)
			lane->sequence++;
		else {
			lane->discarded += count_records(packet);
			ct_process_incomplete(process);
		}
	}
	if (restart)
		begin_packet(process, lane);
	else if (ok) /* else it stays in the live file */
		empty_packet(lane);
	__atomic_store_n(&lane->appending, 0, __ATOMIC_RELEASE);
	return ok;
}

static bool map_lane(struct ct_process *process, struct ct_lane *lane)
{
	char path[CT_PATH_SIZE];
	void *memory = NULL;
	size_t size = sizeof(struct ct_recorder) + ct_stacks_size();
	int fd;

	ct_process_lane_path(path, process, lane->index, CT_LIVE_DIR "/");
	fd = ct_sys_open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	if (fd == -EACCES)
		ct_process_denied(process);
	if (fd < 0)
		return false;
	if (ct_sys_reserve(fd, LANE_SIZE) == 0)
		memory = ct_sys_map(fd, LANE_SIZE);
	ct_sys_close(fd);
	if (!memory)
		return false;
	lane->recorder = ct_sys_map(-1, size);
	if (!lane->recorder || ct_sys_wipe_on_fork(lane->recorder, size) < 0) {
		if (lane->recorder)
			ct_sys_unmap(lane->recorder, size);
		lane->recorder = NULL;
		ct_sys_unmap(memory, LANE_SIZE);
		return false;
	}
	lane->live = memory;
	return true;
}

static struct ct_lane *claim_entry(struct ct_process *process)
{
	uint32_t known = __atomic_load_n(&process->lanes, __ATOMIC_ACQUIRE), fresh;

	for (uint32_t i = 0; i < known; i++) {
		uint32_t expected = 0;

		if (__atomic_load_n(&process->lane[i].used, __ATOMIC_RELAXED))
			continue;
		if (__atomic_compare_exchange_n(&process->lane[i].used, &expected, 1, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return &process->lane[i];
	}
	fresh = __atomic_load_n(&process->lanes, __ATOMIC_RELAXED);
	do {
		if (fresh >= process->lane_cap)
			return NULL;
	} while (!__atomic_compare_exchange_n(&process->lanes, &fresh, fresh + 1, false,
					      __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	/* Another thread may claim the entry as soon as it is counted, so claim it like any other.
	 */
	uint32_t expected = 0;

	return __atomic_compare_exchange_n(&process->lane[fresh].used, &expected, 1, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
		       ? &process->lane[fresh]
		       : claim_entry(process);
}

static void begin_live(struct ct_process *process, struct ct_live *live, uint32_t number)
{
	live->magic = CT_LIVE_MAGIC;
	live->version = CT_FORMAT_VERSION;
	live->pid = process->pid;
	live->process = process->number;
	live->start = process->slot->start;
	live->pid_space = process->pid_space;
	live->tid = ct_sys_tid();
	live->thread = number;
	live->epoch = (live->epoch + 1) & ~1u;
	live->held_count = live->unlisted = 0;
	live->pthread = 0;
	live->name[0] = '\0';
	CT_BARRIER();
	live->state = CT_LIVE_RUNNING;
}

void ct_lane_adopt(struct ct_process *process, struct ct_lane *lane)
{
	const struct ct_packet *packet = packet_of(lane);
	char path[CT_PATH_SIZE];
	struct stat info;

	if (lane->live->magic == CT_LIVE_MAGIC && packet->header.magic == CT_CTF_MAGIC &&
	    content_bytes(packet) <= CT_PACKET_SIZE && content_bytes(packet) >= sizeof(*packet)) {
		ct_process_lane_path(path, process, lane->index, "");
		lane->exists = ct_sys_stat(path, &info) == 0;
		lane->sequence = packet->context.packet_seq_num;
		lane->discarded = packet->context.events_discarded;
		ct_lane_append(process, lane, false);
	}
	ct_sys_unmap(lane->live, LANE_SIZE);
	lane->live = NULL;
}

struct ct_recorder *ct_lane_claim(struct ct_process *process, uint32_t number)
{
	struct ct_lane *lane = claim_entry(process);
	struct ct_recorder *r;

	if (!lane)
		return NULL;
	lane->index = (uint32_t)(lane - process->lane);
	if (!lane->live && !map_lane(process, lane)) {
		ct_process_incomplete(process);
		__atomic_store_n(&lane->used, 0, __ATOMIC_RELEASE);
		return NULL;
	}
	r = lane->recorder;
	begin_live(process, lane->live, number);
	r->live = lane->live;
	r->lane = lane;
	r->process = process;
	r->number = number;
	r->tid = lane->live->tid;
	r->stacks = (struct ct_stacks *)(r + 1);
	r->stack_low = r->stack_high = 0;
	r->busy = 0;
	r->holds_signals = false;
	r->no_epoch = (struct ct_epoch){.now = CT_EPOCH_ONE};
	r->epoch = &r->no_epoch;
	begin_packet(process, lane);
	return r;
}

void ct_lane_release(struct ct_recorder *r)
{
	struct ct_lane *lane = r->lane;

	ct_lane_append(r->process, lane, false);
	lane->discarded += r->live->lost;
	r->live->lost = 0;
	r->live->state = CT_LIVE_FREE;
	r->cur = r->end = NULL;
	__atomic_store_n(&lane->used, 0, __ATOMIC_RELEASE);
}
