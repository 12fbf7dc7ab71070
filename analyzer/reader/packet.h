#ifndef CT_READER_PACKET_H
#define CT_READER_PACKET_H
/*
 * Packets of a stream file, one after the other, over whatever damage lies between them, and the
 * records of one packet. Private to reader/.
 */
#include <stdbool.h>

#include "reader/layout.h"
#include "reader/window.h"

/* Whom to tell about damage at a byte of the file; `tell` NULL: nobody. */
struct ct_problem_sink {
	void (*tell)(void *state, const char *file, uint64_t offset, const char *what);
	void *state;
};

/* What the packets of a file have in common. */
struct ct_packet_rule {
	const uint8_t *uuid;
	enum ct_stream_id stream;
	uint32_t process;
};

struct ct_packet_place {
	struct ct_packet head;
	uint64_t offset;  /* in the file */
	uint64_t content; /* bytes, header included; never beyond the file's or the packet's end */
	uint64_t size;	  /* bytes to the next packet, or to the end */
	bool cut;	  /* the file ends, or another packet begins, before its end */
};

struct ct_packet_scan {
	struct ct_window *window; /* borrowed */
	const char *file;	  /* name for problems */
	struct ct_packet_rule rule;
	struct ct_problem_sink sink;
	uint64_t at, size; /* next byte to look at; bytes in the file */
	bool growing;	   /* somebody may be appending: a packet cut by the end is not there yet */
};

/* The next packet whose header is sound. Skipped bytes are told to the sink. */
bool ct_packet_scan_next(struct ct_packet_scan *scan, struct ct_packet_place *out_place);

/* One record as it stands. */
struct ct_raw {
	uint64_t time;
	const uint8_t *payload; /* the last list of accesses may count more than it has */
	uint32_t payload_size;
	uint32_t size; /* header and payload */
	uint32_t stack;
	uint16_t id, flags;
	enum ct_layout_id layout;
};

enum ct_raw_result {
	CT_RAW_OK,
	CT_RAW_SHORT,	/* more bytes are needed than there are */
	CT_RAW_LONG,	/* longer than any record can be */
	CT_RAW_GONE,	/* the file ends earlier than it did */
	CT_RAW_UNKNOWN, /* no such event: what follows cannot be read */
};

/* The record at `offset` of a file, in a packet of which `left` (not 0) bytes are left there. It is
 * borrowed from the window until its next use. */
enum ct_raw_result ct_raw_at(struct ct_window *window, const struct ct_layouts *layouts,
			     enum ct_stream_id stream, uint64_t offset, uint64_t left,
			     struct ct_raw *out_raw);

#endif
