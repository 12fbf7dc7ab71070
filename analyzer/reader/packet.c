#include "reader/packet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_WANT 256u /* bytes that most records fit in */

_Static_assert(sizeof(struct ct_packet) == 88, "packet.header and packet.context have no padding");

static void tell(const struct ct_packet_scan *scan, uint64_t offset, const char *what)
{
	if (scan->sink.tell)
		scan->sink.tell(scan->sink.state, scan->file, offset, what);
}

/* Is this the beginning of a packet of this file? */
static const char *foreign(const struct ct_packet_rule *rule, const struct ct_packet *packet)
{
	if (packet->header.magic != CT_CTF_MAGIC)
		return "no packet begins here (wrong magic number)";
	if (memcmp(packet->header.uuid, rule->uuid, CT_UUID_SIZE) != 0)
		return "a packet of another trace (wrong uuid)";
	if (packet->header.stream_id != rule->stream)
		return "a packet of another stream (wrong stream id)";
	if (packet->context.process != rule->process)
		return "a packet of another process";
	if ((packet->context.thread == 0) != (rule->stream == CT_STREAM_DEFS))
		return "a packet of an impossible thread";
	return NULL;
}

static const char *wrong_size(const struct ct_packet *packet)
{
	const struct ct_packet_context *context = &packet->context;

	if (context->content_size % 8 || context->packet_size % 8)
		return "the packet's size is no number of bytes";
	if (context->content_size < sizeof(*packet) * 8)
		return "the packet's content is smaller than its header";
	if (context->content_size > context->packet_size)
		return "the packet's content is larger than the packet";
	return NULL;
}

static bool read_head(struct ct_packet_scan *scan, uint64_t at, struct ct_packet *out)
{
	const uint8_t *bytes;

	if (at > scan->size || scan->size - at < sizeof(*out) ||
	    ct_window_at(scan->window, at, sizeof(*out), &bytes) < sizeof(*out))
		return false;
	memcpy(out, bytes, sizeof(*out));
	return true;
}

static bool begins_at(struct ct_packet_scan *scan, uint64_t at)
{
	struct ct_packet packet;

	return read_head(scan, at, &packet) && !foreign(&scan->rule, &packet);
}

/* Offset of the next packet of this file at or after `at`; the file's size if there is none. */
static uint64_t find_next(struct ct_packet_scan *scan, uint64_t at)
{
	const uint32_t magic = CT_CTF_MAGIC;
	const uint8_t *bytes, *hit;

	while (at < scan->size && scan->size - at >= sizeof(struct ct_packet)) {
		size_t size = ct_window_at(scan->window, at, sizeof(struct ct_packet), &bytes);

		if (size < sizeof(struct ct_packet))
			break;
		hit = memmem(bytes, size, &magic, sizeof(magic));
		if (!hit) {
			at += size - (sizeof(magic) - 1);
			continue;
		}
		at += (uint64_t)(hit - bytes);
		if (begins_at(scan, at))
			return at;
		at++;
	}
	return scan->size;
}

/* A packet that does not end where the next begins ends there anyway, or with the file. False: it
 * is being appended right now. */
static bool bound(struct ct_packet_scan *scan, struct ct_packet_place *place)
{
	uint64_t room = scan->size - place->offset, next;
	char what[128];

	if (place->size == room ||
	    (place->size < room && begins_at(scan, place->offset + place->size)))
		return true;
	next = find_next(scan, place->offset + sizeof(place->head)) - place->offset;
	if (place->size <= next)
		return true; /* stray bytes behind it: told when the scan comes there */
	if (scan->growing && next == room)
		return false;
	snprintf(what, sizeof(what), "the packet is cut off: %" PRIu64 " of its %" PRIu64 " bytes",
		 next, place->size);
	tell(scan, place->offset, what);
	place->cut = true;
	place->size = next;
	if (place->content > next)
		place->content = next;
	return true;
}

