#include "model/symbols.h"

#include "base/arena.h"
#include "base/map.h"
#include "model/symbols_binary.h"
#include "model/symbols_modules.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct ct_symbols {
	const struct ct_trace *trace; /* borrowed */
	struct ct_arena arena;
	struct ct_modules modules;
	struct ct_map stacks; /* process << 32 | stack -> struct ct_frame_run, in the arena */
};

enum ct_status ct_symbols_new(const struct ct_trace *trace, struct ct_symbols **out_symbols)
{
	struct ct_symbols *symbols = calloc(1, sizeof(*symbols));
	enum ct_status status;

	if (!symbols)
		return CT_ENOMEM;
	symbols->trace = trace;
	ct_arena_init(&symbols->arena);
	ct_map_init(&symbols->stacks);
	status = ct_modules_init(&symbols->modules, trace, &symbols->arena);
	if (status) {
		ct_symbols_free(symbols);
		return status;
	}
	*out_symbols = symbols;
	return CT_OK;
}

void ct_symbols_free(struct ct_symbols *symbols)
{
	if (!symbols)
		return;
	ct_modules_fini(&symbols->modules);
	ct_map_fini(&symbols->stacks);
	ct_arena_fini(&symbols->arena);
	free(symbols);
}

/* "main.c:12" is a file and a line; anything else is shown as it stands, in place of a file. */
static const struct ct_frame_run *text_run(struct ct_symbols *symbols, const char *location)
{
	struct ct_frame *frame = ct_arena_alloc(&symbols->arena, sizeof(*frame));
	struct ct_frame_run *run = ct_arena_alloc(&symbols->arena, sizeof(*run));
	const char *colon = strrchr(location, ':');
	size_t length = strlen(location);
	long line = 0;

	if (colon && colon > location && isdigit((unsigned char)colon[1])) {
		char *end;
		long number = strtol(colon + 1, &end, 10);

		if (*end == '\0' && number > 0 && number <= INT_MAX) {
			line = number;
			length = (size_t)(colon - location);
		}
	}
	if (!frame || !run)
		return NULL;
	frame->file = ct_arena_strndup(&symbols->arena, location, length);
	frame->line = (int)line;
	*run = (struct ct_frame_run){frame, 1};
	return frame->file ? run : NULL;
}

/* What one return address stands for; of unknown memory, itself. False if memory ran out. */
static bool look_up(struct ct_symbols *symbols, uint32_t process,
		    const struct ct_trace_stack *stack, uint64_t address,
		    struct ct_frame_run *out_run, struct ct_frame *out_unknown)
{
	const struct ct_trace_module *module =
		ct_modules_find(&symbols->modules, process, stack, address - 1);
	struct ct_binary *binary;
	const struct ct_frame_run *run;

	if (!module) {
		*out_unknown = (struct ct_frame){.offset = address};
		*out_run = (struct ct_frame_run){out_unknown, 1};
		return true;
	}
	binary = ct_modules_binary(&symbols->modules, module);
	run = binary ? ct_binary_frames(binary, address - module->bias) : NULL;
	if (run)
		*out_run = *run;
	return run;
}

/* A handler's stack has some in the middle: they are nobody's who reads it. */
static bool is_recorder(const struct ct_frame_run *run)
{
	const char *path = run->count ? run->frames[0].module : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;
	const char *name = slash ? slash + 1 : path;

	return name && strncmp(name, "libconctrace.so", strlen("libconctrace.so")) == 0;
}

/* All frames of a stack but the recorder's, copied to `frames` if that is not NULL. Returns their
 * number, or 0. */
static size_t expand(struct ct_symbols *symbols, uint32_t process,
		     const struct ct_trace_stack *stack, struct ct_frame *frames)
{
	size_t count = 0;

	for (uint32_t i = 0; i < stack->depth; i++) {
		struct ct_frame unknown;
		struct ct_frame_run run;

		if (!look_up(symbols, process, stack, stack->frames[i], &run, &unknown))
			return 0;
		if (is_recorder(&run))
			continue;
		if (frames)
			memcpy(frames + count, run.frames, run.count * sizeof(*frames));
		count += run.count;
	}
	return count;
}

static const struct ct_frame_run *stack_run(struct ct_symbols *symbols, uint32_t process,
					    const struct ct_trace_stack *stack)
{
	struct ct_frame_run *run;
	struct ct_frame *frames;
	size_t count;

	if (stack->text_location)
		return text_run(symbols, stack->text_location);
	count = expand(symbols, process, stack, NULL);
	run = ct_arena_alloc(&symbols->arena, sizeof(*run));
	frames = ct_arena_calloc(&symbols->arena, count, sizeof(*frames));
	if (!run || !frames || expand(symbols, process, stack, frames) != count)
		return NULL;
	*run = (struct ct_frame_run){frames, count};
	return run;
}

size_t ct_symbols_stack(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
			const struct ct_frame **out_frames)
{
	uint64_t key = (uint64_t)process << 32 | stack, cached;
	const struct ct_trace_stack *definition;
	const struct ct_frame_run *run;

	if (ct_map_get(&symbols->stacks, key, &cached)) {
		run = (const struct ct_frame_run *)(uintptr_t)cached;
	} else {
		definition = stack ? ct_trace_stack(symbols->trace, process, stack) : NULL;
		run = definition ? stack_run(symbols, process, definition) : NULL;
		if (!run)
			return 0;
		/* If the cache cannot grow, the next call does the work again. */
		(void)!ct_map_put(&symbols->stacks, key, (uintptr_t)run);
	}
	*out_frames = run->frames;
	return run->count;
}

