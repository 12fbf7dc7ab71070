#ifndef CT_MODEL_MODULE_FILE_H
#define CT_MODEL_MODULE_FILE_H
/* Looks into the file of a module that ran. */
#include <libelf.h>
#include <stdbool.h>

#include "reader/trace.h"

/* Asks `has` of the file. False: it could not be looked into, or is not the one that ran, and
 * nothing was asked. */
bool ct_module_file_ask(const struct ct_trace_module *module, bool (*has)(Elf *elf, void *context),
			void *context, bool *out_has);

#endif
