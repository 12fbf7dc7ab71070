#include "access/trap/obstacles.h"

#include <fcntl.h>

#include "sys/kernel.h"
#include "sys/line.h"

#define CHUNK 4096u

/* A file of /proc by lines. A line that does not fit is cut. */
struct lines {
	int fd;
	size_t at, end;
	char buffer[CHUNK], line[256];
};

static bool next_line(struct lines *lines)
{
	struct ct_line line;

	ct_line_init(&line, lines->line, sizeof(lines->line));
	for (;;) {
		char c;

		if (lines->at == lines->end) {
			long n = ct_sys_read(lines->fd, lines->buffer, CHUNK);

			if (n <= 0)
				return line.at > line.start;
			lines->at = 0;
			lines->end = (size_t)n;
		}
		c = lines->buffer[lines->at++];
		if (c == '\n')
			return true;
		ct_line_add_char(&line, c);
	}
}

static bool open_lines(struct lines *lines, const char *path)
{
	lines->at = lines->end = 0;
	lines->fd = ct_sys_open(path, O_RDONLY, 0);
	return lines->fd >= 0;
}

/* Whether a line is a name, which ends with a colon, and a number other than 0. */
static bool is_set(const char *text, const char *name)
{
	uint64_t number;

	if (!ct_str_begins(text, name))
		return false;
	for (text += ct_str_length(name); *text == ' ' || *text == '\t';)
		text++;
	return ct_str_u64(&text, &number) && number;
}

/* A debugger takes SIGTRAP for its own. */
enum ct_trap_aside ct_obstacle(bool *out_filtered)
{
	enum ct_trap_aside found = CT_TRAP_STAYS;
	struct lines lines;

	*out_filtered = false;
	if (!open_lines(&lines, "/proc/self/status"))
		return CT_TRAP_STAYS;
	while (next_line(&lines)) {
		if (is_set(lines.line, "TracerPid:"))
			found = CT_TRAP_DEBUGGER;
		*out_filtered |= is_set(lines.line, "Seccomp:");
	}
	ct_sys_close(lines.fd);
	return found;
}

static bool hex(const char **text, uint64_t *out)
{
	const char *at = *text;

	for (*out = 0;; at++) {
		char c = *at;

		if (c >= '0' && c <= '9')
			*out = *out << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*out = *out << 4 | (uint64_t)(c - 'a' + 10);
		else
			break;
	}
	if (at == *text)
		return false;
	*text = at;
	return true;
}

/* "START-END rwxp ..." of code that has sites, and that is not what such code is: readable,
 * executable and private. */
static bool is_unusual(const char *text, const struct ct_sites *sites)
{
	uint64_t start, end;

	if (!hex(&text, &start) || *text++ != '-' || !hex(&text, &end) || end <= start)
		return false;
	if (ct_str_begins(text, " r-xp"))
		return false;
	return ct_sites_has_code(sites, start, end - start);
}

enum ct_trap_aside ct_obstacle_of_code(const struct ct_sites *sites)
{
	enum ct_trap_aside found = CT_TRAP_STAYS;
	struct lines lines;

	if (!open_lines(&lines, "/proc/self/maps"))
		return CT_TRAP_REFUSED;
	while (found == CT_TRAP_STAYS && next_line(&lines))
		if (is_unusual(lines.line, sites))
			found = CT_TRAP_WRITES_CODE;
	ct_sys_close(lines.fd);
	return found;
}
