#include "base/text.h"

#include <stdint.h>
#include <string.h>

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */

/* One character, or one byte that is not part of any. */
struct glyph {
	uint32_t code;
	size_t len; /* bytes, at least 1 */
	bool valid;
};

/*
 * The character at the start of `s`, which holds `n` > 0 bytes.
 * Refuses overlong forms, surrogates and codes above U+10FFFF (RFC 3629, section 4).
 */
static struct glyph next_glyph(const char *s, size_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *byte = (const unsigned char *)s;
	struct glyph bad = {.code = byte[0], .len = 1, .valid = false};
	struct glyph got = {.valid = true};

	if (byte[0] < 0x80)
		return (struct glyph){.code = byte[0], .len = 1, .valid = true};
	if (byte[0] < 0xc2 || byte[0] > 0xf4)
		return bad;
	got.len = byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
	if (got.len > n)
		return bad;
	got.code = byte[0] & (0x7fu >> got.len);
	for (size_t i = 1; i < got.len; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return bad;
		got.code = got.code << 6 | (byte[i] & 0x3f);
	}
	if (got.code < least[got.len] || got.code > 0x10ffff ||
	    (got.code >= 0xd800 && got.code <= 0xdfff))
		return bad;
	return got;
}

/* The characters that no XML 1.0 document may hold, not even as a reference (section 2.2). */
static bool xml_forbids(uint32_t code)
{
	if (code < 0x20)
		return code != '\t' && code != '\n' && code != '\r';
	return code == 0xfffe || code == 0xffff;
}

/* Does `s`, which begins with '&', begin with what Graphviz takes for an HTML entity? */
static bool looks_like_entity(const char *s)
{
	static const char inside[] = "#0123456789"
				     "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strspn(s + 1, inside);

	return len > 0 && s[1 + len] == ';';
}

/* What stands for `code` in a DOT string, or NULL if it stands for itself. */
static const char *dot_escape(uint32_t code, const char *s)
{
	switch (code) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '&':
		return looks_like_entity(s) ? "&amp;" : NULL;
	default:
		return xml_forbids(code) ? REPLACEMENT : NULL;
	}
}

static const char *xml_escape(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;"; /* HTML 4 does not know &apos; */
	default:
		return xml_forbids(code) ? REPLACEMENT : NULL;
	}
}

static void add_glyph(struct ct_text *text, const char *s, size_t len, const char *instead)
{
	if (instead)
		ct_text_add(text, instead);
	else
		ct_text_addn(text, s, len);
}

void ct_text_add_dot(struct ct_text *text, const char *s)
{
	size_t left = strlen(s);

	while (left) {
		struct glyph g = next_glyph(s, left);

		add_glyph(text, s, g.len, g.valid ? dot_escape(g.code, s) : REPLACEMENT);
		s += g.len;
		left -= g.len;
	}
}

void ct_text_add_xml(struct ct_text *text, const char *s)
{
	size_t left = strlen(s);

	while (left) {
		struct glyph g = next_glyph(s, left);

		add_glyph(text, s, g.len, g.valid ? xml_escape(g.code) : REPLACEMENT);
		s += g.len;
		left -= g.len;
	}
}

/* Not what a terminal obeys (C0, C1), nor what shows the text after it in another order: the
 * embeddings, overrides and isolates of the Unicode Bidirectional Algorithm. */
static bool is_printable(uint32_t code)
{
	return code >= 0x20 && (code < 0x7f || code > 0x9f) && (code < 0x202a || code > 0x202e) &&
	       (code < 0x2066 || code > 0x2069);
}

void ct_text_add_printable(struct ct_text *text, const char *s)
{
	size_t left = strlen(s);

	while (left) {
		struct glyph g = next_glyph(s, left);

		if (g.valid && is_printable(g.code)) {
			ct_text_addn(text, s, g.len);
		} else {
			for (size_t i = 0; i < g.len; i++)
				ct_text_addf(text, "\\x%02X", (unsigned int)(unsigned char)s[i]);
		}
		s += g.len;
		left -= g.len;
	}
}

void ct_text_utf8(struct ct_text *text, const char *s, size_t len)
{
	while (len) {
		struct glyph g = next_glyph(s, len);

		add_glyph(text, s, g.len, g.valid && g.code ? NULL : REPLACEMENT);
		s += g.len;
		len -= g.len;
	}
}
