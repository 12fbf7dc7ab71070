#include "report/json_stream.h"

#include "base/text.h"

enum { DIGITS = 15 };

static int add_bytes(const char *bytes, size_t size, void *data)
{
	ct_text_addn(data, bytes, size);
	return 0;
}

static void add_value(struct ct_json_stream *stream, const json_t *value)
{
	const size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS);

	if (!value || json_dump_callback(value, add_bytes, stream->out, flags) != 0)
		stream->json.failed = true;
}

static void begin_line(struct ct_json_stream *stream)
{
	ct_text_addc(stream->out, '\n');
	for (int i = 0; i < stream->depth; i++)
		ct_text_add(stream->out, "  ");
}

static void begin_value(struct ct_json_stream *stream, const char *key)
{
	if (stream->filled)
		ct_text_addc(stream->out, ',');
	if (stream->depth)
		begin_line(stream);
	if (key)
		ct_text_addf(stream->out, "\"%s\": ", key);
	stream->filled = true;
}

void ct_json_open(struct ct_json_stream *stream, const char *key, char bracket)
{
	begin_value(stream, key);
	ct_text_addc(stream->out, bracket);
	stream->depth++;
	stream->filled = false;
}

void ct_json_close(struct ct_json_stream *stream, char bracket)
{
	stream->depth--;
	if (stream->filled)
		begin_line(stream);
	ct_text_addc(stream->out, bracket);
	if (!stream->depth)
		ct_text_addc(stream->out, '\n');
	stream->filled = true;
}

void ct_json_put(struct ct_json_stream *stream, const char *key, json_t *value)
{
	begin_value(stream, key);
	add_value(stream, value);
	json_decref(value);
}

void ct_json_put_string(struct ct_json_stream *stream, const char *key, const char *text)
{
	if (text)
		ct_json_put(stream, key, ct_json_string(&stream->json, text));
}
