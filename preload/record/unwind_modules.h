#ifndef CT_RECORD_UNWIND_MODULES_H
#define CT_RECORD_UNWIND_MODULES_H
/*
 * Which loaded module an address lies in, without the loader's lock: glibc's _dl_find_object
 * (2.35).
 */
#include <stdbool.h>
#include <stdint.h>

struct ct_unwind_module {
	uintptr_t start, end; /* of its mapping, holes included */
	uintptr_t index;      /* of its .eh_frame_hdr; 0: has none */
};

/* False: this libc cannot tell. Not async-signal-safe; the others are. */
bool ct_unwind_modules_init(void);
bool ct_unwind_module_find(uintptr_t address, struct ct_unwind_module *out_module);

#endif
