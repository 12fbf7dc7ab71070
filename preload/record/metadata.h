#ifndef CT_RECORD_METADATA_H
#define CT_RECORD_METADATA_H
/* The trace's TSDL metadata (CTF 1.8.3, appendix C), generated from events.def and payloads.def. */
#include <stdbool.h>

#include "format/ct_live.h"
#include "record/settings.h"

/* Writes FOLDER/metadata under a dotted name and renames it. False: could not be written. */
bool ct_metadata_write(const char *folder, const struct ct_session *session, const char *program,
		       const struct ct_settings *settings);

#endif
