#ifndef CT_REPORT_TABLE_H
#define CT_REPORT_TABLE_H
/*
 * A table of names and numbers for a terminal, at most CT_TABLE_WIDTH characters wide. Times have
 * one unit in each column, so that they line up; what is not known is "-"; a column of numbers
 * none of which is known is left out, and one of no bytes at all. Names that are too long lose
 * their middle. Failure is sticky, as in base/text.h: ct_table_print hands it on.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define CT_TABLE_WIDTH 100u
#define CT_TABLE_UNKNOWN UINT64_MAX

struct ct_text;

enum ct_table_kind {
	CT_TABLE_NAME,	/* text, to the left */
	CT_TABLE_WORD,	/* text, to the right */
	CT_TABLE_COUNT, /* "120", "12.3M" */
	CT_TABLE_TIME,	/* nanoseconds */
	CT_TABLE_BYTES,
	CT_TABLE_SHARE, /* thousandths, shown as per cent */
	CT_TABLE_RATIO, /* thousandths: "1.93" */
};

struct ct_table_column {
	const char *title;
	enum ct_table_kind kind;
};

struct ct_table_cell {
	const char *text; /* NULL: none */
	uint64_t number;
};

struct ct_table {
	const struct ct_table_column *columns; /* borrowed */
	size_t column_count;
	struct ct_table_cell *cells; /* row by row; owned */
	size_t count, cap;
	struct ct_arena arena; /* owns the texts */
	bool failed;
};

void ct_table_init(struct ct_table *table, const struct ct_table_column *columns, size_t count);
void ct_table_fini(struct ct_table *table);

/* The next cell. Text is copied and made fit for a terminal; NULL: unknown. */
void ct_table_text(struct ct_table *table, const char *text);
void ct_table_number(struct ct_table *table, uint64_t number);
/* Thousandths of it; NAN and what is negative is unknown. */
void ct_table_share(struct ct_table *table, double share);

/* Whole rows, each line two spaces in; the titles and the units first. */
void ct_table_print(const struct ct_table *table, bool color, struct ct_text *out);

/* How times are shown of which `most` is the longest. */
struct ct_table_unit {
	const char *name; /* "s", "ms", "us", "ns" */
	double divisor;
	int digits;
};
struct ct_table_unit ct_table_unit_for(uint64_t most);

#define CT_TABLE_NUMBER_BYTES 32u
/* The number as a cell; `unit`: of times, else NULL. `out` has CT_TABLE_NUMBER_BYTES. */
void ct_table_format(uint64_t number, enum ct_table_kind kind, const struct ct_table_unit *unit,
		     char *out);

/* `text`, no longer than `width` characters (6 or more): its middle becomes "...". */
void ct_table_add_cut(struct ct_text *out, const char *text, size_t width);

#endif
