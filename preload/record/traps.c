#include "record/traps.h"

const struct ct_trap_calls *ct_traps;
