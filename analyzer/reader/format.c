#include "reader/dump.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "reader/layout.h"
#include "reader/trace.h"

/* dump.h: one event as one line. */

static const struct {
	uint16_t flag;
	const char *name;
} flag_names[] = {
	{CT_F_REQUEST, "request"},
	{CT_F_BLOCKED, "blocked"},
	{CT_F_TRY, "try"},
	{CT_F_TIMED, "timed"},
	{CT_F_TIMED_OUT, "timed_out"},
	{CT_F_OWNER_DEAD, "owner_dead"},
	{CT_F_STDIO, "stdio"},
	{CT_F_SERIAL, "serial"},
	{CT_F_PEEK, "peek"},
	{CT_F_PRIVATE, "private"},
	{CT_F_REPEATS, "repeats"},
	{CT_F_PLAIN, "plain"},
	{CT_F_DESTROYED, "destroyed"},
	{CT_F_DETACHED, "detached"},
	{CT_F_AWAITED, "awaited"},
	{CT_F_TAKEN, "taken"},
};

static void add_flags(struct ct_text *text, uint16_t flags)
{
	const char *before = " flags=";

	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		if (!(flags & flag_names[i].flag))
			continue;
		ct_text_addf(text, "%s%s", before, flag_names[i].name);
		before = ",";
		flags = (uint16_t)(flags & ~flag_names[i].flag);
	}
	if (flags)
		ct_text_addf(text, "%s0x%x", before, flags);
}

/* Seconds since the trace began; a damaged time may lie before. */
static void add_time(struct ct_text *text, const struct ct_trace *trace, uint64_t time)
{
	bool early = time < trace->begin;
	uint64_t ticks = early ? trace->begin - time : time - trace->begin;
	uint64_t rest = ticks % trace->frequency; /* below 10^10: see CT_FREQUENCY_MAX */

	if (trace->text)
		ct_text_addf(text, "[%" PRIu64 "]", time);
	else
		ct_text_addf(text, "[%s%" PRIu64 ".%09" PRIu64 "]", early ? "-" : "",
			     ticks / trace->frequency, rest * 1000000000u / trace->frequency);
}

/* In a text trace an object is the number of a name. */
static bool add_text_name(struct ct_text *text, const struct ct_trace *trace, uint64_t object)
{
	if (!trace->text || object == 0 || object > trace->name_count)
		return false;
	ct_text_add_printable(text, trace->names[object - 1].name);
	return true;
}

static bool named(const struct ct_field *field, const char *name)
{
	return strlen(name) == field->name_length &&
	       memcmp(name, field->name, field->name_length) == 0;
}

enum { WORDS = 6 };

/* Numbers that stand for words, by the names of their fields in payloads.def. */
static const struct {
	const char *field;
	const char *words[WORDS];
} word_fields[] = {
	{"mode", {"unlock", "shared", "exclusive"}},  /* enum ct_file_lock_mode */
	{"owner", {"process", "open_file", "flock"}}, /* enum ct_file_lock_owner */
	{"how", {NULL, "held", "came", "watched"}},   /* enum ct_caught_how */
	/* as struct ct_payload_atomic says */
	{"order", {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"}},
};

static const char *word_of(const struct ct_field *field, uint64_t value)
{
	if (named(field, "call") || named(field, "event"))
		return value <= UINT16_MAX ? ct_event_api(CT_STREAM_THREAD, (uint16_t)value) : NULL;
	for (size_t i = 0; i < sizeof(word_fields) / sizeof(word_fields[0]); i++)
		if (named(field, word_fields[i].field))
			return value < WORDS ? word_fields[i].words[value] : NULL;
	return NULL;
}

/* poll(2)'s bits. */
static void add_wanted(struct ct_text *text, uint64_t value)
{
	static const char *const names[] = {"in", "pri", "out", "err", "hup", "nval"};
	const char *before = "";

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(value >> i & 1))
			continue;
		ct_text_addf(text, "%s%s", before, names[i]);
		before = "|";
		value &= ~((uint64_t)1 << i);
	}
	if (value || !*before)
		ct_text_addf(text, "%s0x%" PRIx64, before, value);
}

