#include "sys/line.h"

void ct_line_init(struct ct_line *line, char *buffer, size_t size)
{
	line->start = line->at = buffer;
	line->end = buffer + size - 1;
	line->cut = false;
	*buffer = '\0';
}

void ct_line_add_char(struct ct_line *line, char c)
{
	if (line->at == line->end) {
		line->cut = true;
		return;
	}
	*line->at++ = c;
	*line->at = '\0';
}

void ct_line_add(struct ct_line *line, const char *text)
{
	while (*text)
		ct_line_add_char(line, *text++);
}

void ct_line_add_u64(struct ct_line *line, uint64_t value)
{
	char digits[20];
	int n = 0;

	do
		digits[n++] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	while (n > 0)
		ct_line_add_char(line, digits[--n]);
}

void ct_line_add_hex(struct ct_line *line, uint64_t value, int digits)
{
	while (digits-- > 0)
		ct_line_add_char(line, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

size_t ct_str_length(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	return n;
}

bool ct_str_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool ct_str_begins(const char *text, const char *prefix)
{
	while (*prefix && *text == *prefix) {
		text++;
		prefix++;
	}
	return *prefix == '\0';
}

const char *ct_str_base(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}

bool ct_str_u64(const char **text, uint64_t *out_value)
{
	const char *at = *text;
	uint64_t value = 0;

	if (*at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++) {
		if (value > (UINT64_MAX - 9) / 10)
			return false;
		value = value * 10 + (uint64_t)(*at - '0');
	}
	*text = at;
	*out_value = value;
	return true;
}
