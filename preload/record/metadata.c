#include "record/metadata.h"

#include <fcntl.h>
#include <stddef.h>

#include "record/clock.h"
#include "record/recorder.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define METADATA_SIZE 65536u

static const char types[] =
	"/* CTF 1.8 */\n"
	"typealias integer { size = 8; align = 8; signed = false; } := uint8_t;\n"
	"typealias integer { size = 16; align = 8; signed = false; } := uint16_t;\n"
	"typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
	"typealias integer { size = 48; align = 8; signed = false; base = 16; } := uint48_t;\n"
	"typealias integer { size = 64; align = 8; signed = false; } := uint64_t;\n"
	"typealias integer { size = 64; align = 8; signed = false; base = 16; } := addr_t;\n";

static const char streams[] =
	"typealias integer { size = 64; align = 8; signed = false; map = clock.ticks.value; } := "
	"ticks_t;\n"
	"struct packet_context {\n"
	"	ticks_t timestamp_begin; ticks_t timestamp_end;\n"
	"	uint64_t content_size; uint64_t packet_size; uint64_t packet_seq_num;\n"
	"	uint64_t events_discarded;\n"
	"	uint32_t pid; uint32_t process; uint32_t tid; uint32_t thread;\n"
	"} align(8);\n"
	"stream {\n"
	"	id = 0;\n"
	"	packet.context := struct packet_context;\n"
	"	event.header := struct { ticks_t timestamp; uint16_t id; } align(8);\n"
	"	event.context := struct { uint16_t flags; uint32_t stack; } align(8);\n"
	"};\n"
	"stream {\n"
	"	id = 1;\n"
	"	packet.context := struct {\n"
	"		ticks_t timestamp_begin; ticks_t timestamp_end;\n"
	"		uint64_t content_size; uint64_t packet_size; uint64_t unused_a; uint64_t "
	"unused_b;\n"
	"		uint32_t pid; uint32_t process; uint32_t tid; uint32_t thread;\n"
	"	} align(8);\n"
	"	event.header := struct { ticks_t timestamp; uint16_t id; } align(8);\n"
	"};\n";

#define PAYLOAD(NAME, FIXED, ELEMENT, fields) static const char payload_##NAME[] = fields;
#include "format/payloads.def"
#undef PAYLOAD

static const struct event_text {
	uint16_t id, stream;
	const char *api, *payload;
} events[] = {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)                                        \
	{(id), CT_STREAM_THREAD, (api), payload_##PAYLOAD},
#define DEFINE(id, NAME, api, PAYLOAD, text) {(id), CT_STREAM_DEFS, (api), payload_##PAYLOAD},
#include "format/events.def"
#undef EVENT
#undef DEFINE
};

static void add_uuid(struct ct_line *line, const uint8_t *uuid)
{
	for (int i = 0; i < CT_UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ct_line_add_char(line, '-');
		ct_line_add_hex(line, uuid[i], 2);
	}
}

/* Only what can stand in a TSDL string as it is. */
static void add_plain(struct ct_line *line, const char *text)
{
	for (; *text; text++) {
		bool plain = *text >= ' ' && *text <= '~' && *text != '"' && *text != '\\';

		ct_line_add_char(line, (char)(plain ? *text : '?'));
	}
}

static void add_number(struct ct_line *line, const char *key, uint64_t value)
{
	ct_line_add(line, key);
	ct_line_add_u64(line, value);
	ct_line_add(line, ";\n");
}

/* On which the calling thread may run; 0: unknown. */
static uint64_t count_processors(void)
{
	uint64_t mask[128] = {0}, count = 0; /* 8192 processors, the most that x86-64 can have */

	if (CT_SYS(SYS_sched_getaffinity, 0, sizeof(mask), mask, 0, 0, 0) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(mask) / sizeof(*mask); i++)
		for (uint64_t bits = mask[i]; bits; bits &= bits - 1)
			count++;
	return count;
}

