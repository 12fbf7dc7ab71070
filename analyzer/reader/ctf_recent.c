#include "reader/ctf.h"

#include <stdlib.h>

/*
 * Leaves the middle of a large trace out. What is kept is complete from one moment on, in all
 * threads: each packet that was begun after it, and of every thread the one before. A packet begins
 * with the locks that its thread holds, so nothing older is needed to know them. The first packet
 * of each thread stays as well: most of what a thread says once stands there.
 */

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

/* Moves what is kept of the group to the end of what is kept so far. */
static void drop_middle(struct ct_ctf *ctf, struct ct_ctf_group *group, uint64_t from,
			size_t *kept_packets)
{
	const struct ct_ctf_packet *old = &ctf->packets[group->first];
	size_t first = *kept_packets, kept = 0;
	uint64_t discarded = 0;

	for (size_t i = 0; i < group->count; i++) {
		struct ct_ctf_packet packet = old[i];
		bool before_moment = i + 1 == group->count || old[i + 1].begin >= from;

		discarded += packet.discarded;
		if (group->thread != 0 && i > 0 && packet.begin < from && !before_moment) {
			ctf->trace->left_out_bytes += packet.content;
			group->skipped = true;
			continue;
		}
		packet.discarded = discarded;
		discarded = 0;
		ctf->packets[first + kept++] = packet;
	}
	group->first = first;
	group->count = kept;
	*kept_packets += kept;
}

enum ct_status ct_ctf_keep_recent(struct ct_ctf *ctf, uint64_t max_bytes)
{
	uint64_t from;
	size_t kept = 0;
	enum ct_status status = find_begin(ctf, max_bytes, &from);

	if (status || from == 0)
		return status;
	for (size_t i = 0; i < ctf->group_count; i++)
		drop_middle(ctf, &ctf->groups[i], from, &kept);
	ctf->packet_count = kept;
	return CT_OK;
}
