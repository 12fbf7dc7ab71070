#include "reader/ctf.h"

#include <stdlib.h>

/*
 * Leaves most of a large trace out. From one moment on it is complete, in all threads: each packet
 * that was begun after it, and of every thread the one before. A packet begins with the locks that
 * its thread holds, so nothing older is needed to know them. The first packet of each thread stays
 * as well.
 *
 * What came before that moment is looked through once: that takes a tenth of the time of reading
 * it. Packets that have lasting records in them (lasting.h) stay for those; packets during which
 * their process forked, or began another program, stay for what their threads held.
 */

enum {
	LOOK_CHUNK = 1 << 18,	/* bytes read at once; they stay in the cache of a processor */
	FOLLOWED_MAX = 1 << 18, /* records, of all objects that are followed: read in 50 ms */
};

static int newest_first(const void *left, const void *right)
{
	const struct ct_ctf_packet *a = *(const struct ct_ctf_packet *const *)left;
	const struct ct_ctf_packet *b = *(const struct ct_ctf_packet *const *)right;

	return a->begin > b->begin ? -1 : a->begin < b->begin;
}

/* Sets *out_from to the time since when about `max_bytes` were recorded; 0: in all its time. */
static enum ct_status find_begin(const struct ct_ctf *ctf, uint64_t max_bytes, uint64_t *out_from)
{
	const struct ct_ctf_packet **packets =
		calloc(ctf->packet_count + 1, sizeof(struct ct_ctf_packet *));
	uint64_t sum = 0, from = 0;
	size_t count = 0;

	if (!packets)
		return CT_ENOMEM;
	for (size_t i = 0; i < ctf->packet_count; i++)
		if (ctf->packets[i].thread != 0)
			packets[count++] = &ctf->packets[i];
	qsort(packets, count, sizeof(struct ct_ctf_packet *), newest_first);
	for (size_t i = 0; i < count; i++) {
		sum += packets[i]->content;
		if (sum > max_bytes) {
			from = packets[i]->begin;
			break;
		}
	}
	free(packets);
	*out_from = from;
	return CT_OK;
}

/* Whether the packet is complete from the moment on, or the first of its thread. */
static bool is_whole(const struct ct_ctf_group *group, const struct ct_ctf_packet *packets,
		     size_t index, uint64_t from)
{
	return group->thread == 0 || index == 0 || packets[index].begin >= from ||
	       index + 1 == group->count || packets[index + 1].begin >= from;
}

/* The records of a packet, header left out; NULL: they cannot be read as a whole. */
static const uint8_t *records_of(const struct ct_ctf *ctf, struct ct_window *window,
				 const struct ct_ctf_packet *packet, size_t *out_size)
{
	const size_t head = sizeof(struct ct_packet);
	const uint8_t *bytes = packet->bytes;

	*out_size = packet->content > head ? (size_t)packet->content - head : 0;
	if (bytes || !*out_size)
		return bytes + (bytes ? head : 0);
	ct_window_switch(window, ctf->files.files[packet->file].name);
	if (ct_window_at(window, packet->offset, (size_t)packet->content, &bytes) < packet->content)
		return NULL;
	return bytes + head;
}

static enum ct_status look_at(struct ct_ctf *ctf, struct ct_window *window,
			      struct ct_ctf_packet *packet, struct ct_lasting_found *out_found)
{
	struct ct_lasting_found found = {.lasting = true};
	enum ct_status status = CT_OK;
	size_t size;
	const uint8_t *bytes = records_of(ctf, window, packet, &size);

	if (bytes)
		status = ct_lasting_look(&ctf->lasting, packet->process, bytes, size, &found);
	*out_found = found;
	return status;
}

/* What threads that run wait for in the end is followed: what is known of them otherwise is only
 * what came after the moment. */
static enum ct_status follow_waits(struct ct_ctf *ctf, struct ct_window *window)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < ctf->group_count; i++) {
		const struct ct_ctf_group *group = &ctf->groups[i];
		struct ct_ctf_packet *last = &ctf->packets[group->first + group->count - 1];
		struct ct_lasting_found found;

		if (group->thread == 0 || !last->running)
			continue;
		if (last->content <= sizeof(struct ct_packet) && group->count > 1)
			last--;
		status = look_at(ctf, window, last, &found);
		if (!status && found.waits_for)
			status = ct_lasting_follow(&ctf->lasting, found.waits_for);
	}
	ctf->lasting.span_count = ctf->lasting.followed_records = 0; /* they are found again */
	ctf->lasting.open = false;
	return status;
}

/* Looks through all that was recorded before the moment. */
static enum ct_status look_through(struct ct_ctf *ctf, struct ct_window *window, uint64_t from)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < ctf->group_count; i++) {
		const struct ct_ctf_group *group = &ctf->groups[i];
		struct ct_ctf_packet *packets = &ctf->packets[group->first];

