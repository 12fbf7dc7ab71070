#include "trace_writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "trace_writer: %s: %s\n", what, strerror(errno));
	abort();
}

static void path_of(const struct trace_writer *w, const char *file, char *out, size_t size)
{
	snprintf(out, size, "%s/%s", w->folder, file);
}

static const char types[] =
	"/* CTF 1.8 */\n"
	"typealias integer { size = 8; align = 8; signed = false; } := uint8_t;\n"
	"typealias integer { size = 16; align = 8; signed = false; } := uint16_t;\n"
	"typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
	"typealias integer { size = 48; align = 8; signed = false; base = 16; } := uint48_t;\n"
	"typealias integer { size = 64; align = 8; signed = false; } := uint64_t;\n"
	"typealias integer { size = 64; align = 8; signed = false; base = 16; } := addr_t;\n";

static const char streams[] =
	"env { tracer_name = \"conctrace\"; format = 1; accesses = \"none\"; };\n"
	"clock { name = ticks; freq = 1000000000; offset_s = 0; offset = 0; };\n"
	"typealias integer { size = 64; align = 8; signed = false; map = clock.ticks.value; } := "
	"ticks_t;\n"
	"stream { id = 0; packet.context := struct {\n"
	"	ticks_t timestamp_begin; ticks_t timestamp_end; uint64_t content_size;\n"
	"	uint64_t packet_size; uint64_t packet_seq_num; uint64_t events_discarded;\n"
	"	uint32_t pid; uint32_t process; uint32_t tid; uint32_t thread; } align(8);\n"
	"	event.header := struct { ticks_t timestamp; uint16_t id; } align(8);\n"
	"	event.context := struct { uint16_t flags; uint32_t stack; } align(8); };\n"
	"stream { id = 1; packet.context := struct {\n"
	"	ticks_t timestamp_begin; ticks_t timestamp_end; uint64_t content_size;\n"
	"	uint64_t packet_size; uint64_t unused_a; uint64_t unused_b;\n"
	"	uint32_t pid; uint32_t process; uint32_t tid; uint32_t thread; } align(8);\n"
	"	event.header := struct { ticks_t timestamp; uint16_t id; } align(8); };\n";

#define PAYLOAD(NAME, FIXED, ELEMENT, fields) static const char payload_##NAME[] = fields;
#include "format/payloads.def"
#undef PAYLOAD

static const struct {
	uint16_t id, stream;
	const char *api, *payload;
} events[] = {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text) {id, 0, api, payload_##PAYLOAD},
#define DEFINE(id, NAME, api, PAYLOAD, text) {id, 1, api, payload_##PAYLOAD},
#include "format/events.def"
#undef EVENT
#undef DEFINE
};

static void write_metadata(struct trace_writer *w)
{
	char path[128], uuid[40];
	const uint8_t *u = w->uuid;
	FILE *file;

	path_of(w, "metadata", path, sizeof(path));
	file = fopen(path, "w");
	must(file != NULL, path);
	snprintf(uuid, sizeof(uuid),
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0], u[1],
		 u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14],
		 u[15]);
	fprintf(file,
		"%strace { major = 1; minor = 8; uuid = \"%s\"; byte_order = le;\n"
		"packet.header := struct { uint32_t magic; uint8_t uuid[16]; uint32_t stream_id; } "
		"align(8); };\n%s",
		types, uuid, streams);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		fprintf(file,
			"event { name = \"%s\"; id = %u; stream_id = %u; fields := struct { %s } "
			"align(8); };\n",
			events[i].api, events[i].id, events[i].stream, events[i].payload);
	must(fclose(file) == 0, path);
}

