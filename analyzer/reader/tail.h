#ifndef CT_READER_TAIL_H
#define CT_READER_TAIL_H
/*
 * The end of a stream file: what its last packet is, cutting what is torn, writing one packet more.
 * Every order of steps is such that being killed between two of them leaves a torn tail at worst.
 * Private to reader/; the caller is the file's only writer.
 */
#include "reader/packet.h"

struct ct_tail {
	bool exists;
	bool any; /* it has a sound packet; the last one is `last` */
	struct ct_packet_place last;
	uint64_t size; /* of the file */
};

/* Looks only. CT_EIO: errno tells why. */
CT_MUST_CHECK enum ct_status ct_tail_find(int dir_fd, const char *name,
					  const struct ct_packet_rule *rule,
					  struct ct_tail *out_tail);

/* Bytes of a packet up to the end of its last whole record (its header's size: it has none), and
 * that record's time. */
uint64_t ct_tail_whole(struct ct_window *window, const struct ct_layouts *layouts,
		       enum ct_stream_id stream, const struct ct_packet_place *place,
		       uint64_t *out_time);

/* Makes the file end with the last whole record of its last sound packet; *tail is brought up to
 * date. A file in which no packet is sound is left alone. */
CT_MUST_CHECK enum ct_status ct_tail_cut(int dir_fd, const char *name,
					 const struct ct_packet_rule *rule,
					 const struct ct_layouts *layouts, struct ct_tail *tail);

/* Writes a packet of `size` bytes at `offset`, where either the file ends or a shorter version of
 * the same packet begins, of which `common` bytes stand already. The file is made if need be. */
CT_MUST_CHECK enum ct_status ct_tail_write(int dir_fd, const char *name, uint64_t offset,
					   uint64_t common, const void *packet, size_t size);

#endif
