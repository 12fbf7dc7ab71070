#ifndef CT_TIMING_CHAIN_H
#define CT_TIMING_CHAIN_H
/*
 * Paths through the program that share what they have in common: for each thread, what its present
 * is the end of. Private to timing/.
 *
 * A path is a list of links from its end back; a link that several paths go through is counted, not
 * copied. A link that only one other goes through becomes part of that one, with the sums of both,
 * so that there are at most about two links for each path that is still referred to, however many
 * pieces it is made of. Of the pieces themselves only the last are kept.
 */
#include "timing/chain_sums.h"
#include "timing/course.h"

/* A stretch of time in one thread. */
struct ct_chain_piece {
	struct ct_critical_segment segment;
	uint64_t waits_ns;
	const struct ct_chain_sum *held; /* by lock, in any order */
	size_t held_count;
};

struct ct_chain; /* the end of a path */
struct ct_chains;

CT_MUST_CHECK enum ct_status ct_chains_new(struct ct_chains **out_chains);
void ct_chains_free(struct ct_chains *chains); /* and all chains */
size_t ct_chains_links(const struct ct_chains *chains);

/* The same end once more. NULL is the empty path. */
struct ct_chain *ct_chain_share(struct ct_chain *chain);
void ct_chain_drop(struct ct_chains *chains, struct ct_chain *chain);

/* The path goes on. Takes over the caller's `*chain`, and gives it the new end. */
CT_MUST_CHECK enum ct_status ct_chain_extend(struct ct_chains *chains,
					     const struct ct_chain_piece *piece,
					     struct ct_chain **chain);

/* The whole path: fills thread_ns (with room for `thread_count`), waits_ns, length_ns, segments,
 * shortened. `held` gets the time by object, sorted. */
CT_MUST_CHECK enum ct_status ct_chain_read(const struct ct_chain *chain, size_t thread_count,
					   struct ct_critical *critical,
					   struct ct_chain_sums *held);

#endif
