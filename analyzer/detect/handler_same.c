#include "detect/handler_same.h"

#include <string.h>

#include "model/past.h"

static uint64_t hash(const char *text, size_t length)
{
	uint64_t key = 0;

	for (size_t i = 0; i < length; i++)
		key = ct_map_mix(key ^ (unsigned char)text[i]);
	return key;
}

uint64_t ct_same_address(const struct ct_modules *modules, const struct ct_process *process,
			 uint64_t address, uint64_t time)
{
	const struct ct_trace_module *module =
		ct_modules_newest(modules, process->number, address, time);

	if (!module || !module->path)
		return ct_map_mix(address);
	return ct_map_mix(hash(module->path, strlen(module->path)) ^ (address - module->bias));
}

uint64_t ct_same_object(const struct ct_modules *modules, const struct ct_object *object)
{
	const struct ct_object *first = object, *origin;

	while ((origin = ct_past_origin(first)))
		first = origin;
	if (!first->process)
		return ct_map_mix(first->id + UINT64_C(1));
	return ct_map_mix(ct_same_address(modules, first->process, first->address, first->time) ^
			  first->kind);
}

uint64_t ct_same_program(const struct ct_process *process)
{
	return process->command ? hash(process->command, process->program_length) : 0;
}
