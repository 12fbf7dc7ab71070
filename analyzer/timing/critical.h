#ifndef CT_TIMING_CRITICAL_H
#define CT_TIMING_CRITICAL_H
/* What tests want to know of the critical path beyond parts.h: how much is kept for it. */
#include "timing/parts.h"

/* Links of paths that are kept now, see chain.h. */
size_t ct_part_critical_links(const struct ct_part_critical *part);

#endif
