#include "self_trace.h"

#include <assert.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

struct search {
	struct ct_trace_module *module;
	uint8_t *build_id;
	uint64_t address;
};

static void take_build_id(struct search *search, const char *at, const char *end)
{
	while (end - at > (long)sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const void *)at;
		const char *data = at + sizeof(*note) + ((note->n_namesz + 3u) & ~3u);

		if (note->n_type == NT_GNU_BUILD_ID && note->n_descsz <= 64) {
			memcpy(search->build_id, data, note->n_descsz);
			search->module->build_id_length = (uint16_t)note->n_descsz;
		}
		at = data + ((note->n_descsz + 3u) & ~3u);
	}
}

static int take_module(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *search = data;
	uint64_t low = UINT64_MAX, high = 0;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *phdr = &info->dlpi_phdr[i];
		uint64_t start = info->dlpi_addr + phdr->p_vaddr;

		if (phdr->p_type != PT_LOAD)
			continue;
		low = start < low ? start : low;
		high = start + phdr->p_memsz > high ? start + phdr->p_memsz : high;
	}
	if (search->address < low || search->address >= high)
		return 0;
	*search->module = (struct ct_trace_module){.process = 1,
						   .start = low,
						   .end = high,
						   .bias = info->dlpi_addr,
						   .path = info->dlpi_name,
						   .build_id = search->build_id};
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *phdr = &info->dlpi_phdr[i];
		const char *start = (const char *)info->dlpi_addr + phdr->p_vaddr;

		if (phdr->p_type == PT_NOTE)
			take_build_id(search, start, start + phdr->p_memsz);
	}
	return 1;
}

void self_trace_map(struct self_trace *self, uint64_t address)
{
	size_t i = self->trace.module_count++;
	struct search search = {&self->modules[i], self->build_ids[i], address};
	int found;

	assert(i < SELF_MODULES);
	found = dl_iterate_phdr(take_module, &search);
	assert(found);
	(void)found;
}

void self_trace_init(struct self_trace *self)
{
	ssize_t length;

	memset(self, 0, sizeof(*self));
	self->trace.modules = self->modules;
	length = readlink("/proc/self/exe", self->path, sizeof(self->path) - 1);
	assert(length > 0);
	(void)length;
	self_trace_map(self, (uint64_t)self_trace_init);
	self->modules[0].path = self->path; /* ld.so names the program itself "" */
}

uint32_t self_trace_add(struct self_trace *self, const uint64_t *frames, uint32_t depth)
{
	uint32_t i = self->stack_count++;

	assert(i < SELF_STACKS && depth <= SELF_DEPTH);
	if (depth)
		memcpy(self->frames[i], frames, depth * sizeof(*frames));
	self->stacks[i] = (struct ct_trace_stack){.frames = self->frames[i],
						  .depth = depth,
						  .modules = (uint32_t)self->trace.module_count};
	return i + 1;
}

const struct ct_trace_stack *self_trace_stack(const struct self_trace *self, uint32_t process,
					      uint32_t stack)
{
	if (process != 1 || stack == 0 || stack > self->stack_count)
		return NULL;
	return &self->stacks[stack - 1];
}