/* Of an access that was caught. */
static void add_caught_kind(struct ct_text *text, uint64_t value)
{
	ct_text_addf(text, "%s%s%s%s", value & CT_ACCESS_READ ? "r" : "",
		     value & CT_ACCESS_WRITE ? "w" : "", value & CT_CAUGHT_LOCKED ? "|locked" : "",
		     value & CT_CAUGHT_LIBRARY ? "|library" : "");
}

/* The metadata has no signed numbers, but the program has. */
static bool is_signed(const struct ct_field *field)
{
	return named(field, "amount") || named(field, "code");
}

static void add_signed(struct ct_text *text, const struct ct_field *field, uint64_t value)
{
	ct_text_addf(text, "%d", field->size == 2 ? (int16_t)value : (int32_t)value);
}

static void add_number(struct ct_text *text, const struct ct_field *field, const uint8_t *at)
{
	uint64_t value = ct_field_number(at, field->size);
	const char *word = word_of(field, value);

	if (word)
		ct_text_add(text, word);
	else if (named(field, "wanted"))
		add_wanted(text, value);
	else if (named(field, "kind"))
		add_caught_kind(text, value);
	else if (is_signed(field))
		add_signed(text, field, value);
	else
		ct_text_addf(text, field->kind == CT_FIELD_ADDRESS ? "0x%" PRIx64 : "%" PRIu64,
			     value);
}

static void add_group(struct ct_text *text, const struct ct_field *field, const uint8_t *at)
{
	ct_text_addc(text, '{');
	for (unsigned i = 1; i <= field->members; i++) {
		const struct ct_field *member = field + i;

		ct_text_addf(text, "%s%.*s=", i > 1 ? " " : "", member->name_length, member->name);
		add_number(text, member, at);
		at += member->size;
	}
	ct_text_addc(text, '}');
}

static void add_elements(struct ct_text *text, const struct ct_field_value *value)
{
	const struct ct_field *field = value->field;

	if (field->size != 1)
		ct_text_addc(text, '[');
	for (uint64_t i = 0; i < value->count; i++) {
		const uint8_t *at = value->at + i * field->size;

		if (field->size == 1) { /* bytes, as a build-id is written */
			ct_text_addf(text, "%02x", *at);
			continue;
		}
		if (i > 0)
			ct_text_addc(text, ' ');
		if (field->kind == CT_FIELD_GROUP)
			add_group(text, field, at);
		else
			add_number(text, field, at);
	}
	if (field->size != 1)
		ct_text_addc(text, ']');
}

/* "{rw 4 0x7f12 stack=3}", of an array "{r 8 0x7f12 x100 +16 stack=4 libc}". */
static void add_access(struct ct_text *text, const struct ct_access_entry *entry)
{
	static const char *const kinds[] = {"volatile", "vptr", "libc"};
	uint64_t address = ct_field_number(entry->address, sizeof(entry->address));

	ct_text_addf(text, "{%s%s %u 0x%" PRIx64, entry->kind & CT_ACCESS_READ ? "r" : "",
		     entry->kind & CT_ACCESS_WRITE ? "w" : "", entry->size, address);
	if (entry->more)
		ct_text_addf(text, " x%u %+d", entry->more + 1u, (int16_t)entry->stride);
	if (entry->stack)
		ct_text_addf(text, " stack=%" PRIu32, entry->stack);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (entry->kind & CT_ACCESS_VOLATILE << i)
			ct_text_addf(text, " %s", kinds[i]);
	ct_text_addc(text, '}');
}

static void add_accesses(struct ct_text *text, const struct ct_event *event)
{
	const char *at = event->payload;
	struct ct_access_entry entry;
	uint16_t count;

	memcpy(&count, at, sizeof(count)); /* the reader gives no list without its count */
	for (size_t i = 0; i < count; i++) {
		size_t start = sizeof(count) + i * sizeof(entry);

		if (event->payload_size < start + sizeof(entry))
			break;
		memcpy(&entry, at + start, sizeof(entry));
		ct_text_addc(text, ' ');
		add_access(text, &entry);
	}
}