void tw_begin(struct trace_writer *w)
{
	const char *below = getenv("TMPDIR");
	char path[128];

	memset(w, 0, sizeof(*w));
	if (!below || strlen(below) > sizeof(w->folder) - 16)
		below = "/tmp";
	snprintf(w->folder, sizeof(w->folder), "%s/ctw.XXXXXX", below);
	must(mkdtemp(w->folder) != NULL, w->folder);
	for (unsigned i = 0; i < CT_UUID_SIZE; i++)
		w->uuid[i] = (uint8_t)(0xa0 + i);
	write_metadata(w);
	path_of(w, CT_LIVE_DIR, path, sizeof(path));
	must(mkdir(path, 0700) == 0, path);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void tw_end(struct trace_writer *w)
{
	must(nftw(w->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0, w->folder);
}

struct ct_packet *tw_head(struct trace_writer *w)
{
	return (struct ct_packet *)w->packet;
}

void tw_packet(struct trace_writer *w, uint32_t process, uint32_t thread, uint64_t sequence,
	       uint64_t time)
{
	struct ct_packet *packet = tw_head(w);

	*packet = (struct ct_packet){
		.header = {.magic = CT_CTF_MAGIC,
			   .stream_id = thread ? CT_STREAM_THREAD : CT_STREAM_DEFS},
		.context = {.timestamp_begin = time,
			    .timestamp_end = time,
			    .content_size = sizeof(*packet) * 8,
			    .packet_size = CT_PACKET_SIZE * 8,
			    .packet_seq_num = sequence,
			    .pid = 1000 + process,
			    .process = process,
			    .tid = thread ? 1000 + process + thread - 1 : 0,
			    .thread = thread},
	};
	memcpy(packet->header.uuid, w->uuid, CT_UUID_SIZE);
	w->size = sizeof(*packet);
}

static void add(struct trace_writer *w, const void *bytes, size_t size)
{
	must(size <= sizeof(w->packet) - w->size, "the packet is full");
	if (size)
		memcpy(w->packet + w->size, bytes, size);
	w->size += size;
	tw_head(w)->context.content_size = w->size * 8;
	if (w->size <= CT_PACKET_SIZE)
		tw_head(w)->context.packet_size = CT_PACKET_SIZE * 8;
}

void tw_record(struct trace_writer *w, uint64_t time, uint16_t event, uint16_t flags,
	       uint32_t stack, const void *payload, size_t size)
{
	struct ct_record_head head = {{time, event}, flags, stack};

	add(w, &head, sizeof(head));
	add(w, payload, size);
	if (time > tw_head(w)->context.timestamp_end)
		tw_head(w)->context.timestamp_end = time;
}

void tw_obj(struct trace_writer *w, uint64_t time, uint16_t event, uint16_t flags, uint64_t object)
{
	tw_record(w, time, event, flags, 1, &object, sizeof(object));
}

void tw_obj_arg(struct trace_writer *w, uint64_t time, uint16_t event, uint16_t flags,
		uint64_t object, uint64_t arg)
{
	struct ct_payload_obj_arg payload = {object, arg};

	tw_record(w, time, event, flags, 1, &payload, sizeof(payload));
}

void tw_define(struct trace_writer *w, uint16_t id, const void *payload, size_t size,
	       const void *tail, size_t tail_size)
{
	struct ct_event_header header = {w->time, id};

	add(w, &header, sizeof(header));
	add(w, payload, size);
	add(w, tail, tail_size);
}

void tw_process(struct trace_writer *w, uint32_t process, uint32_t parent, uint64_t time)
{
	static const uint8_t id_and_path[] = "\x12\x34\xab\xcd/usr/bin/prog";
	const uint64_t frames[] = {0x401136, 0x401200};
	struct ct_payload_process p = {.time = time,
				       .pid = 1000 + process,
				       .parent_pid = parent ? 1000 + parent : 1,
				       .process = process,
				       .parent = parent,
				       .creator = parent ? 1 : 0};
	struct ct_payload_module module = {time, 0x400000, 0x500000, 0, 4};
	struct ct_payload_stack stack = {1, 2};
	char name[32];

	snprintf(name, sizeof(name), "p%u.defs", process);
	w->time = time;
	tw_packet(w, process, 0, 0, time);
	tw_define(w, CT_DEF_PROCESS, &p, sizeof(p), "prog arg", 9);
	tw_append(w, name);
	tw_packet(w, process, 0, 0, time);
	tw_define(w, CT_DEF_MODULE, &module, sizeof(module), id_and_path, sizeof(id_and_path));
	tw_define(w, CT_DEF_STACK, &stack, sizeof(stack), frames, sizeof(frames));
	tw_append(w, name);
}

static void put(struct trace_writer *w, const char *file, int flags, uint64_t offset,
		const void *bytes, size_t size)
{
	char path[128];
	int fd;

	path_of(w, file, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0600);
	must(fd >= 0, path);
	if (flags & O_APPEND)
		must(write(fd, bytes, size) == (ssize_t)size, path);
	else
		must(pwrite(fd, bytes, size, (off_t)offset) == (ssize_t)size, path);
	close(fd);
}

void tw_append(struct trace_writer *w, const char *file)
{
	struct ct_packet packet = *tw_head(w);

	packet.context.packet_size = packet.context.content_size;
	memcpy(w->packet, &packet, sizeof(packet));
	put(w, file, O_CREAT | O_APPEND, 0, w->packet, w->size);
}

void tw_live(struct trace_writer *w, const char *file, enum ct_live_state state, uint32_t pid)
{
	const struct ct_packet *packet = tw_head(w);
	struct ct_live live = {.magic = CT_LIVE_MAGIC,
			       .version = CT_FORMAT_VERSION,
			       .state = state,
			       .pid = pid,
			       .process = packet->context.process,
			       .tid = packet->context.tid,
			       .thread = packet->context.thread};
	char name[64];

	snprintf(name, sizeof(name), CT_LIVE_DIR "/%s", file);
	put(w, name, O_CREAT | O_TRUNC, 0, &live, sizeof(live));
	tw_truncate(w, name, CT_LIVE_SIZE + CT_PACKET_SIZE);
	put(w, name, 0, CT_LIVE_SIZE, w->packet, w->size);
}

void tw_write(struct trace_writer *w, const char *file, const void *bytes, size_t size)
{
	put(w, file, O_CREAT | O_TRUNC, 0, bytes, size);
}

void tw_poke(struct trace_writer *w, const char *file, uint64_t offset, const void *bytes,
	     size_t size)
{
	put(w, file, 0, offset, bytes, size);
}

void tw_truncate(struct trace_writer *w, const char *file, uint64_t size)
{
	char path[128];

	path_of(w, file, path, sizeof(path));
	must(truncate(path, (off_t)size) == 0, path);
}

int64_t tw_size(const struct trace_writer *w, const char *file)
{
	char path[128];
	struct stat st;

	path_of(w, file, path, sizeof(path));
	return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

static uint64_t mix(uint64_t sum, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) /* FNV-1a */
		sum = (sum ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
	return sum;
}

static uint64_t checksum(uint64_t sum, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);

	must(count >= 0, folder);
	for (int i = 0; i < count; i++) {
		char path[512], bytes[4096];
		size_t size;
		FILE *file;

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		sum = mix(sum, entries[i]->d_name, strlen(entries[i]->d_name));
		file = entries[i]->d_type == DT_REG ? fopen(path, "rb") : NULL;
		while (file && (size = fread(bytes, 1, sizeof(bytes), file)) > 0)
			sum = mix(sum, bytes, size);
		if (file)
			fclose(file);
		if (entries[i]->d_type == DT_DIR && entries[i]->d_name[0] != '.')
			sum = checksum(sum, path);
		if (strcmp(entries[i]->d_name, CT_LIVE_DIR) == 0)
			sum = checksum(sum, path);
		free(entries[i]);
	}
	free(entries);
	return sum;
}

uint64_t tw_checksum(const struct trace_writer *w)
{
	return checksum(0xcbf29ce484222325u, w->folder);
}
