#ifndef CT_RECORD_DEFS_H
#define CT_RECORD_DEFS_H
/*
 * Definitions: what is said once about a process. Each is one CTF packet of its own, appended to
 * p<P>.defs by a single write, which the kernel keeps apart from those of other threads: so there
 * is nothing to lock, and nothing to lose when the program is killed.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/ct_payload.h"

struct ct_process;
struct dl_find_object;

void ct_defs_process(struct ct_process *process, uint32_t creator);
/* frames: return addresses, innermost first. Modules they lie in are defined first. */
void ct_defs_stack(struct ct_process *process, uint32_t stack, const uint64_t *frames,
		   uint32_t depth);
void ct_defs_map(struct ct_process *process, const void *start, size_t size, uint64_t device,
		 uint64_t inode, uint64_t offset);
void ct_defs_unmap(struct ct_process *process, const void *start, size_t size);
void ct_defs_object_name(struct ct_process *process, const void *object, const char *name);
void ct_defs_thread_name(struct ct_process *process, uint32_t thread, const char *name);
void ct_defs_fd(struct ct_process *process, int fd, uint32_t access, uint64_t inode);
void ct_defs_socket(struct ct_process *process, uint64_t inode, const char *local,
		    const char *peer);
/* Defines the module in which an address lies, unless it has been. Takes no lock. */
void ct_defs_module_of(struct ct_process *process, uintptr_t address);

/* NULL, of length 0: it has none. */
const uint8_t *ct_defs_build_id(const struct dl_find_object *module, uint16_t *out_length);

/* Defines all modules that are loaded now. Takes the loader's lock: only where a process image
 * begins, and where the program itself is about to take it. */
void ct_defs_all_modules(struct ct_process *process);
/* Looks for a module that was defined and is no longer loaded, and says so. False: there is none;
 * call it until then. */
bool ct_defs_unload_gone(struct ct_process *process, uintptr_t *out_start, size_t *out_size);
/* Accesses of the module in which this address lies are recorded. */
void ct_defs_instrumented(struct ct_process *process, const void *within);
/* Calls made by `code` are not seen. */
void ct_defs_unseen(struct ct_process *process, enum ct_unseen why, const char *code);

#endif