static bool is_count(const struct ct_layout *layout, const struct ct_field *field)
{
	for (unsigned i = 0; i < layout->field_count; i++)
		if (layout->fields[i].count_field == field - layout->fields)
			return true;
	return false;
}

static void add_payload(struct ct_text *text, const struct ct_layout *layout,
			const struct ct_event *event)
{
	struct ct_field_walk walk;
	struct ct_field_value value;

	ct_field_walk_init(&walk, layout, event->payload, event->payload_size);
	while (ct_field_walk_next(&walk, &value)) {
		const struct ct_field *field = value.field;

		if (is_count(layout, field))
			continue; /* the sequence itself follows */
		ct_text_addf(text, " %.*s=", field->name_length, field->name);
		if (field->kind == CT_FIELD_STRING)
			ct_text_add_printable(text, (const char *)value.at);
		else if (field->count_field >= 0)
			add_elements(text, &value);
		else
			add_number(text, field, value.at);
	}
}

/* A text trace says names where a recorded one has addresses. */
static void add_text_payload(struct ct_text *text, const struct ct_trace *trace,
			     const struct ct_event *event)
{
	const struct ct_event_info *info = ct_event_info(event->id);
	struct ct_payload_obj_arg payload = {0};
	bool thread =
		info->effect == CT_EFFECT_THREAD_CREATE || info->effect == CT_EFFECT_THREAD_JOIN;

	memcpy(&payload, event->payload,
	       event->payload_size < sizeof(payload) ? event->payload_size : sizeof(payload));
	ct_text_add(text, " object=");
	if (thread)
		payload.object += trace->name_count - trace->thread_count;
	if (!add_text_name(text, trace, payload.object))
		ct_text_addf(text, "%" PRIu64, payload.object);
	if (info->effect == CT_EFFECT_WAIT && payload.arg) {
		ct_text_add(text, " arg=");
		add_text_name(text, trace, payload.arg);
	} else if (info->effect == CT_EFFECT_READ || info->effect == CT_EFFECT_WRITE) {
		ct_text_addf(text, " arg=%" PRIu64, payload.arg);
	}
}

static void add_who(struct ct_text *text, const struct ct_trace *trace,
		    const struct ct_event *event)
{
	if (trace->text) {
		ct_text_addc(text, ' ');
		add_text_name(text, trace, trace->name_count - trace->thread_count + event->thread);
	} else if (event->definition) {
		ct_text_addf(text, " p%" PRIu32, event->process);
	} else {
		ct_text_addf(text, " p%" PRIu32 ":T%" PRIu32, event->process, event->thread);
	}
}

static void add_stack(struct ct_text *text, const struct ct_trace *trace,
		      const struct ct_event *event)
{
	const struct ct_trace_stack *stack = ct_trace_stack(trace, event->process, event->stack);

	if (stack && stack->text_location) {
		ct_text_add(text, " at=");
		ct_text_add_printable(text, stack->text_location);
	} else if (event->stack) {
		ct_text_addf(text, " stack=%" PRIu32, event->stack);
	}
}

void ct_event_format(struct ct_text *text, const struct ct_trace *trace,
		     const struct ct_event *event)
{
	enum ct_stream_id stream = event->definition ? CT_STREAM_DEFS : CT_STREAM_THREAD;
	enum ct_layout_id layout = ct_event_layout(stream, event->id);

	add_time(text, trace, event->time);
	add_who(text, trace, event);
	ct_text_addf(text, " %s", ct_event_api(stream, event->id));
	if (trace->text)
		add_text_payload(text, trace, event);
	else if (layout == CT_LAYOUT_ACCESSES)
		add_accesses(text, event);
	else
		add_payload(text, &ct_reader_of(trace)->layouts.of[layout], event);
	if (event->definition)
		return;
	add_stack(text, trace, event);
	add_flags(text, event->flags);
}
