#include "report/perfetto_event.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"

/* Events are gathered to this size before they are written. */
enum { CHUNK_BYTES = 65536 };

void ct_perfetto_file_init(struct ct_perfetto_file *file, const struct ct_perfetto_out *out)
{
	*file = (struct ct_perfetto_file){.out = *out};
	ct_text_init(&file->text);
	ct_map_init(&file->escaped);
	ct_arena_init(&file->arena);
}

void ct_perfetto_file_fini(struct ct_perfetto_file *file)
{
	ct_text_fini(&file->text);
	ct_map_fini(&file->escaped);
	ct_arena_fini(&file->arena);
}

static enum ct_status flush(struct ct_perfetto_file *file)
{
	enum ct_status status = ct_text_status(&file->text);

	if (status == CT_OK)
		status = file->out.write(file->out.state, ct_text_str(&file->text), file->text.len);
	ct_text_reset(&file->text);
	return status;
}

/* As JSON has it, without the quotes around it. NULL: no memory. */
static const char *escape(struct ct_perfetto_file *file, const char *text)
{
	struct ct_json json = {0};
	json_t *value = ct_json_string(&json, text);
	char *quoted = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
	const char *escaped = NULL;

	if (quoted)
		escaped = ct_arena_strndup(&file->arena, quoted + 1, strlen(quoted) - 2);
	free(quoted);
	json_decref(value);
	return escaped;
}

const char *ct_perfetto_escape(struct ct_perfetto_file *file, const char *text)
{
	const char *escaped;
	uint64_t known;

	if (ct_map_get(&file->escaped, (uintptr_t)text, &known))
		return (const char *)(uintptr_t)known;
	escaped = escape(file, text);
	if (!escaped || ct_map_put(&file->escaped, (uintptr_t)text, (uintptr_t)escaped) != CT_OK) {
		file->text.failed = true;
		return "";
	}
	return escaped;
}

void ct_perfetto_begin(struct ct_perfetto_file *file, char phase, const struct ct_process *process,
		       const struct ct_thread *thread)
{
	ct_text_add(&file->text,
		    file->begun ? ",\n" : "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
	file->begun = true;
	/* The trace's own numbers: the kernel may use one of its again. */
	ct_text_addf(&file->text, "{\"ph\":\"%c\",\"pid\":%" PRIu32, phase, process->number);
	if (thread)
		ct_text_addf(&file->text, ",\"tid\":%" PRIu64, thread->id + UINT64_C(1));
}

void ct_perfetto_add_time(struct ct_perfetto_file *file, const char *key, uint64_t time_ns)
{
	ct_text_addf(&file->text, ",\"%s\":%" PRIu64 ".%03u", key, time_ns / 1000,
		     (unsigned)(time_ns % 1000));
}

void ct_perfetto_open_args(struct ct_perfetto_file *file)
{
	ct_text_add(&file->text, ",\"args\":{");
}

void ct_perfetto_add_arg(struct ct_perfetto_file *file, const char *key, const char *value)
{
	const char *escaped = value ? ct_perfetto_escape(file, value) : NULL;
	const struct ct_text *text = &file->text;

	if (!escaped || text->failed)
		return;
	ct_text_addf(&file->text, "%s\"%s\":\"%s\"", text->data[text->len - 1] == '{' ? "" : ",",
		     key, escaped);
}

void ct_perfetto_close_args(struct ct_perfetto_file *file)
{
	ct_text_addc(&file->text, '}');
}

enum ct_status ct_perfetto_put(struct ct_perfetto_file *file)
{
	ct_text_addc(&file->text, '}');
	return file->text.len < CHUNK_BYTES ? ct_text_status(&file->text) : flush(file);
}

enum ct_status ct_perfetto_end(struct ct_perfetto_file *file)
{
	ct_text_add(&file->text, file->begun ? "\n]}\n" : "{\"traceEvents\":[]}\n");
	return flush(file);
}
