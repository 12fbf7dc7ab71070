#include "report/source.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define LINE_SHOWN 160	     /* bytes */
#define FILE_MAX (16L << 20) /* bytes read of a file at most */

/* The path comes from the trace: it may name a device or a FIFO. */
static FILE *open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	FILE *file = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		file = fdopen(fd, "r");
	if (!file)
		close(fd);
	return file;
}

/* Reads the start of line `line` into buffer, terminated. */
static bool read_line(FILE *file, int line, char *buffer, size_t size)
{
	size_t len = 0;
	int at = 1;
	int c;

	for (long i = 0; i < FILE_MAX && (c = getc(file)) != EOF; i++) {
		if (c == '\n' && at == line)
			break;
		if (c == '\n')
			at++;
		else if (at == line && len + 1 < size)
			buffer[len++] = (char)c;
		if (at == line && len + 1 == size)
			break;
	}
	buffer[len] = '\0';
	return at == line;
}

/* A zero byte in the line ends it. */
static void tidy(char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (text[i] == '\t')
			text[i] = ' ';
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\r'))
		text[--len] = '\0';
	memmove(text, text + strspn(text, " "), len - strspn(text, " ") + 1);
}

bool ct_source_add_line(struct ct_text *out, const char *directory, const char *path, int line)
{
	char whole[PATH_MAX], text[LINE_SHOWN + 1] = "";
	FILE *file;
	bool found;

	if (line < 1)
		return false;
	if (path[0] != '/' && directory) {
		if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", directory, path) >=
		    sizeof(whole))
			return false;
		path = whole;
	}
	file = open_regular(path);
	if (!file)
		return false;
	found = read_line(file, line, text, sizeof(text));
	fclose(file);
	tidy(text);
	if (!found || !*text)
		return false;
	ct_text_add_printable(out, text);
	return true;
}
