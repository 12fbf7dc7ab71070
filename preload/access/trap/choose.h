#ifndef CT_ACCESS_TRAP_CHOOSE_H
#define CT_ACCESS_TRAP_CHOOSE_H
/*
 * Which instructions of a module become sites: its functions are decoded in random order until
 * there are enough sites, or it has taken long enough.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access/trap/decode.h"
#include "access/trap/functions.h"
#include "access/trap/module.h"
#include "access/trap/site.h"

struct ct_site_list {
	struct ct_site *items; /* function by function, in the order they were decoded */
	size_t count, most;
};

/* Appends the sites of a module and says in each function which are its own. `time_ns` bounds how
 * long it computes. False: memory is short. */
bool ct_choose(const struct ct_decoder *decoder, const struct ct_module *module,
	       struct ct_functions *functions, uint64_t time_ns, struct ct_site_list *list);

/* Whether the module's code has an instruction that calls the system; true, too, if that cannot be
 * told. */
bool ct_choose_calls_system(const struct ct_decoder *decoder, const struct ct_module *module,
			    const struct ct_functions *functions);

#endif