const char *ct_symbols_variable(struct ct_symbols *symbols, uint32_t process, uint64_t address,
				uint64_t time)
{
	const struct ct_trace_module *module =
		ct_modules_newest(&symbols->modules, process, address, time);
	struct ct_binary *binary = module ? ct_modules_binary(&symbols->modules, module) : NULL;

	return binary ? ct_binary_variable(binary, address - module->bias) : NULL;
}

bool ct_symbols_data(struct ct_symbols *symbols, uint32_t process, uint64_t address, uint64_t size,
		     uint64_t time, struct ct_symbol_data *out)
{
	const struct ct_trace_module *module =
		ct_modules_newest(&symbols->modules, process, address, time);
	struct ct_binary *binary = module ? ct_modules_binary(&symbols->modules, module) : NULL;

	return binary && ct_binary_data(binary, address - module->bias, size, out);
}

/* Whether the accesses of its code are recorded. */
static bool is_instrumented(const struct ct_trace *trace, const struct ct_trace_module *module)
{
	for (size_t i = 0; i < trace->instrumented_count; i++) {
		const struct ct_trace_instrumented *at = &trace->instrumented[i];

		if (at->process == module->process && at->image == module->image &&
		    module->start <= at->address && at->address < module->end)
			return true;
	}
	return false;
}

/* The file of the code that frame `i` returns to, and where in that. NULL: not known. */
static struct ct_binary *binary_of_frame(struct ct_symbols *symbols, uint32_t process,
					 const struct ct_trace_stack *stack, uint32_t i,
					 uint64_t *out_return_address)
{
	const struct ct_trace_module *module =
		ct_modules_find(&symbols->modules, process, stack, stack->frames[i] - 1);

	if (!module)
		return NULL;
	*out_return_address = stack->frames[i] - module->bias;
	return ct_modules_binary(&symbols->modules, module);
}

struct ct_binary *ct_symbols_code(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
				  uint64_t *out_return_address)
{
	const struct ct_trace_stack *definition = ct_trace_stack(symbols->trace, process, stack);

	return definition && definition->depth
		       ? binary_of_frame(symbols, process, definition, 0, out_return_address)
		       : NULL;
}

struct ct_binary *ct_symbols_memory(struct ct_symbols *symbols, uint32_t process, uint64_t address,
				    uint64_t time, uint64_t *out_address)
{
	const struct ct_trace_module *module =
		ct_modules_newest(&symbols->modules, process, address, time);

	if (!module)
		return NULL;
	*out_address = address - module->bias;
	return ct_modules_binary(&symbols->modules, module);
}

const char *ct_symbols_file(struct ct_symbols *symbols, uint32_t process, uint64_t address,
			    uint64_t time, uint64_t *out_offset)
{
	const struct ct_trace_module *module =
		ct_modules_newest(&symbols->modules, process, address, time);

	if (!module)
		return NULL;
	*out_offset = address - module->bias;
	return module->path;
}

bool ct_symbols_block(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		      uint64_t block_size, uint64_t offset, uint64_t size,
		      struct ct_symbol_data *out)
{
	const struct ct_trace_stack *definition = ct_trace_stack(symbols->trace, process, stack);

	for (uint32_t i = 0; definition && i < definition->depth; i++) {
		uint64_t address;
		struct ct_binary *binary =
			binary_of_frame(symbols, process, definition, i, &address);

		if (binary && ct_binary_block(binary, address, block_size, offset, size, out))
			return out->name;
	}
	return false;
}

bool ct_symbols_local(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		      uint64_t address, uint64_t size, struct ct_symbol_data *out)
{
	const struct ct_trace_stack *definition = ct_trace_stack(symbols->trace, process, stack);
	struct ct_local_search search = {.address = address, .size = size};
	struct ct_symbol_data data = {0};

	for (uint32_t i = 0; definition && i < definition->depth; i++) {
		const struct ct_trace_module *module = ct_modules_find(
			&symbols->modules, process, definition, definition->frames[i] - 1);
		struct ct_binary *binary = NULL;
		uint64_t return_address;

		/* accesses to other code's variables would not be known */
		if (module && is_instrumented(symbols->trace, module))
			binary = binary_of_frame(symbols, process, definition, i, &return_address);
		if (binary)
			ct_binary_local(binary, return_address, &search, &data);
	}
	if (!search.found || search.several || !data.name)
		return false;
	*out = data;
	return true;
}

/* What a process runs itself stands first among its modules. */
static const struct ct_trace_module *executable_of(const struct ct_trace *trace, uint32_t process,
						   uint64_t time)
{
	const struct ct_trace_module *found = NULL;

	for (size_t i = 0; i < trace->module_count; i++) {
		const struct ct_trace_module *module = &trace->modules[i];

		if (module->process == process && module->time <= time &&
		    (!found || module->image != found->image))
			found = module;
	}
	return found;
}

const char *ct_symbols_thread_local(struct ct_symbols *symbols, uint32_t process, uint64_t pointer,
				    uint64_t address, uint64_t time)
{
	const struct ct_trace_module *module = executable_of(symbols->trace, process, time);
	struct ct_binary *binary = module ? ct_modules_binary(&symbols->modules, module) : NULL;

	return binary && address < pointer ? ct_binary_thread_local(binary, pointer - address)
					   : NULL;
}

size_t ct_symbols_warnings(const struct ct_symbols *symbols, const char *const **out_lines)
{
	*out_lines = symbols->modules.warnings;
	return symbols->modules.warning_count;
}
