#ifndef CT_READER_REPAIR_H
#define CT_READER_REPAIR_H
/*
 * Closes a trace folder whose program was killed, so that babeltrace2 reads it, too: what lies in
 * `.live/` is appended to the stream files, torn tails are cut, leftovers of births are renamed.
 * Nothing else is rewritten. Doing it again changes nothing; a repair that was itself killed is
 * finished by the next. Our own reader needs none of this.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum ct_repair_mode {
	CT_REPAIR_WHOLE, /* refuse while a process of the trace is alive */
	CT_REPAIR_DEAD,	 /* leave the files of living processes alone */
	CT_REPAIR_FORCE, /* take all processes for dead */
};

struct ct_repair_options {
	enum ct_repair_mode mode;
	const uint32_t *dead_pids; /* dead for sure, e.g. waited for, even if the pid lives again */
	size_t dead_count;
};

struct ct_repair_counts {
	size_t packets;	    /* appended from `.live/`, or completed */
	uint64_t bytes;	    /* of them */
	size_t renamed;	    /* files that had kept the name they were born with */
	size_t cut_files;   /* files whose tail was cut */
	uint64_t cut_bytes; /* of them */
	size_t removed;	    /* files without any content */
	size_t alive;	    /* lanes left alone, as their process is alive */
	size_t damaged;	    /* files left alone, as nothing in them could be understood */
};

/* `options` NULL: CT_REPAIR_WHOLE. CT_EUSAGE: a process is alive; CT_EIO: the rest may be repaired
 * by trying again; else as ct_trace_open. *out_counts is filled in any case. */
CT_MUST_CHECK enum ct_status ct_trace_repair(const char *path,
					     const struct ct_repair_options *options,
					     struct ct_error *error,
					     struct ct_repair_counts *out_counts);

#endif
