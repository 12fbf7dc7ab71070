#ifndef CT_READER_LASTING_H
#define CT_READER_LASTING_H
/*
 * Which records of a thread have to be read even where most are left out. Private to reader/.
 *
 * Lasting is what makes or ends a thread, a process, an object, a descriptor, a handler or a timer:
 * it cannot be told from what comes later. Passing is what goes through objects, and most of a
 * large trace: locks taken and given back (packets say which are held), signals, posts, bytes. Of
 * objects that are followed, since threads wait for them in the end, signals, posts and bytes last
 * as well, unless they are too many to be read in time. So does a wait for a lock of the program's
 * own, as much may be recorded meanwhile.
 */
#include "base/map.h"
#include "reader/packet.h"

enum { CT_LASTING_IDS = 512, CT_LASTING_BITS = 4096 };

/* From the request of a call that copies or drops a process's memory to its completion: what all
 * threads of the process hold meanwhile matters. */
struct ct_lasting_span {
	uint32_t process;
	uint64_t from, to;
};

struct ct_lasting {
	const struct ct_layouts *layouts; /* borrowed */
	struct ct_map followed;		  /* as records name objects */
	uint64_t followed_records;
	/* What can be skipped at once: by event id its size (0: nothing is to be skipped), and its
	 * kind (lasting.c). An object that may be followed has its bit here. */
	uint16_t size[CT_LASTING_IDS];
	uint8_t kind[CT_LASTING_IDS];
	uint64_t bits[CT_LASTING_BITS / 64];
	struct ct_lasting_span *spans; /* owned */
	size_t span_count, span_cap;
	bool open; /* the call of the last span has not returned */
};

void ct_lasting_init(struct ct_lasting *lasting, const struct ct_layouts *layouts);
void ct_lasting_fini(struct ct_lasting *lasting);

CT_MUST_CHECK enum ct_status ct_lasting_follow(struct ct_lasting *lasting, uint64_t object);
void ct_lasting_follow_none(struct ct_lasting *lasting);

/* Whether the record has to be read. */
bool ct_record_lasts(const struct ct_lasting *lasting, const struct ct_raw *raw);

/* What is in a packet. */
struct ct_lasting_found {
	bool lasting;	    /* something lasts, or cannot be read */
	bool followed;	    /* something goes through an object that is followed */
	uint64_t waits_for; /* the object of its last record, if that is a request; 0: none */
};

/* Looks through the records at `bytes`, of a thread of `process`. */
CT_MUST_CHECK enum ct_status ct_lasting_look(struct ct_lasting *lasting, uint32_t process,
					     const uint8_t *bytes, size_t size,
					     struct ct_lasting_found *out_found);

#endif
