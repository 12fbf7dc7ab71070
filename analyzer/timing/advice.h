#ifndef CT_TIMING_ADVICE_H
#define CT_TIMING_ADVICE_H
/* What the rules of advice share. Private to advice*.c. */
#include "base/text.h"
#include "timing/timing.h"

/* "12.5 ms". */
void ct_advice_add_time(struct ct_text *text, double ns);
double ct_advice_percent(double part, double whole);
/* `rule` is static. Takes over both texts. */
CT_MUST_CHECK enum ct_status ct_advice_add(struct ct_timing *timing, const char *rule,
					   struct ct_text *text, struct ct_text *help);

/* The rule creation-overhead. */
CT_MUST_CHECK enum ct_status ct_advice_creation(struct ct_timing *timing);

#endif
