#include "timing/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Pieces of a path that are kept, and of all paths together (24 bytes each). */
enum { KEEP = 100000, KEEP_ALL = 8 * KEEP };
/* Links are joined whenever there are twice as many as remained the last time, and these. */
enum { LINKS_AT_LEAST = 16 };
/* A link that is used again keeps its arrays, unless one has room for more than this. */
enum { SPARE_ROOM = 64 };

/* A link: pieces that all paths through it have in common. */
struct ct_chain {
	struct ct_chain *before; /* counted */
	size_t users;		 /* links that come after it, and paths that end here */
	struct ct_critical_segment *segments;
	size_t segment_count, segment_cap;
	bool trimmed; /* earlier segments of it are gone */
	uint64_t waits_ns;
	struct ct_chain_sums threads, held;
	struct ct_chain *previous, *next; /* in the list of all */
};

struct ct_chains {
	struct ct_chain *first, *spare; /* spare: for new links, by `next` */
	size_t links, joined_links;	/* now, and when they were joined */
	size_t segments, keep;		/* of all links; kept of each */
};

enum ct_status ct_chains_new(struct ct_chains **out_chains)
{
	struct ct_chains *chains = calloc(1, sizeof(*chains));

	if (!chains)
		return CT_ENOMEM;
	chains->keep = KEEP;
	*out_chains = chains;
	return CT_OK;
}

size_t ct_chains_links(const struct ct_chains *chains)
{
	return chains->links;
}

static void free_link(struct ct_chain *link)
{
	free(link->segments);
	free(link->threads.sums);
	free(link->held.sums);
	free(link);
}

/* Most links live for a few events: they are kept for others. */
static void give_back(struct ct_chains *chains, struct ct_chain *link)
{
	if (link->previous)
		link->previous->next = link->next;
	else
		chains->first = link->next;
	if (link->next)
		link->next->previous = link->previous;
	chains->links--;
	chains->segments -= link->segment_count;
	if (link->segment_cap > SPARE_ROOM || link->threads.cap > SPARE_ROOM ||
	    link->held.cap > SPARE_ROOM) {
		free_link(link);
		return;
	}
	*link = (struct ct_chain){
		.segments = link->segments,
		.segment_cap = link->segment_cap,
		.threads = {.sums = link->threads.sums, .cap = link->threads.cap},
		.held = {.sums = link->held.sums, .cap = link->held.cap},
		.next = chains->spare,
	};
	chains->spare = link;
}

static void free_links(struct ct_chain *first)
{
	for (struct ct_chain *next, *link = first; link; link = next) {
		next = link->next;
		free_link(link);
	}
}

void ct_chains_free(struct ct_chains *chains)
{
	if (!chains)
		return;
	free_links(chains->first);
	free_links(chains->spare);
	free(chains);
}

struct ct_chain *ct_chain_share(struct ct_chain *chain)
{
	if (chain)
		chain->users++;
	return chain;
}

void ct_chain_drop(struct ct_chains *chains, struct ct_chain *chain)
{
	while (chain && --chain->users == 0) {
		struct ct_chain *before = chain->before;

		give_back(chains, chain);
		chain = before;
	}
}

static enum ct_status add_all(struct ct_chain_sums *to, const struct ct_chain_sum *sums,
			      size_t count)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < count; i++)
		status = ct_chain_add(to, sums[i].id, sums[i].ns);
	return status;
}

/* Keeps the last `keep` segments. */
static void trim(struct ct_chains *chains, struct ct_chain *link, size_t keep)
{
	size_t gone;

	if (link->segment_count <= keep)
		return;
	gone = link->segment_count - keep;
	memmove(link->segments, link->segments + gone, keep * sizeof(*link->segments));
	link->segment_count = keep;
	link->trimmed = true;
	chains->segments -= gone;
}

static bool goes_on(const struct ct_critical_segment *segment,
		    const struct ct_critical_segment *next)
{
	return segment->thread == next->thread && segment->to_ns == next->from_ns;
}

static enum ct_status add_segment(struct ct_chains *chains, struct ct_chain *link,
				  const struct ct_critical_segment *segment)
{
	enum ct_status status;

	if (link->segment_count && goes_on(&link->segments[link->segment_count - 1], segment)) {
		link->segments[link->segment_count - 1].to_ns = segment->to_ns;
		return CT_OK;
	}
	if (link->segment_count >= 2 * chains->keep)
		trim(chains, link, chains->keep);
	status = ct_vec_grow(&link->segments, &link->segment_cap, link->segment_count + 1,
			     sizeof(*link->segments));
	if (status)
		return status;
	link->segments[link->segment_count++] = *segment;
	chains->segments++;
	return CT_OK;
}

static void swap_sums(struct ct_chain_sums *a, struct ct_chain_sums *b)
{
	struct ct_chain_sums kept = *a;

	*a = *b;
	*b = kept;
}

/* What the link before holds is mostly the larger part: it is taken as it is. */
static void swap_pieces(struct ct_chain *a, struct ct_chain *b)
{
	struct ct_chain kept = *a;

	a->segments = b->segments;
	a->segment_count = b->segment_count;
	a->segment_cap = b->segment_cap;
	a->trimmed = b->trimmed;
	b->segments = kept.segments;
	b->segment_count = kept.segment_count;
	b->segment_cap = kept.segment_cap;
	b->trimmed = kept.trimmed;
	swap_sums(&a->threads, &b->threads);
	swap_sums(&a->held, &b->held);
}

