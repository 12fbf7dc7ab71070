#ifndef CT_ACCESS_TRAP_VALUE_H
#define CT_ACCESS_TRAP_VALUE_H
/* Reads memory of the program that another thread may unmap at any moment. Async-signal-safe. */
#include <stdbool.h>
#include <stdint.h>

/* From here on without process_vm_readv(), which a filter of system calls may punish. */
void ct_value_restrict(void);
/* The first eight bytes there, or `size`, if less. False: they cannot be read. */
bool ct_value_read(uintptr_t address, uint32_t size, uint64_t *out);

#endif
