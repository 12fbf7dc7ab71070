#ifndef CT_REPORT_TRAP_WORDS_H
#define CT_REPORT_TRAP_WORDS_H
/*
 * How it is put into words whether data races of an unmodified program were looked for, the same in
 * all reports.
 */
#include <stdbool.h>

struct ct_model;
struct ct_text;

/* "data races were looked for at 412 places; threads were held for 18 ms of 100 ms allowed: races
 * may be missed", or "data races were not looked for: ...". False and nothing if the trace tells
 * nothing of that, as nobody asked for it or no thread had company. */
bool ct_trap_words(struct ct_text *out, const struct ct_model *model);

/* Why no process of those that should have been looked at was, or NULL. Static. */
const char *ct_trap_words_none(const struct ct_model *model);

/* Whether some were. */
bool ct_trap_any(const struct ct_model *model);

#endif
