#include "reader/ctf.h"

#include <inttypes.h>

#define CHUNK 65536u

void ct_ctf_cursor_init(struct ct_ctf_cursor *cursor, struct ct_ctf *ctf,
			const struct ct_ctf_packet *packets, size_t count)
{
	*cursor = (struct ct_ctf_cursor){.ctf = ctf, .packets = packets, .count = count};
	ct_window_init(&cursor->window, ctf->dir_fd, "", CHUNK);
}

void ct_ctf_cursor_fini(struct ct_ctf_cursor *cursor)
{
	ct_window_fini(&cursor->window);
}

static const struct ct_ctf_packet *current(const struct ct_ctf_cursor *cursor)
{
	return &cursor->packets[cursor->next - 1];
}

static const struct ct_ctf_file *file_of(const struct ct_ctf_cursor *cursor)
{
	return &cursor->ctf->files.files[current(cursor)->file];
}

/* Gives the rest of the packet up. */
static void problem(struct ct_ctf_cursor *cursor, const char *what)
{
	uint64_t page = current(cursor)->bytes ? CT_LIVE_SIZE : 0;

	ct_trace_problem(cursor->ctf->trace, file_of(cursor)->name, page + cursor->at,
			 "%s; %" PRIu64 " bytes are left out", what, cursor->end - cursor->at);
	cursor->at = cursor->end;
}

static void open_packet(struct ct_ctf_cursor *cursor)
{
	const struct ct_ctf_packet *packet = &cursor->packets[cursor->next++];

	cursor->at = packet->offset + sizeof(struct ct_packet);
	cursor->end = packet->offset + packet->content;
	cursor->gap = packet->gap;
	if (packet->bytes) {
		ct_window_init_memory(&cursor->memory, packet->bytes, packet->content);
		return;
	}
	ct_window_switch(&cursor->window, file_of(cursor)->name);
	/* no more than it has: of thousands of threads all first packets are open at once */
	cursor->window.chunk = packet->content < CHUNK ? (size_t)packet->content : CHUNK;
}

/* The record at `at`. False: there is none, which has been told. */
static bool decode(struct ct_ctf_cursor *cursor)
{
	const struct ct_reader *reader = ct_reader_of(cursor->ctf->trace);
	struct ct_window *window = current(cursor)->bytes ? &cursor->memory : &cursor->window;

	switch (ct_raw_at(window, &reader->layouts, file_of(cursor)->stream, cursor->at,
			  cursor->end - cursor->at, &cursor->raw)) {
	case CT_RAW_OK:
		return true;
	case CT_RAW_SHORT:
		problem(cursor, "the last record is torn");
		return false;
	case CT_RAW_LONG:
		problem(cursor, "a record of impossible length");
		return false;
	case CT_RAW_GONE:
		problem(cursor, "the file ends here, though it was longer");
		return false;
	case CT_RAW_UNKNOWN:
		break;
	}
	problem(cursor, "no event has this id");
	return false;
}

/* No lock is held, unless what follows says so. */
static bool tell_gap(struct ct_ctf_cursor *cursor)
{
	static const uint8_t none[sizeof(uint16_t)];

	cursor->gap = false;
	cursor->raw = (struct ct_raw){.time = current(cursor)->begin,
				      .payload = none,
				      .payload_size = sizeof(none),
				      .id = CT_EV_HELD_SET,
				      .flags = CT_RECORD_GAP,
				      .layout = CT_LAYOUT_HELD};
	return true;
}

static bool is_wanted(const struct ct_ctf_cursor *cursor)
{
	return current(cursor)->part == CT_CTF_WHOLE ||
	       ct_record_lasts(&cursor->ctf->lasting, &cursor->raw);
}

bool ct_ctf_cursor_next(struct ct_ctf_cursor *cursor)
{
	for (;;) {
		while (cursor->at >= cursor->end) {
			if (cursor->next >= cursor->count)
				return false;
			open_packet(cursor);
			if (cursor->gap)
				return tell_gap(cursor);
		}
		if (decode(cursor)) {
			cursor->at += cursor->raw.size;
			if (is_wanted(cursor))
				return true;
		}
	}
}
