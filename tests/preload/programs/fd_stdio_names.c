/*
 * stdio's functions by the names that fortified and unlocked programs ask for, each once, over one
 * pipe. At the end: what the trace must have of it, as test_fd.sh counts.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Declared by <stdio.h> where _FORTIFY_SOURCE is set only. */
int __printf_chk(int flag, const char *format, ...);
int __fprintf_chk(FILE *file, int flag, const char *format, ...);
int __vprintf_chk(int flag, const char *format, va_list list);
int __vfprintf_chk(FILE *file, int flag, const char *format, va_list list);
int __dprintf_chk(int fd, int flag, const char *format, ...);
int __vdprintf_chk(int fd, int flag, const char *format, va_list list);
char *__fgets_chk(char *buffer, size_t room, int size, FILE *file);
char *__fgets_unlocked_chk(char *buffer, size_t room, int size, FILE *file);
size_t __fread_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file);
size_t __fread_unlocked_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file);
ssize_t __getdelim(char **line, size_t *size, int delimiter, FILE *file);
int __isoc99_scanf(const char *format, ...);
int __isoc99_fscanf(FILE *file, const char *format, ...);
int __isoc99_vscanf(const char *format, va_list list);
int __isoc99_vfscanf(FILE *file, const char *format, va_list list);

static FILE *to, *from;
static int to_fd, said_fd;

static void say(const char *name, const char *text)
{
	dprintf(said_fd, "%s: %s\n", name, text);
}

/* Each writes "N\n" with a number of its own, and the reader below reads a line. */
static void as_list(int which, int fd, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	switch (which) {
	case 0:
		vprintf(format, list);
		break;
	case 1:
		__vprintf_chk(1, format, list);
		break;
	case 2:
		__vfprintf_chk(to, 1, format, list);
		break;
	case 3:
		vdprintf(fd, format, list);
		break;
	default:
		__vdprintf_chk(fd, 1, format, list);
		break;
	}
	va_end(list);
}

static int scan_list(int which, const char *format, ...)
{
	va_list list;
	int result;

	va_start(list, format);
	result = which == 0   ? vscanf(format, list)
		 : which == 1 ? vfscanf(from, format, list)
		 : which == 2 ? __isoc99_vscanf(format, list)
			      : __isoc99_vfscanf(from, format, list);
	va_end(list);
	return result;
}

static void write_line(int which)
{
	switch (which) {
	case 0:
		flockfile(to);
		fputc('0', to);
		putc_unlocked('\n', to);
		funlockfile(to);
		break;
	case 1:
		putchar_unlocked('1');
		putchar_unlocked('\n');
		break;
	case 2:
		if (ftrylockfile(to))
			break;
		fputs_unlocked("2\n", to);
		funlockfile(to);
		break;
	case 3:
		fwrite_unlocked("3\n", 1, 2, to);
		break;
	case 4:
		__printf_chk(1, "%d\n", which);
		break;
	case 5:
		__fprintf_chk(to, 1, "%d\n", which);
		break;
	case 6:
		__dprintf_chk(to_fd, 1, "%d\n", which);
		break;
	default:
		as_list(which - 7, to_fd, "%d\n", which);
	}
	fflush_unlocked(to);
	fflush_unlocked(stdout);
}

static const char *scanned(int result, int number)
{
	static char text[32];

	snprintf(text, sizeof(text), "%d %d", result, number);
	return text;
}

static void read_line(int which)
{
	char line[16] = "", *long_line = NULL;
	size_t size = 0;
	int number = -1;

	switch (which) {
	case 0:
		line[0] = (char)getc_unlocked(from);
		line[1] = (char)getc_unlocked(from);
		break;
	case 1:
		line[0] = (char)getchar_unlocked();
		line[1] = (char)getchar_unlocked();
		break;
	case 2:
		fgets_unlocked(line, sizeof(line), from);
		break;
	case 3:
		__fgets_chk(line, sizeof(line), sizeof(line), from);
		break;
	case 4:
		__fgets_unlocked_chk(line, sizeof(line), sizeof(line), from);
		break;
	case 5:
		(void)!getdelim(&long_line, &size, '\n', from);
		break;
	case 6:
		(void)!__getdelim(&long_line, &size, '\n', from);
		break;
	case 7:
		(void)!fread_unlocked(line, 1, 2, from);
		break;
	case 8:
		(void)!__fread_chk(line, sizeof(line), 1, 2, from);
		break;
	case 9:
		(void)!__fread_unlocked_chk(line, sizeof(line), 1, 2, from);
		break;
	default:
		strcpy(line, scanned(scan_list(which % 4, "%d", &number), number));
		getc_unlocked(which % 2 ? from : stdin);
	}
	say("line", long_line ? long_line : line);
	free(long_line);
}

static void scan(void)
{
	int number = -1, result;

	fputs("100\n101\n", to);
	fflush(to);
	result = __isoc99_fscanf(from, "%d", &number);
	say("__isoc99_fscanf", scanned(result, number));
	result = __isoc99_fscanf(from, "%d", &number);
	say("__isoc99_fscanf", scanned(result, number));
	getc_unlocked(from);
	fputs("102\n", to);
	fflush(to);
	result = __isoc99_scanf("%d", &number);
	say("__isoc99_scanf", scanned(result, number));
	getchar_unlocked();
}

int main(void)
{
	struct stat info;
	int fds[2], lines = 12;
	long bytes = 0;

	said_fd = dup(STDOUT_FILENO);
	if (pipe(fds) || fstat(fds[0], &info))
		return 2;
	dup2(fds[0], STDIN_FILENO);
	dup2(fds[1], STDOUT_FILENO);
	to_fd = fds[1];
	to = fdopen(fds[1], "w");
	from = fdopen(fds[0], "r");
	for (int i = 0; i < lines; i++) {
		write_line(i);
		read_line(i);
		bytes += i < 10 ? 2 : 3;
	}
	for (int i = 12; i < 14; i++) { /* the scanf forms that are left */
		fprintf(to, "%d\n", i);
		fflush(to);
		read_line(i);
		bytes += 3;
	}
	scan();
	bytes += 12;
	fclose(to);
	fclose(from);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	/* two opened, two copied, four closed, none failed */
	dprintf(said_fd, "pipe %lu %ld %ld 2 2 4 0\n", (unsigned long)info.st_ino, bytes, bytes);
	return 0;
}
