#ifndef CT_MODEL_UNSAFE_CALLS_H
#define CT_MODEL_UNSAFE_CALLS_H
/* The functions of format/unsafe.def: what handlers must not call, as unsafe_call records name it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "format/ct_unsafe.h"

/* "printf"; NULL: no such function. */
const char *ct_unsafe_name(uint64_t which);
/* Whether it works on a stream. */
bool ct_unsafe_is_stdio(uint64_t which);

#endif
