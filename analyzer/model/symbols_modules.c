#include "model/symbols_modules.h"

#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* The modules of a process usually stand together, so a search looks at few of the others. */
struct span {
	uint32_t first, end;
};

static struct span span_of(const struct ct_modules *modules, uint32_t process)
{
	uint64_t value = 0;

	ct_map_get(&modules->spans, process, &value);
	return (struct span){(uint32_t)(value >> 32), (uint32_t)value};
}

enum ct_status ct_modules_init(struct ct_modules *modules, const struct ct_trace *trace,
			       struct ct_arena *arena)
{
	memset(modules, 0, sizeof(*modules));
	modules->trace = trace;
	modules->arena = arena;
	ct_map_init(&modules->spans);
	ct_names_init(&modules->keys, arena);
	modules->of_module = calloc(trace->module_count + 1, sizeof(struct ct_binary *));
	if (!modules->of_module)
		return CT_ENOMEM;
	for (size_t i = 0; i < trace->module_count && i < UINT32_MAX; i++) {
		uint32_t process = trace->modules[i].process;
		struct span span = span_of(modules, process);
		enum ct_status status;

		if (span.end == 0)
			span.first = (uint32_t)i;
		span.end = (uint32_t)i + 1;
		status =
			ct_map_put(&modules->spans, process, (uint64_t)span.first << 32 | span.end);
		if (status)
			return status;
	}
	return CT_OK;
}

void ct_modules_fini(struct ct_modules *modules)
{
	for (uint32_t i = 0; i < ct_names_count(&modules->keys) && i < modules->binary_cap; i++) {
		if (modules->binaries[i])
			ct_binary_close(modules->binaries[i]);
	}
	free(modules->of_module);
	free(modules->binaries);
	free(modules->warnings);
	ct_names_fini(&modules->keys);
	ct_map_fini(&modules->spans);
}

static bool contains(const struct ct_trace_module *module, uint32_t process, uint64_t address)
{
	return module->process == process && module->start <= address && address < module->end;
}

static bool was_loaded(const struct ct_trace_module *module, const struct ct_trace_stack *stack)
{
	return !module->unload || module->unload > stack->unloads;
}

/* A library may be unloaded, and another one mapped in its place: the later definition counts. */
const struct ct_trace_module *ct_modules_find(const struct ct_modules *modules, uint32_t process,
					      const struct ct_trace_stack *stack, uint64_t address)
{
	struct span span = span_of(modules, process);
	uint32_t end = stack->modules < span.end ? stack->modules : span.end;

	for (uint32_t i = end; i > span.first; i--) {
		const struct ct_trace_module *module = &modules->trace->modules[i - 1];

		if (module->image == stack->image && was_loaded(module, stack) &&
		    contains(module, process, address))
			return module;
	}
	return NULL;
}

const struct ct_trace_module *ct_modules_newest(const struct ct_modules *modules, uint32_t process,
						uint64_t address, uint64_t time)
{
	struct span span = span_of(modules, process);

	for (uint32_t i = span.end; i > span.first; i--) {
		const struct ct_trace_module *module = &modules->trace->modules[i - 1];

		if ((!module->unload || module->end_time > time) &&
		    contains(module, process, address))
			return module;
	}
	return NULL;
}

static const char *reason(enum ct_binary_state state)
{
	switch (state) {
	case CT_BINARY_MISSING:
		return "cannot be read";
	case CT_BINARY_CHANGED:
		return "changed since it ran (build-id differs)";
	case CT_BINARY_FOREIGN:
		return "is not an executable or library";
	default:
		return NULL;
	}
}

static enum ct_status warn(struct ct_modules *modules, const char *path, const char *why)
{
	const char *line;
	enum ct_status status;

	status = ct_vec_grow(&modules->warnings, &modules->warning_cap, modules->warning_count + 1,
			     sizeof(*modules->warnings));
	if (status)
		return status;
	line = ct_arena_printf(modules->arena, "%s: %s; its functions are not named", path, why);
	if (!line)
		return CT_ENOMEM;
	modules->warnings[modules->warning_count++] = line;
	return CT_OK;
}

static struct ct_binary *open_binary(struct ct_modules *modules,
				     const struct ct_trace_module *module)
{
	struct ct_binary *binary = ct_arena_alloc(modules->arena, sizeof(*binary));
	enum ct_binary_state state;

	if (!binary)
		return NULL;
	ct_binary_open(binary, modules->arena, module->path, module->build_id,
		       module->build_id_length, &state);
	if (reason(state) && warn(modules, module->path, reason(state))) {
		ct_binary_close(binary);
		return NULL;
	}
	return binary;
}

static enum ct_status key_of(struct ct_modules *modules, const struct ct_trace_module *module,
			     uint32_t *out_key)
{
	struct ct_text text;
	enum ct_status status;

	ct_text_init(&text);
	for (uint16_t i = 0; i < module->build_id_length; i++)
		ct_text_addf(&text, "%02x", module->build_id[i]);
	ct_text_addf(&text, " %s", module->path);
	status = ct_text_status(&text);
	if (!status)
		status = ct_names_intern(&modules->keys, ct_text_str(&text), out_key);
	ct_text_fini(&text);
	return status;
}

/* The array is as long as its capacity; what was never opened is NULL. */
static enum ct_status make_room(struct ct_modules *modules, uint32_t key)
{
	size_t before = modules->binary_cap;
	enum ct_status status;

	status = ct_vec_grow(&modules->binaries, &modules->binary_cap, (size_t)key + 1,
			     sizeof(struct ct_binary *));
	if (status)
		return status;
	for (size_t i = before; i < modules->binary_cap; i++)
		modules->binaries[i] = NULL;
	return CT_OK;
}

struct ct_binary *ct_modules_binary(struct ct_modules *modules,
				    const struct ct_trace_module *module)
{
	struct ct_binary **known = &modules->of_module[module - modules->trace->modules];
	uint32_t key;

	if (*known)
		return *known;
	if (key_of(modules, module, &key) || make_room(modules, key))
		return NULL;
	if (!modules->binaries[key])
		modules->binaries[key] = open_binary(modules, module);
	*known = modules->binaries[key];
	return *known;
}
