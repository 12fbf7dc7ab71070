#ifndef CT_MODEL_UNSEEN_ORDER_H
#define CT_MODEL_UNSEEN_ORDER_H
/*
 * Code that may order threads without the trace knowing: a module that is not compiled for
 * recording and has atomic instructions of its own, such as a runtime on raw futexes (libgomp).
 * What such a module makes wait cannot be told from what really runs at the same time.
 */
#include "model/model.h"

/* Path of such a module of the process, also one that was unloaded, or NULL: there is none, or no
 * accesses were recorded anyway. A file that is gone, or changed since, may have had any code.
 * Borrowed from the trace. The files are looked into once per process. */
const char *ct_unseen_order(const struct ct_model *model, const struct ct_process *process);

/* Path of the library of the C or C++ runtime whose own data lies at an address, or NULL: a FILE, a
 * facet of a locale. The program's code touches such data where a header says how, under locks, or
 * in ways, that only the library knows. */
const char *ct_unseen_owner(const struct ct_model *model, const struct ct_process *process,
			    uint64_t address);

/* Whether x86-64 machine code has a locked cmpxchg, xadd or cmpxchg16b, or an xchg of memory next
 * to a pause. The bytes are looked for at every place, not decoded: those of other atomic
 * instructions also stand in code that has none (f0 is the end of any access at -16), so code that
 * uses only them, or xchg without a pause, is not noticed. */
bool ct_has_locked_instruction(const uint8_t *code, size_t size);

#endif