/* The link before, which only this one goes through, becomes part of it. */
static enum ct_status absorb(struct ct_chains *chains, struct ct_chain *link)
{
	struct ct_chain *before = link->before;
	enum ct_status status = CT_OK;

	swap_pieces(link, before); /* `before` has the later pieces now */
	if (before->trimmed) {	   /* a gap: nothing from before it can be shown */
		chains->segments -= link->segment_count;
		link->segment_count = 0;
		link->trimmed = true;
	}
	for (size_t i = 0; !status && i < before->segment_count; i++)
		status = add_segment(chains, link, &before->segments[i]);
	if (status == CT_OK)
		status = add_all(&link->threads, before->threads.sums, before->threads.count);
	if (status == CT_OK)
		status = add_all(&link->held, before->held.sums, before->held.count);
	link->waits_ns += before->waits_ns;
	link->before = before->before;
	give_back(chains, before);
	return status;
}

static enum ct_status join_links(struct ct_chains *chains)
{
	enum ct_status status = CT_OK;

	for (struct ct_chain *link = chains->first; !status && link; link = link->next)
		while (!status && link->before && link->before->users == 1)
			status = absorb(chains, link);
	chains->joined_links = chains->links;
	return status;
}

/* Makes room by forgetting early segments, everywhere alike. */
static void forget(struct ct_chains *chains)
{
	while (chains->segments > KEEP_ALL && chains->keep > 1) {
		chains->keep /= 2;
		for (struct ct_chain *link = chains->first; link; link = link->next)
			trim(chains, link, chains->keep);
	}
}

static enum ct_status new_link(struct ct_chains *chains, struct ct_chain **chain)
{
	struct ct_chain *link = chains->spare;

	if (link)
		chains->spare = link->next;
	else if (!(link = calloc(1, sizeof(*link))))
		return CT_ENOMEM;
	link->before = *chain;
	link->users = 1;
	link->next = chains->first;
	if (link->next)
		link->next->previous = link;
	chains->first = link;
	chains->links++;
	*chain = link;
	return CT_OK;
}

enum ct_status ct_chain_extend(struct ct_chains *chains, const struct ct_chain_piece *piece,
			       struct ct_chain **chain)
{
	const struct ct_critical_segment *segment = &piece->segment;
	enum ct_status status = CT_OK;

	if (segment->to_ns <= segment->from_ns)
		return CT_OK;
	if (chains->links >= 2 * chains->joined_links + LINKS_AT_LEAST)
		status = join_links(chains);
	if (status == CT_OK && (!*chain || (*chain)->users > 1))
		status = new_link(chains, chain);
	if (status == CT_OK)
		status = add_segment(chains, *chain, segment);
	if (status == CT_OK)
		status = ct_chain_add(&(*chain)->threads, segment->thread->id,
				      segment->to_ns - segment->from_ns);
	if (status == CT_OK)
		status = add_all(&(*chain)->held, piece->held, piece->held_count);
	if (status)
		return status;
	(*chain)->waits_ns += piece->waits_ns;
	if (chains->segments > KEEP_ALL)
		forget(chains);
	return CT_OK;
}

/* Segments from the end back, as far as they are without a gap, then turned round. */
static enum ct_status read_segments(const struct ct_chain *chain, struct ct_critical *critical)
{
	struct ct_critical_segment *segments = NULL;
	size_t count = 0, cap = 0;

	for (; chain && !critical->shortened; chain = chain->before) {
		critical->shortened = chain->trimmed;
		for (size_t i = chain->segment_count; i-- > 0;) {
			if (count && goes_on(&chain->segments[i], &segments[count - 1])) {
				segments[count - 1].from_ns = chain->segments[i].from_ns;
				continue;
			}
			if (count == KEEP) {
				critical->shortened = true;
				break;
			}
			if (ct_vec_grow(&segments, &cap, count + 1, sizeof(*segments)) != CT_OK) {
				free(segments);
				return CT_ENOMEM;
			}
			segments[count++] = chain->segments[i];
		}
	}
	for (size_t i = 0; i < count / 2; i++) {
		struct ct_critical_segment kept = segments[i];

		segments[i] = segments[count - 1 - i];
		segments[count - 1 - i] = kept;
	}
	critical->segments = segments;
	critical->segment_count = count;
	return CT_OK;
}

enum ct_status ct_chain_read(const struct ct_chain *chain, size_t thread_count,
			     struct ct_critical *critical, struct ct_chain_sums *held)
{
	enum ct_status status = CT_OK;

	for (const struct ct_chain *link = chain; !status && link; link = link->before) {
		for (size_t i = 0; i < link->threads.count; i++) {
			critical->length_ns += link->threads.sums[i].ns;
			if (link->threads.sums[i].id < thread_count)
				critical->thread_ns[link->threads.sums[i].id] +=
					link->threads.sums[i].ns;
		}
		critical->waits_ns += link->waits_ns;
		status = add_all(held, link->held.sums, link->held.count);
	}
	ct_chain_sort(held);
	return status ? status : read_segments(chain, critical);
}