static void add_environment(struct ct_line *line, const char *program,
			    const struct ct_settings *settings)
{
	const char *ignored = settings->ignored;

	ct_line_add(line, "env {\n\ttracer_name = \"conctrace\";\n\ttracer_version = \"" CT_VERSION
			  "\";\n");
	add_number(line, "\tformat = ", CT_FORMAT_VERSION);
	add_number(line, "\tcpus = ", count_processors());
	ct_line_add(line, "\taccesses = \"none\";\n\tprogram = \"");
	add_plain(line, program);
	ct_line_add(line, "\";\n\traces = \"");
	ct_line_add(line, ct_settings_races(settings->races));
	ct_line_add(line, "\";\n");
	if (*ignored) {
		ct_line_add(line, "\tignored_setting = \"");
		add_plain(line, ignored);
		ct_line_add(line, "\";\n");
	}
	ct_line_add(line, "};\n");
}

static void add_clock(struct ct_line *line, const struct ct_session *session)
{
	/* Where tick 0 lies: now, minus the ticks that have passed since. */
	uint64_t ticks = ct_clock_now(), f = session->frequency;
	uint64_t real_s = ct_clock_realtime_ns() / 1000000000u;
	uint64_t real_ns = ct_clock_realtime_ns() % 1000000000u;
	uint64_t fraction = (uint64_t)((double)real_ns / 1e9 * (double)f);
	uint64_t whole = ticks / f, rest = ticks % f;

	if (fraction < rest) {
		fraction += f;
		real_s--;
	}
	ct_line_add(line, "clock {\n\tname = ticks;\n\tdescription = \"");
	ct_line_add(line, session->clock == CT_CLOCK_TSC ? "tsc" : "monotonic");
	ct_line_add(line, "\";\n");
	add_number(line, "\tfreq = ", f);
	add_number(line, "\toffset_s = ", real_s - whole);
	add_number(line, "\toffset = ", fraction - rest);
	ct_line_add(line, "\tabsolute = true;\n};\n");
}

static void add_events(struct ct_line *line)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		ct_line_add(line, "event { name = \"");
		ct_line_add(line, events[i].api);
		ct_line_add(line, "\"; id = ");
		ct_line_add_u64(line, events[i].id);
		ct_line_add(line, "; stream_id = ");
		ct_line_add_u64(line, events[i].stream);
		ct_line_add(line, "; fields := struct { ");
		ct_line_add(line, events[i].payload);
		ct_line_add(line, " } align(8); };\n");
	}
}

static void build(struct ct_line *line, const struct ct_session *session, const char *program,
		  const struct ct_settings *settings)
{
	ct_line_add(line, types);
	ct_line_add(line, "trace {\n\tmajor = 1;\n\tminor = 8;\n\tuuid = \"");
	add_uuid(line, session->uuid);
	ct_line_add(line, "\";\n\tbyte_order = le;\n\tpacket.header := struct {\n\t\tuint32_t "
			  "magic; uint8_t uuid[16]; uint32_t stream_id;\n\t} align(8);\n};\n");
	add_environment(line, program, settings);
	add_clock(line, session);
	ct_line_add(line, streams);
	add_events(line);
}

bool ct_metadata_write(const char *folder, const struct ct_session *session, const char *program,
		       const struct ct_settings *settings)
{
	char from[700], to[700], *text = ct_sys_map(-1, METADATA_SIZE);
	struct ct_line line, path;
	bool ok = false;
	int fd;

	if (!text)
		return false;
	ct_line_init(&line, text, METADATA_SIZE);
	build(&line, session, program, settings);
	ct_line_init(&path, from, sizeof(from));
	ct_line_add(&path, folder);
	ct_line_add(&path, "/.metadata");
	ct_line_init(&path, to, sizeof(to));
	ct_line_add(&path, folder);
	ct_line_add(&path, "/metadata");
	fd = ct_sys_open(from, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd >= 0) {
		long size = line.at - line.start;

		ok = !line.cut && (uint64_t)size <= ct_sys_limit(RLIMIT_FSIZE) &&
		     ct_sys_write(fd, text, (size_t)size) == size;
		ct_sys_close(fd);
		ok = ok && ct_sys_rename(from, to) == 0;
	}
	ct_sys_unmap(text, METADATA_SIZE);
	return ok;
}
