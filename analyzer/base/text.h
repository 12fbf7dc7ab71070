/*
 * A growing string, and the one escaping function of each output format.
 * Failure is sticky: after a failed append all further ones do nothing, so that a report is
 * written without checks and asked once, by ct_text_status or ct_text_write.
 * What is appended must not point into the string itself. Not thread-safe.
 */
#ifndef CT_BASE_TEXT_H
#define CT_BASE_TEXT_H

#include "base/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct ct_text {
	char *data; /* owned; terminated; NULL while nothing was ever added: see ct_text_str */
	size_t len; /* bytes, without the terminator */
	size_t cap;
	bool failed;
};

void ct_text_init(struct ct_text *text);
void ct_text_fini(struct ct_text *text);

/* Empty again, failure forgotten, memory kept. */
void ct_text_reset(struct ct_text *text);

void ct_text_add(struct ct_text *text, const char *s);
void ct_text_addn(struct ct_text *text, const char *s, size_t len);
void ct_text_addc(struct ct_text *text, char c);
void ct_text_addf(struct ct_text *text, const char *fmt, ...) CT_PRINTF(2, 3);
void ct_text_addv(struct ct_text *text, const char *fmt, va_list args) CT_PRINTF(2, 0);

/* The content, never NULL; borrowed until the next change. */
const char *ct_text_str(const struct ct_text *text);

/* CT_ENOMEM if any append failed since init or reset. */
CT_MUST_CHECK enum ct_status ct_text_status(const struct ct_text *text);

/*
 * Write everything to `fd`, also if it takes the bytes in pieces, is non-blocking, or a signal
 * interrupts. CT_EIO: errno tells why, and a part may be written. A text that failed is not
 * written: CT_ENOMEM.
 */
CT_MUST_CHECK enum ct_status ct_text_write(const struct ct_text *text, int fd);

/*
 * The escapes. They take any bytes; in all but _printable, each byte that is not part of valid
 * UTF-8 (RFC 3629) becomes U+FFFD.
 */

/* For use inside "..." in a DOT file. Newline becomes \n (a centred line); what Graphviz would
 * take for an HTML entity, and control characters that would break its SVG, are made harmless. */
void ct_text_add_dot(struct ct_text *text, const char *s);

/* For XML 1.0 and HTML, in element content and in quoted attributes. Characters that XML 1.0
 * forbids become U+FFFD; tab, newline and carriage return are kept. */
void ct_text_add_xml(struct ct_text *text, const char *s);

/* For one line on a terminal: control characters (also newline, tab and U+0080..U+009F), those that
 * turn the direction of text (U+202A..U+202E, U+2066..U+2069) and invalid bytes become \xNN per
 * byte; other UTF-8 is kept. Backslash is not doubled. */
void ct_text_add_printable(struct ct_text *text, const char *s);

/* Plain valid UTF-8 from `len` bytes, e.g. for jansson. NUL bytes become U+FFFD too: the C string
 * would end there. */
void ct_text_utf8(struct ct_text *text, const char *s, size_t len);

#endif
