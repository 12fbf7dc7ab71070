/*
 * Model and detectors: the bytes are records of a few threads of three processes, each whole, as a
 * reader gives them, with any event, flags, object and argument; so all of what follows the reader
 * is reached at once. Eight bytes each: thread, event (2), flags (2), object, argument, steps of
 * time.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/fake_trace.h"
#include "detect/detector.h"
#include "finding/headline.h"
#include "reader/events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORD = 8, PROCESSES = 3, THREADS = 2, EVENTS = 260, RECORDS_MAX = 4000 };

static const struct {
	uint16_t fixed, element;
} layouts[] = {
#define PAYLOAD(NAME, FIXED, ELEMENT, fields) {FIXED, ELEMENT},
#include "format/payloads.def"
#undef PAYLOAD
};

/* Few, so that records meet: threads, signals and descriptors are small numbers, what is shared
 * lies in the mapped page, keys of the kernel's have their class in the high bits. */
static uint64_t object_of(uint8_t byte)
{
	static const uint64_t bases[] = {0, 0x1000, 0x400000, (uint64_t)1 << 56};

	return bases[byte >> 6] + (uint64_t)(byte & 7) * ((byte >> 6) & 1 ? 64 : 1);
}

static void add(struct fake_trace *fake, const uint8_t *at, uint64_t time)
{
	uint16_t event = (uint16_t)((at[1] | at[2] << 8) % EVENTS), flags, count = at[6] % 4;
	enum ct_layout_id layout = ct_event_layout(CT_STREAM_THREAD, event);
	size_t thread = at[0] % (PROCESSES * THREADS), bytes;
	uint64_t object = object_of(at[5]),
		 arg = at[6] > 250 ? UINT64_MAX - at[6] : object_of(at[6]);
	unsigned char payload[256];
	struct fake_stream *stream;
	struct ct_record *record;

	if (layout == CT_LAYOUT_NONE)
		return;
	memcpy(&flags, at + 3, sizeof(flags));
	bytes = layouts[layout].fixed;
	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = at[i % RECORD];
	memcpy(payload, &object, sizeof(object));
	if (event == CT_EV_FAIL)
		memcpy(payload + offsetof(struct ct_payload_fail, call), at + 6, sizeof(uint16_t));
	else if (bytes >= 2 * sizeof(uint64_t))
		memcpy(payload + sizeof(object), &arg, sizeof(arg));
	if (layouts[layout].element) {
		memcpy(payload + bytes - sizeof(count), &count, sizeof(count));
		bytes += (size_t)count * layouts[layout].element;
	}
	fake_payload(fake, thread, time, event, payload, bytes);
	stream = &fake->streams[thread];
	record = &stream->records[stream->count - 1].record;
	record->flags = flags;
	record->object = object;
	record->arg = arg;
}

static const char *name(void *context, const struct ct_object *object)
{
	(void)context;
	return object ? "it" : "";
}

static void tell(const struct ct_findings *findings)
{
	struct ct_text text;

	for (size_t i = 0; i < findings->count; i++) {
		ct_text_init(&text);
		ct_finding_headline(findings->items[i], name, NULL, &text);
		if (ct_text_status(&text) || !*ct_text_str(&text))
			abort();
		ct_text_fini(&text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fake_trace *fake = fake_new();
	struct ct_findings findings;
	uint64_t time = 100;

	if (size && *data & 1)
		fake_process(fake, 2, 1, 1, 50, "./prog");
	else
		fake_process(fake, 2, 3, 1, 50, "./other");
	fake_process(fake, 3, 2, 1, 60, "./prog");
	for (uint32_t i = 0; i < PROCESSES * THREADS; i++)
		fake_thread(fake, i / THREADS + 1, i % THREADS + 1);
	for (uint32_t i = 0; i < PROCESSES; i++)
		fake_map(fake, &(struct ct_trace_map){.process = i + 1,
						      .time = 1,
						      .start = 0x1000,
						      .size = 256,
						      .device = size && *data & 2 ? 8 : 0,
						      .inode = 3});
	for (size_t i = 1; i + RECORD <= size && i < (size_t)RECORDS_MAX * RECORD; i += RECORD) {
		time += data[i + RECORD - 1] % 16;
		add(fake, data + i, time);
	}
	ct_findings_init(&findings);
	if (ct_detect_all(fake_model(fake), &findings, NULL) != CT_OK)
		abort();
	tell(&findings);
	ct_findings_fini(&findings);
	fake_free(fake);
	return 0;
}
