/*
 * Streams over pipes between a parent and its child, with each family of stdio calls. The child
 * copies what it reads to the way back, so both pipes carry what the parent wrote. Prints for both
 *   pipe INODE bytes-written bytes-read ends-opened copies closed failed-calls
 */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "%s: errno %d\n", what, errno);
		exit(1);
	}
}

static unsigned long inode_of(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 ? (unsigned long)info.st_ino : 0;
}

/* Reads with every call in turn until the end of file, and writes it back. */
static void copy_all(FILE *in, FILE *out)
{
	char text[200], *line = NULL;
	size_t size = 0, n;
	int c;

	for (int turn = 0;; turn++) {
		switch (turn % 6) {
		case 0:
			if (!fgets(text, sizeof(text), in))
				goto end;
			fputs(text, out);
			break;
		case 1:
			if ((c = getc(in)) == EOF)
				goto end;
			putc(c, out);
			break;
		case 2:
			if (getline(&line, &size, in) < 0)
				goto end;
			fprintf(out, "%s", line);
			break;
		case 3:
			if ((n = fread(text, 1, 100, in)) == 0)
				goto end;
			check(fwrite(text, 1, n, out) == n, "fwrite");
			break;
		case 4:
			if ((c = fgetc_unlocked(in)) == EOF)
				goto end;
			ungetc(c, in);
			check(getc(in) == c, "ungetc");
			fputc_unlocked(c, out);
			break;
		case 5:
			*text = '\0';
			if (fscanf(in, "%199[^\n]", text) == EOF)
				goto end;
			fputs(text, out);
			break;
		}
	}
end:
	free(line);
}

static int vsay(FILE *file, const char *format, ...)
{
	va_list list;
	int n;

	va_start(list, format);
	n = vfprintf(file, format, list);
	va_end(list);
	return n;
}

static unsigned long write_lines(FILE *out, int lines)
{
	unsigned long total = 0;

	for (int i = 0; i < lines; i++) {
		total += (unsigned long)fprintf(out, "line %d of them\n", i);
		total += (unsigned long)vsay(out, "%*d\n", i % 60 + 1, i);
		if (i % 100 == 0)
			check(fflush(out) == 0, "fflush");
	}
	return total;
}

static void round_trip(int lines, int down_buffering, int back_buffering)
{
	int down[2], back[2], status, c;
	unsigned long inodes[2], wrote, was_read = 0;
	FILE *out, *in;
	pid_t writer, copier;

	check(pipe(down) == 0 && pipe(back) == 0, "pipe");
	inodes[0] = inode_of(down[0]);
	inodes[1] = inode_of(back[0]);
	copier = fork();
	if (copier == 0) {
		close(down[1]);
		close(back[0]);
		in = fdopen(down[0], "r");
		out = fdopen(back[1], "w");
		setvbuf(in, NULL, down_buffering, 4096);
		setvbuf(out, NULL, back_buffering, 4096);
		copy_all(in, out);
		fclose(in);
		exit(0); /* out is written by exit */
	}
	close(back[1]);
	writer = fork();
	if (writer == 0) {
		close(down[0]);
		close(back[0]);
		out = fdopen(down[1], "w");
		wrote = write_lines(out, lines);
		fclose(out);
		printf("%lu bytes\n", wrote);
		exit(0);
	}
	close(down[0]);
	close(down[1]);
	in = fdopen(back[0], "r");
	while ((c = fgetc(in)) != EOF)
		was_read++;
	fclose(in);
	check(waitpid(writer, &status, 0) == writer && status == 0, "writer");
	check(waitpid(copier, &status, 0) == copier && status == 0, "copier");
	printf("pipe %lu %lu %lu 2 0 6 0\n", inodes[0], was_read, was_read);
	printf("pipe %lu %lu %lu 2 0 4 0\n", inodes[1], was_read, was_read);
}

static FILE *common;

static void *say(void *name)
{
	for (int i = 0; i < 2000; i++) {
		fprintf(common, "%s says %d\n", (const char *)name, i);
		putc('.', common);
	}
	return NULL;
}

/* Threads that write to one stream: each call is to be counted once, by the thread that made it. */
static void common_stream(void)
{
	pthread_t threads[3];
	unsigned long inode, total = 0;
	char text[4096];
	int fds[2], status;
	ssize_t n;
	pid_t child;

	check(pipe(fds) == 0, "pipe");
	inode = inode_of(fds[0]);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		common = fdopen(fds[1], "w");
		setvbuf(common, NULL, _IOFBF, 256);
		for (int i = 0; i < 3; i++)
			pthread_create(&threads[i], NULL, say, "one");
		for (int i = 0; i < 3; i++)
			pthread_join(threads[i], NULL);
		exit(fclose(common));
	}
	close(fds[1]);
	while ((n = read(fds[0], text, sizeof(text))) > 0)
		total += (unsigned long)n;
	close(fds[0]);
	check(waitpid(child, &status, 0) == child && status == 0, "child");
	printf("pipe %lu %lu %lu 2 0 4 0\n", inode, total, total);
}

/* stdout and stdin of this very program are a pipe for a while. */
static void standard_streams(void)
{
	int fds[2], out = dup(1), in = dup(0), n = 0, x = 0, y = 0;
	unsigned long inode;

	check(pipe(fds) == 0, "pipe");
	inode = inode_of(fds[0]);
	fflush(stdout);
	dup2(fds[1], 1);
	dup2(fds[0], 0);
	clearerr(stdin);
	puts("hello");	     /* 6 */
	putchar('1');	     /* 7 */
	printf(" %d\n", 23); /* 11 */
	fflush(NULL);
	dprintf(1, "%d\n", 45); /* 14, past the stream */
	check(getchar() == 'h' && scanf("ello %d%d\n%n", &x, &y, &n) == 2, "scanf");
	check(x == 1 && y == 23, "numbers");
	check(ungetc('Z', stdin) == 'Z' && getchar() == 'Z' && getchar() == '4', "ungetc");
	dup2(out, 1);
	dup2(in, 0);
	close(fds[0]);
	close(fds[1]);
	printf("pipe %lu 14 14 2 2 4 0\n", inode);
	__fpurge(stdin);
	close(out);
	close(in);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	round_trip(3000, _IOFBF, _IOFBF);
	round_trip(300, _IOFBF, _IOLBF);
	round_trip(50, _IONBF, _IONBF);
	standard_streams();
	common_stream();
	return 5;
}
