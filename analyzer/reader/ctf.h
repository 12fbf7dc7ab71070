#ifndef CT_READER_CTF_H
#define CT_READER_CTF_H
/*
 * A trace folder: which files, packets and threads there are. Private to reader/.
 *
 * ctf_folder.c finds the files, ctf_index.c the packets in them, ctf_cursor.c reads the records of
 * one thread's (or one process's definition) packets, ctf_defs.c takes in the definitions,
 * ctf_accesses.c finds out which accesses to memory there are, ctf_recent.c leaves most of a large
 * trace out, ctf_merge.c puts all records in one order, ctf.c joins these into a form.
 */
#include "format/ct_live.h"
#include "reader/lasting.h"
#include "reader/metadata.h"
#include "reader/packet.h"
#include "reader/trace.h"

/* One stream file, or one packet that was copied from `.live/`. */
struct ct_ctf_file {
	const char *name; /* below the trace's folder; in the trace's arena */
	uint32_t process, lane;
	enum ct_stream_id stream;
	bool dotted; /* born, but never renamed: stands in for the file without the dot */
};

struct ct_ctf_files {
	struct ct_ctf_file *files; /* owned */
	size_t count, cap;
};

/* The copy of a lane's file in `.live/`, as of one instant. */
struct ct_live_copy {
	struct ct_live live;
	uint8_t packet[CT_PACKET_SIZE];
	size_t packet_size; /* bytes of `packet` that there are */
};

/* What is read of a packet. */
enum ct_ctf_part {
	CT_CTF_WHOLE,
	CT_CTF_LASTING,	 /* what lasts: lasting.h */
	CT_CTF_FOLLOWED, /* the same; there is nothing but what objects that are followed lasts for
			  */
	CT_CTF_NOTHING,
};

struct ct_ctf_packet {
	uint32_t file; /* index in ct_ctf.files */
	uint32_t process, thread, tid, pid;
	uint64_t offset, content; /* bytes */
	uint64_t begin;
	uint64_t sequence;
	uint64_t discarded;   /* records lost while it was written */
	uint64_t lost;	      /* from `.live/`: records that its thread has lost so far */
	const uint8_t *bytes; /* of a copy from `.live/`, in the trace's arena; else NULL */
	bool running;	      /* from `.live/`, of a thread that had not ended */
	bool settled;	      /* the same, and of what began in this packet nothing is lost */
	bool gap;	      /* records of its thread are left out before it */
	enum ct_ctf_part part;
};

/* The packets of one thread, or (thread 0) of a process's definitions. */
struct ct_ctf_group {
	uint32_t process, thread;
	size_t first, count; /* in ct_ctf.packets */
	bool skipped;	     /* some of their records are left out: ct_ctf_keep_recent */
};

struct ct_ctf {
	struct ct_trace *trace;
	int dir_fd; /* owned */
	struct ct_metadata metadata;
	struct ct_ctf_files files;
	struct ct_ctf_packet *packets; /* by process, thread, then time */
	struct ct_ctf_group *groups;   /* by process and thread */
	size_t *thread_groups;	       /* of trace->threads, by index */
	struct ct_lasting lasting;     /* of a trace that is read in part */
	size_t packet_count, packet_cap, group_count, group_cap;
};

/* Files named [.]p<P>.t<L> or [.]p<P>.defs in a folder below `dir_fd`, sorted; `prefix` ("" or
 * ".live/") is put before their names. A folder that is missing has no files. */
CT_MUST_CHECK enum ct_status ct_ctf_list(struct ct_arena *arena, int dir_fd, const char *prefix,
					 struct ct_ctf_files *out_files);

/* Copies a lane's page and packet. CT_ENOTFOUND: it was not begun yet, and holds nothing;
 * CT_EFORMAT: it is none, *out_what says why; CT_EIO. The caller looks at the packet with a
 * ct_packet_scan. */
CT_MUST_CHECK enum ct_status ct_live_copy(int dir_fd, const char *name,
					  struct ct_live_copy *out_copy, const char **out_what);

/* Was a packet begun in this lane yet? */
bool ct_live_begun(const struct ct_live_copy *copy);

/* Fills files, packets and groups. */
CT_MUST_CHECK enum ct_status ct_ctf_index(struct ct_ctf *ctf);

/* Leaves out what passed before the last `max_bytes` or so: see ct_trace_open_recent. */
CT_MUST_CHECK enum ct_status ct_ctf_keep_recent(struct ct_ctf *ctf, uint64_t max_bytes);

/* Fills the trace's definitions, processes and threads. */
CT_MUST_CHECK enum ct_status ct_ctf_define(struct ct_ctf *ctf);

/* Finds out which accesses to memory the trace has. A trace that is not read as a whole counts as
 * having none, as it is not for them that it is read. */
void ct_ctf_accesses(struct ct_ctf *ctf);

/* Reads the records of some packets of one group, in order. */
struct ct_ctf_cursor {
	struct ct_ctf *ctf;
	const struct ct_ctf_packet *packets; /* borrowed */
	size_t count, next;
	struct ct_window window;
	struct ct_window memory; /* of a packet from `.live/` */
	uint64_t at, end;	 /* in the packet's file */
	bool gap;		 /* is to be told */
	struct ct_raw raw;	 /* the last record */
};

void ct_ctf_cursor_init(struct ct_ctf_cursor *cursor, struct ct_ctf *ctf,
			const struct ct_ctf_packet *packets, size_t count);
/* False at the end; the record is in `raw` and borrowed until the next call. */
bool ct_ctf_cursor_next(struct ct_ctf_cursor *cursor);
void ct_ctf_cursor_fini(struct ct_ctf_cursor *cursor);

/* As ct_trace_each_event. */
CT_MUST_CHECK enum ct_status
ct_ctf_each(struct ct_trace *trace,
	    enum ct_status (*visit)(void *state, const struct ct_event *event), void *state);

#endif
