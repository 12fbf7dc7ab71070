#ifndef CT_SYS_LINE_H
#define CT_SYS_LINE_H
/*
 * Bounded text building without stdio: a line is cut, never overrun, and always ends in NUL.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_line {
	char *start, *at, *end; /* `end` is the last byte, kept for the NUL */
	bool cut;
};

void ct_line_init(struct ct_line *line, char *buffer, size_t size);
void ct_line_add(struct ct_line *line, const char *text);
void ct_line_add_char(struct ct_line *line, char c);
void ct_line_add_u64(struct ct_line *line, uint64_t value);
/* Exactly `digits` hexadecimal digits. */
void ct_line_add_hex(struct ct_line *line, uint64_t value, int digits);

size_t ct_str_length(const char *text);
bool ct_str_equal(const char *a, const char *b);
/* Whether `text` begins with `prefix`. */
bool ct_str_begins(const char *text, const char *prefix);
/* What stands after the last '/'. */
const char *ct_str_base(const char *path);
/* Decimal number at *text; moves *text behind it. False if there is none or it overflows. */
bool ct_str_u64(const char **text, uint64_t *out_value);

#endif
