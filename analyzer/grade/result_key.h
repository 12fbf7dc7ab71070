#ifndef CT_GRADE_RESULT_KEY_H
#define CT_GRADE_RESULT_KEY_H
/*
 * A number for all that a result depends on: where it is the same, grading again would say the
 * same. It guards against accidents, not against somebody who searches for two equal ones.
 */
#include <stddef.h>
#include <stdint.h>

#define CT_KEY_BEGIN UINT64_C(0xcbf29ce484222325)

/* The key with these bytes, of which it matters where they end. */
uint64_t ct_key_add(uint64_t key, const void *data, size_t size);
uint64_t ct_key_add_text(uint64_t key, const char *text);
uint64_t ct_key_add_number(uint64_t key, uint64_t number);

#endif
