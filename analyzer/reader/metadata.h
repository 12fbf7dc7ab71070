#ifndef CT_READER_METADATA_H
#define CT_READER_METADATA_H
/*
 * The few facts that the reader takes from a trace's metadata file. The file is our own recorder's
 * (preload/record/metadata.c), so this looks for keys and does not know TSDL. Private to reader/.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "format/ct_format.h"

struct ct_metadata {
	uint8_t uuid[CT_UUID_SIZE];
	uint64_t frequency; /* clock ticks a second; 1 to CT_FREQUENCY_MAX */
	uint32_t cpus;	    /* processors that the first process might use; 0: unknown */
	uint32_t format;    /* 1 to CT_FORMAT_VERSION */
	bool races_off;	    /* it was recorded with races=off */
};

#define CT_FREQUENCY_MAX 10000000000u /* times a second in ns still fits 64 bits */
#define CT_CPUS_MAX 1000000u	      /* no machine has more: the number is wrong */

/* `path` is the folder's name for messages. CT_EFORMAT: no trace of ours, or damaged;
 * CT_EVERSION: of another format version. */
CT_MUST_CHECK enum ct_status ct_metadata_read(int dir_fd, const char *path, struct ct_error *error,
					      struct ct_metadata *out_metadata);

#endif
