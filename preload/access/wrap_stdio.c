/* Of wraps.def: buffers and lines of stdio. What a FILE has in it is libc's own. */
#include "access/wrap.h"

size_t __wrap_fread(void *buffer, size_t size, size_t count, FILE *file)
{
	size_t moved = __real_fread(buffer, size, count, file);

	ct_wrap_writes(buffer, moved * size, CT_WRAP_PC);
	return moved;
}

size_t __wrap___fread_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file)
{
	size_t moved = __real___fread_chk(buffer, room, size, count, file);

	ct_wrap_writes(buffer, moved * size, CT_WRAP_PC);
	return moved;
}

char *__wrap_fgets(char *buffer, int size, FILE *file)
{
	char *line = __real_fgets(buffer, size, file);

	if (line)
		ct_wrap_writes(line, __real_strlen(line) + 1, CT_WRAP_PC);
	return line;
}

char *__wrap___fgets_chk(char *buffer, size_t room, int size, FILE *file)
{
	char *line = __real___fgets_chk(buffer, room, size, file);

	if (line)
		ct_wrap_writes(line, __real_strlen(line) + 1, CT_WRAP_PC);
	return line;
}

size_t __wrap_fwrite(const void *buffer, size_t size, size_t count, FILE *file)
{
	ct_wrap_reads(buffer, size * count, CT_WRAP_PC);
	return __real_fwrite(buffer, size, count, file);
}

int __wrap_fputs(const char *text, FILE *file)
{
	ct_wrap_reads(text, __real_strlen(text) + 1, CT_WRAP_PC);
	return __real_fputs(text, file);
}

int __wrap_puts(const char *text)
{
	ct_wrap_reads(text, __real_strlen(text) + 1, CT_WRAP_PC);
	return __real_puts(text);
}

/* A line, for which the program's buffer may be replaced by a larger one. */
static ssize_t takes_line(char **line, size_t *size, int delimiter, FILE *file, uintptr_t pc)
{
	ssize_t moved = __real_getdelim(line, size, delimiter, file);

	if (!line || !size) /* EINVAL */
		return moved;
	ct_wrap_writes(line, sizeof(*line), pc);
	ct_wrap_writes(size, sizeof(*size), pc);
	if (moved > 0)
		ct_wrap_writes(*line, (size_t)moved + 1, pc);
	return moved;
}

ssize_t __wrap_getline(char **line, size_t *size, FILE *file)
{
	return takes_line(line, size, '\n', file, CT_WRAP_PC);
}

ssize_t __wrap_getdelim(char **line, size_t *size, int delimiter, FILE *file)
{
	return takes_line(line, size, delimiter, file, CT_WRAP_PC);
}

ssize_t __wrap___getdelim(char **line, size_t *size, int delimiter, FILE *file)
{
	return takes_line(line, size, delimiter, file, CT_WRAP_PC);
}
