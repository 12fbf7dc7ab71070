#ifndef CT_GRADE_RUBRIC_VALUE_H
#define CT_GRADE_RUBRIC_VALUE_H
/*
 * The values that a rubric can have. Each reads the whole text; on false *out is untouched.
 */
#include <stdbool.h>
#include <stdint.h>

/* Not negative, without sign and exponent: "7.25" is 725 with a `unit` of 100. More digits after
 * the point than the unit has are refused. */
bool ct_value_decimal(const char *text, uint64_t unit, uint64_t max, uint64_t *out);
/* "64M": k, M, G of 1024. */
bool ct_value_size(const char *text, uint64_t max, uint64_t *out);
/* yes, no, true, false, on, off, 1, 0 */
bool ct_value_flag(const char *text, bool *out);

#endif
