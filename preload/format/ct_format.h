#ifndef CT_FORMAT_CT_FORMAT_H
#define CT_FORMAT_CT_FORMAT_H
/*
 * The trace as bytes: what the recorder writes and the reader reads (docs/trace-format.md).
 * Standard CTF 1.8, little-endian, every field byte-aligned; these structs are those bytes.
 *
 * A trace folder holds `metadata` (TSDL), `p<process>.t<lane>` (events of threads) and
 * `p<process>.defs` (definitions). A lane is what a thread writes through while it lives and hands
 * on when it ends, so packets of several threads, one after the other, stand in one stream file.
 * Stream files grow by whole packets. The packet under construction lies in `.live/` (ct_live.h).
 *
 * Any change here or in events.def/payloads.def that an older reader would misread bumps
 * CT_FORMAT_VERSION. Source: Common Trace Format v1.8.3 specification, diamon.org/ctf.
 */
#include <stdint.h>

#include "format/ct_effect.h"

#define CT_FORMAT_VERSION 7 /* older ones can be read: ids and payloads are never given up */
#define CT_CTF_MAGIC 0xc1fc1fc1u
#define CT_UUID_SIZE 16
#define CT_LITTLE_ENDIAN_ONLY                                                                      \
	_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the format is little-endian")

CT_LITTLE_ENDIAN_ONLY;
#undef CT_LITTLE_ENDIAN_ONLY

#define CT_PACKED __attribute__((packed))

enum ct_stream_id { CT_STREAM_THREAD = 0, CT_STREAM_DEFS = 1 };

enum ct_event_id {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text) CT_EV_##NAME = (id),
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
};

enum ct_def_id {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)
#define DEFINE(id, NAME, api, PAYLOAD, text) CT_DEF_##NAME = (id),
#include "format/events.def"
#undef EVENT
#undef DEFINE
};

enum ct_payload_id {
#define PAYLOAD(NAME, FIXED, ELEMENT, fields) CT_PAYLOAD_##NAME,
#include "format/payloads.def"
#undef PAYLOAD
};

/* Flags of a thread event. A call that may block writes a request before it waits and its
 * completion after; one that did not have to wait writes the completion only. */
enum ct_event_flags {
	CT_F_REQUEST = 1 << 0,	 /* about to wait; the completion, or a FAIL, follows */
	CT_F_BLOCKED = 1 << 1,	 /* completion of a call that wrote a request */
	CT_F_TRY = 1 << 2,	 /* the call never waits */
	CT_F_TIMED = 1 << 3,	 /* the call has a time limit */
	CT_F_TIMED_OUT = 1 << 4, /* a condition wait ended by its limit (the mutex is held again) */
	CT_F_OWNER_DEAD = 1 << 5, /* acquired a robust mutex whose owner died */
	CT_F_STDIO = 1 << 6,	  /* read or write made by a stdio call */
	CT_F_SERIAL = 1 << 7,	  /* barrier: this is the serial thread */
	CT_F_PEEK = 1 << 8,	  /* read that takes nothing, and counts 0 bytes */
	CT_F_PRIVATE = 1 << 9,	  /* semget, msgget: IPC_PRIVATE; fd_open: pipe(): it has no name */
	CT_F_REPEATS = 1 << 10,	  /* timer: it goes on after its first expiry */
	CT_F_PLAIN = 1 << 11,	  /* memory freed: no sync object was ever in its pages */
	CT_F_DESTROYED = 1 << 12, /* the object's bytes say that it was destroyed, and is used */
	CT_F_DETACHED = 1 << 13,  /* pthread_create: by its attributes nobody is to join it */
	CT_F_AWAITED = 1 << 14,	  /* signal_handler: the signal came where the thread let it come */
	CT_F_TAKEN = 1 << 15,	  /* unlock: as its bytes say (a mutex's: by this thread) it is
				   * locked, though the thread was not seen to lock it;
				   * condition wait: the same of its mutex */
};

struct CT_PACKED ct_packet_header {
	uint32_t magic;		    /* CT_CTF_MAGIC */
	uint8_t uuid[CT_UUID_SIZE]; /* of the trace, as in its metadata */
	uint32_t stream_id;	    /* enum ct_stream_id */
};

/* Sizes are in bits, as CTF wants them; both count from the packet header's first byte. */
struct CT_PACKED ct_packet_context {
	uint64_t timestamp_begin;
	uint64_t timestamp_end;
	uint64_t content_size; /* raised after each record: all before it is whole */
	uint64_t packet_size;
	uint64_t packet_seq_num;   /* 0, 1, ... within a stream file */
	uint64_t events_discarded; /* so far in this stream file */
	uint32_t pid;
	uint32_t process; /* number of the process in this trace, from 1 */
	uint32_t tid;	  /* kernel's id; 0 in a definition stream */
	uint32_t thread;  /* number of the thread in its process, main is 1; 0 as above */
};

struct CT_PACKED ct_packet {
	struct ct_packet_header header;
	struct ct_packet_context context;
};

struct CT_PACKED ct_event_header {
	uint64_t timestamp; /* clock ticks (metadata's clock) */
	uint16_t id;
};

/* A record of a thread stream begins with these 16 bytes, one of a definition stream with the
 * ct_event_header alone (its timestamp is the start of its process). */
struct CT_PACKED ct_record_head {
	struct ct_event_header header;
	uint16_t flags; /* enum ct_event_flags */
	uint32_t stack; /* id of a STACK definition of the same process, 0: unknown */
};

#include "format/ct_payload.h"

#endif
