#ifndef CT_REPORT_TIMING_TEXT_PARTS_H
#define CT_REPORT_TIMING_TEXT_PARTS_H
/*
 * The sections of the text report of a timing. Each appends itself with an empty line before it, or
 * nothing if there is nothing to say. Private to timing_*.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_text;
struct ct_timing;
struct ct_timing_text_options;

struct ct_timing_text {
	struct ct_text *out;
	const struct ct_timing *timing;
	const struct ct_timing_text_options *options;
};

/* An empty line, then "title: " and what follows, or "title" and a newline. */
void ct_timing_text_title(const struct ct_timing_text *text, const char *title);
/* "1 lock", "3 locks" */
void ct_timing_text_count(struct ct_text *out, uint64_t count, const char *one, const char *many);
/* `paragraph`, two spaces in, broken at blanks. Not of the program: it is made printable. */
void ct_timing_text_wrap(struct ct_text *out, const char *paragraph);
/* The same, with its first line not indented. */
void ct_timing_text_hang(struct ct_text *out, const char *paragraph);

void ct_timing_text_summary(const struct ct_timing_text *text);
void ct_timing_text_threads(const struct ct_timing_text *text);
void ct_timing_text_waits(const struct ct_timing_text *text);
void ct_timing_text_locks(const struct ct_timing_text *text);
void ct_timing_text_critical(const struct ct_timing_text *text);
void ct_timing_text_parallelism(const struct ct_timing_text *text);
void ct_timing_text_regions(const struct ct_timing_text *text);
void ct_timing_text_processes(const struct ct_timing_text *text);
void ct_timing_text_interpreters(const struct ct_timing_text *text);
void ct_timing_text_advice(const struct ct_timing_text *text);

#endif