/* Moves on to the next sound header. */
static bool find_head(struct ct_packet_scan *scan, struct ct_packet *out)
{
	const char *what;

	while (scan->at < scan->size) {
		if (!read_head(scan, scan->at, out)) {
			if (!scan->growing)
				tell(scan, scan->at, "the file ends within a packet's header");
			scan->at = scan->size;
			return false;
		}
		what = foreign(&scan->rule, out);
		if (!what)
			what = wrong_size(out);
		if (!what)
			return true;
		tell(scan, scan->at, what);
		scan->at = find_next(scan, scan->at + 1);
	}
	return false;
}

bool ct_packet_scan_next(struct ct_packet_scan *scan, struct ct_packet_place *out_place)
{
	struct ct_packet_place place = {0};

	if (!find_head(scan, &place.head))
		return false;
	place.offset = scan->at;
	place.content = place.head.context.content_size / 8;
	place.size = place.head.context.packet_size / 8;
	if (!bound(scan, &place)) {
		scan->at = scan->size;
		return false;
	}
	scan->at += place.size;
	*out_place = place;
	return true;
}

/* The last list of accesses of a packet grows while it is read, or its program was killed as it
 * grew: entries may be counted that the packet does not have. Bytes of those that it has, or
 * SIZE_MAX: it is no such list. */
static size_t growing_list(const uint8_t *bytes, size_t size)
{
	uint16_t count;

	if (size < sizeof(count) || (size - sizeof(count)) % sizeof(struct ct_access_entry))
		return SIZE_MAX;
	memcpy(&count, bytes, sizeof(count));
	return (size - sizeof(count)) / sizeof(struct ct_access_entry) < count ? size : SIZE_MAX;
}

/* `last`: the packet has no more bytes than these. */
static enum ct_raw_result decode(const struct ct_layouts *layouts, enum ct_stream_id stream,
				 const uint8_t *bytes, size_t size, bool last,
				 struct ct_raw *out_raw)
{
	struct ct_record_head head = {0};
	size_t head_size = stream == CT_STREAM_THREAD ? sizeof(head) : sizeof(head.header);
	enum ct_layout_id layout;
	size_t payload_size;

	if (size < head_size)
		return CT_RAW_SHORT;
	memcpy(&head, bytes, head_size);
	layout = ct_event_layout(stream, head.header.id);
	if (layout == CT_LAYOUT_NONE)
		return CT_RAW_UNKNOWN;
	payload_size = ct_layout_size(&layouts->of[layout], bytes + head_size, size - head_size);
	if (payload_size == SIZE_MAX && last && layout == CT_LAYOUT_ACCESSES)
		payload_size = growing_list(bytes + head_size, size - head_size);
	if (payload_size == SIZE_MAX)
		return CT_RAW_SHORT;
	*out_raw = (struct ct_raw){
		.time = head.header.timestamp,
		.payload = bytes + head_size,
		.payload_size = (uint32_t)payload_size,
		.size = (uint32_t)(head_size + payload_size),
		.stack = head.stack,
		.id = head.header.id,
		.flags = head.flags,
		.layout = layout,
	};
	return CT_RAW_OK;
}

enum ct_raw_result ct_raw_at(struct ct_window *window, const struct ct_layouts *layouts,
			     enum ct_stream_id stream, uint64_t offset, uint64_t left,
			     struct ct_raw *out_raw)
{
	for (size_t want = FIRST_WANT;; want *= 2) {
		size_t asked = want < left ? want : (size_t)left;
		const uint8_t *bytes = NULL;
		size_t size = ct_window_at(window, offset, asked, &bytes);
		enum ct_raw_result result;

		result = decode(layouts, stream, bytes, size < left ? size : (size_t)left,
				size >= left, out_raw);
		if (result != CT_RAW_SHORT || size >= left)
			return result;
		if (size < asked)
			return CT_RAW_GONE;
		if (want >= CT_WINDOW_MAX)
			return CT_RAW_LONG;
	}
}
