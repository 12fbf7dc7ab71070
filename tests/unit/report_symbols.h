/*
 * A symbolizer that knows the stacks it was given and nothing else. To be included by one test
 * program once: it answers the functions of model/symbols.h itself, so that the real ones are not
 * linked.
 */
#ifndef CT_TESTS_REPORT_SYMBOLS_H
#define CT_TESTS_REPORT_SYMBOLS_H

#include "model/symbols.h"

enum { FIXTURE_DEPTH = 24, FIXTURE_STACKS = 8 };

/* Stack n is stacks[n - 1]; stack 0 is not known. */
struct ct_symbols {
	struct ct_frame stacks[FIXTURE_STACKS][FIXTURE_DEPTH];
	size_t depths[FIXTURE_STACKS];
	const char *variable;	    /* at address 0x1000 */
	struct ct_symbol_data data; /* there, and at byte 16 of a block of 64 */
	const char *warnings[16];
	size_t warning_count;
};

size_t ct_symbols_stack(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
			const struct ct_frame **out_frames)
{
	(void)process;
	if (stack == 0 || stack > FIXTURE_STACKS)
		return 0;
	*out_frames = symbols->stacks[stack - 1];
	return symbols->depths[stack - 1];
}

const char *ct_symbols_variable(struct ct_symbols *symbols, uint32_t process, uint64_t address,
				uint64_t time)
{
	(void)process;
	(void)time;
	return address == 0x1000 ? symbols->variable : NULL;
}

const char *ct_symbols_file(struct ct_symbols *symbols, uint32_t process, uint64_t address,
			    uint64_t time, uint64_t *out_offset)
{
	(void)symbols;
	(void)process;
	(void)time;
	*out_offset = address - 0x2000;
	return address >= 0x2000 && address < 0x3000 ? "/src/bank" : NULL;
}

bool ct_symbols_data(struct ct_symbols *symbols, uint32_t process, uint64_t address, uint64_t size,
		     uint64_t time, struct ct_symbol_data *out)
{
	(void)process;
	(void)size;
	(void)time;
	*out = symbols->data;
	return address == 0x1000 && out->name;
}

bool ct_symbols_block(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		      uint64_t block_size, uint64_t offset, uint64_t size,
		      struct ct_symbol_data *out)
{
	(void)process;
	(void)stack;
	(void)size;
	*out = symbols->data;
	return out->name && block_size == 64 && offset == 16;
}

bool ct_symbols_local(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		      uint64_t address, uint64_t size, struct ct_symbol_data *out)
{
	(void)process;
	(void)address;
	(void)size;
	*out = symbols->data;
	return out->name && stack == 3;
}

const char *ct_symbols_thread_local(struct ct_symbols *symbols, uint32_t process, uint64_t pointer,
				    uint64_t address, uint64_t time)
{
	(void)process;
	(void)time;
	return pointer == address + 8 ? symbols->variable : NULL;
}

size_t ct_symbols_warnings(const struct ct_symbols *symbols, const char *const **out_lines)
{
	*out_lines = symbols->warnings;
	return symbols->warning_count;
}

static inline void symbols_frame(struct ct_symbols *symbols, uint32_t stack, const char *function,
				 const char *file, int line)
{
	size_t *depth = &symbols->depths[stack - 1];

	symbols->stacks[stack - 1][(*depth)++] = (struct ct_frame){
		.function = function, .file = file, .line = line, .module = "/src/bank"};
}

static inline void symbols_frame_in(struct ct_symbols *symbols, uint32_t stack,
				    const char *function, const char *module, uint64_t offset)
{
	size_t *depth = &symbols->depths[stack - 1];

	symbols->stacks[stack - 1][(*depth)++] =
		(struct ct_frame){.function = function, .module = module, .offset = offset};
}

#endif