		ctf->lasting.open = false;
		for (size_t k = 0; !status && group->thread != 0 && k < group->count; k++) {
			struct ct_lasting_found found;

			if (packets[k].begin >= from)
				break;
			status = look_at(ctf, window, &packets[k], &found);
			packets[k].part = found.lasting ? CT_CTF_LASTING : CT_CTF_NOTHING;
			if (packets[k].part == CT_CTF_NOTHING && found.followed)
				packets[k].part = CT_CTF_FOLLOWED;
			if (ctf->lasting.followed_records > FOLLOWED_MAX)
				ct_lasting_follow_none(&ctf->lasting);
		}
		if (ctf->lasting.open)
			ctf->lasting.spans[ctf->lasting.span_count - 1].to = from;
	}
	return status;
}

/* The packets of a thread that were being filled during the span. */
static void keep_span(struct ct_ctf *ctf, const struct ct_ctf_group *group,
		      const struct ct_lasting_span *span)
{
	struct ct_ctf_packet *packets = &ctf->packets[group->first];
	size_t low = 0, high = group->count;

	while (low < high) { /* the first that was begun after the span's begin */
		size_t mid = low + (high - low) / 2;

		if (packets[mid].begin <= span->from)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low ? low - 1 : 0; i < group->count && packets[i].begin <= span->to; i++)
		packets[i].part = CT_CTF_WHOLE;
}

static void keep_spans(struct ct_ctf *ctf)
{
	const struct ct_lasting *lasting = &ctf->lasting;

	for (size_t i = 0; i < lasting->span_count; i++)
		for (size_t k = 0; k < ctf->group_count; k++)
			if (ctf->groups[k].process == lasting->spans[i].process &&
			    ctf->groups[k].thread != 0)
				keep_span(ctf, &ctf->groups[k], &lasting->spans[i]);
}

static bool is_kept(const struct ct_ctf *ctf, const struct ct_ctf_packet *packet)
{
	if (packet->part == CT_CTF_FOLLOWED)
		return ct_map_count(&ctf->lasting.followed) > 0;
	return packet->part != CT_CTF_NOTHING;
}

/* Moves what is kept of the group to the end of what is kept so far. */
static void drop_middle(struct ct_ctf *ctf, struct ct_ctf_group *group, uint64_t from,
			size_t *kept_packets)
{
	const struct ct_ctf_packet *old = &ctf->packets[group->first];
	size_t first = *kept_packets, kept = 0;
	uint64_t discarded = 0;
	bool gap = false;

	for (size_t i = 0; i < group->count; i++) {
		struct ct_ctf_packet packet = old[i];

		if (is_whole(group, old, i, from))
			packet.part = CT_CTF_WHOLE;
		discarded += packet.discarded;
		if (packet.part != CT_CTF_WHOLE) {
			ctf->trace->left_out_bytes += packet.content;
			group->skipped = gap = true;
		}
		if (!is_kept(ctf, &packet))
			continue;
		packet.discarded = discarded;
		discarded = 0;
		packet.gap = (gap || packet.gap) && packet.part == CT_CTF_WHOLE;
		gap = gap && !packet.gap;
		ctf->packets[first + kept++] = packet;
	}
	group->first = first;
	group->count = kept;
	*kept_packets += kept;
}

static enum ct_status tell_followed(struct ct_ctf *ctf)
{
	struct ct_trace *trace = ctf->trace;
	const struct ct_map *followed = &ctf->lasting.followed;
	size_t cursor = 0, count = 0;
	uint64_t object, one;

	trace->followed = ct_arena_calloc(&ct_reader_of(trace)->arena, ct_map_count(followed) + 1,
					  sizeof(*trace->followed));
	if (!trace->followed)
		return CT_ENOMEM;
	while (ct_map_next(followed, &cursor, &object, &one))
		trace->followed[count++] = object;
	trace->followed_count = count;
	return CT_OK;
}

enum ct_status ct_ctf_keep_recent(struct ct_ctf *ctf, uint64_t max_bytes)
{
	struct ct_window window;
	uint64_t from;
	size_t kept = 0;
	enum ct_status status = find_begin(ctf, max_bytes, &from);

	if (status || from == 0)
		return status;
	ct_lasting_init(&ctf->lasting, &ct_reader_of(ctf->trace)->layouts);
	ct_window_init(&window, ctf->dir_fd, "", LOOK_CHUNK);
	status = follow_waits(ctf, &window);
	if (status == CT_OK)
		status = look_through(ctf, &window, from);
	ct_window_fini(&window);
	if (status)
		return status;
	keep_spans(ctf);
	for (size_t i = 0; i < ctf->group_count; i++)
		drop_middle(ctf, &ctf->groups[i], from, &kept);
	ctf->packet_count = kept;
	ctf->trace->complete_from = from;
	return tell_followed(ctf);
}
