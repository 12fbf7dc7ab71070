#ifndef CT_REPORT_JSON_STREAM_H
#define CT_REPORT_JSON_STREAM_H
/*
 * JSON that is written as it is made, so that a large document is never in memory as a tree:
 * containers are opened and closed, and each value that is put in stands on a line of its own.
 */
#include "report/json.h"

struct ct_text;

struct ct_json_stream {
	struct ct_json json;
	struct ct_text *out; /* borrowed; its failures are the caller's to ask for */
	int depth;	     /* containers that are open */
	bool filled;	     /* the innermost one has a value already */
};

/* `key` is NULL for an element of an array, and for the document itself. */
void ct_json_open(struct ct_json_stream *stream, const char *key, char bracket);
void ct_json_close(struct ct_json_stream *stream, char bracket);
/* Releases the value; NULL, of which memory ran out, only fails. */
void ct_json_put(struct ct_json_stream *stream, const char *key, json_t *value);
/* Nothing is put for a NULL text. */
void ct_json_put_string(struct ct_json_stream *stream, const char *key, const char *text);

#endif
