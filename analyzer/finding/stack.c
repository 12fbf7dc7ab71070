#include "finding/stack.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "model/names.h"

static bool starts_with(const char *text, const char *prefix)
{
	return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *ct_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *ct_path_below(const char *directory, const char *path)
{
	size_t len = directory ? strlen(directory) : 0;
	const char *rest;

	while (len && directory[len - 1] == '/')
		len--;
	if (!len || strncmp(path, directory, len) != 0 || path[len] != '/')
		return path;
	rest = path + len + strspn(path + len, "/");
	return *rest ? rest : path;
}

static bool is_in_module(const struct ct_frame *frame, const char *base)
{
	return frame->module && starts_with(ct_path_base(frame->module), base);
}

static bool is_recorder(const struct ct_frame *frame)
{
	return is_in_module(frame, "libconctrace.so");
}

/* Compiled into the program, but not written by its author: std::mutex::lock and the like. */
static bool is_system_header(const struct ct_frame *frame)
{
	return starts_with(frame->file, "/usr/include/") || starts_with(frame->file, "/usr/lib/");
}

/* What stands outside main or a thread's start routine. A stripped libc gives these frames the
 * name of whatever symbol stands before them, so that the module counts and not only the name. */
static bool starts_threads(const struct ct_frame *frame)
{
	static const char *const functions[] = {
		"_start",
		"__libc_start_main",
		"__libc_start_call_main",
		"__libc_start_main_impl",
		"start_thread",
		"clone",
		"clone3",
		"__clone",
		"__clone3",
	};
	static const char *const modules[] = {"libc.so", "libc-", "libpthread", "ld-linux",
					      "libstdc++.so"};

	if (is_recorder(frame) || is_system_header(frame))
		return true;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (is_in_module(frame, modules[i]))
			return true;
	for (size_t i = 0; frame->function && i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strcmp(frame->function, functions[i]) == 0)
			return true;
	return false;
}

void ct_stack_shown(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		    struct ct_shown_stack *out)
{
	const struct ct_frame *frames = NULL;
	size_t count = 0, first = 0, end;

	if (symbols && stack)
		count = ct_symbols_stack(symbols, process, stack, &frames);
	while (first < count && is_recorder(&frames[first]))
		first++;
	end = count;
	while (end > first && starts_threads(&frames[end - 1]))
		end--;
	/* A thread of libc's own has nothing else. */
	if (end == first)
		end = count;
	out->frames = frames ? frames + first : NULL;
	out->count = end - first;
	out->top = ct_name_own_frame(out->frames, out->count);
	if (!out->top && out->count)
		out->top = out->frames;
}

bool ct_frame_add_location(struct ct_text *out, const struct ct_frame *frame, const char *directory)
{
	if (frame->file) {
		ct_text_add_printable(out, ct_path_below(directory, frame->file));
		if (frame->line > 0)
			ct_text_addf(out, ":%d", frame->line);
		return true;
	}
	if (!frame->module)
		return false;
	ct_text_add_printable(out, ct_path_base(frame->module));
	ct_text_addf(out, "+0x%" PRIx64, frame->offset);
	return true;
}

void ct_frame_add(struct ct_text *out, const struct ct_frame *frame, const char *directory)
{
	if (!frame->function) {
		if (!ct_frame_add_location(out, frame, directory))
			ct_text_add(out, "a place that is not known");
		return;
	}
	ct_text_add_printable(out, frame->function);
	if (!frame->file && !frame->module)
		return;
	ct_text_add(out, " (");
	ct_frame_add_location(out, frame, directory);
	ct_text_add(out, frame->inlined ? ", inlined)" : ")");
}
