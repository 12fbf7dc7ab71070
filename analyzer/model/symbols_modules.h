/*
 * Which file was mapped at an address, for each process and program of the trace.
 */
#ifndef CT_MODEL_SYMBOLS_MODULES_H
#define CT_MODEL_SYMBOLS_MODULES_H

#include "base/arena.h"
#include "base/map.h"
#include "model/symbols_binary.h"
#include "reader/reader.h"

struct ct_modules {
	const struct ct_trace *trace; /* borrowed */
	struct ct_arena *arena;	      /* borrowed */
	struct ct_map spans;  /* process -> first and last + 1 of its modules, 32 bits each */
	struct ct_names keys; /* path and build-id, numbered as `binaries` */
	struct ct_binary **binaries; /* owned array, NULL: not yet opened */
	size_t binary_cap;
	struct ct_binary **of_module; /* owned array, by index in the trace: borrowed, or NULL */
	const char **warnings;	      /* owned array of strings in the arena */
	size_t warning_count, warning_cap;
};

/* On CT_ENOMEM it is still to be released. */
CT_MUST_CHECK enum ct_status ct_modules_init(struct ct_modules *modules,
					     const struct ct_trace *trace, struct ct_arena *arena);
void ct_modules_fini(struct ct_modules *modules);

/* The module at a code address of a stack, or NULL. */
const struct ct_trace_module *ct_modules_find(const struct ct_modules *modules, uint32_t process,
					      const struct ct_trace_stack *stack, uint64_t address);

/* The newest module at an address that was not unloaded before that time, or NULL. */
const struct ct_trace_module *ct_modules_newest(const struct ct_modules *modules, uint32_t process,
						uint64_t address, uint64_t time);

/* Its file, opened on first use; an unusable one has been warned of. NULL if memory ran out. */
struct ct_binary *ct_modules_binary(struct ct_modules *modules,
				    const struct ct_trace_module *module);

#endif
