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
	const char *variable; /* at address 0x1000 */
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
