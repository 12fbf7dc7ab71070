/* Calls the functions of wraps.def; prints what the trace must say of it, as entries.c does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h> /* bcmp, bzero */
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* What -D_FORTIFY_SOURCE makes of the others. */
ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);
ssize_t __pread_chk(int fd, void *buffer, size_t size, off_t offset, size_t room);
ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t room, int flags);
char *__fgets_chk(char *buffer, size_t room, int size, FILE *file);
size_t __fread_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file);
int __snprintf_chk(char *buffer, size_t size, int flag, size_t room, const char *format, ...);
int __sprintf_chk(char *buffer, int flag, size_t room, const char *format, ...);

static char area[128][64];
static int used;

/* The compiler must not know what is in it. */
static char *text(const char *value)
{
	char *at = area[used++];
	int i = 0;

	for (volatile const char *from = value; (at[i] = *from); from++)
		i++;
	return at;
}

static void reads(size_t size, const char *at)
{
	printf("r %zu %p libc\n", size, (const void *)at);
}

static void writes(size_t size, const char *at)
{
	printf("w %zu %p libc\n", size, (const void *)at);
}

static void copies(size_t from_size, const char *from, size_t size, const char *to)
{
	reads(from_size, from);
	writes(size, to);
}

static void call_memory(void)
{
	char *a = text("abcd"), *b = text("abce"), *c = text(""), *d = text("");

	memcpy(c, a, 5);
	copies(5, a, 5, c);
	memmove(d, b, 3);
	copies(3, b, 3, d);
	c = text(""), a = text("x");
	if (mempcpy(c, a, 2) != c + 2)
		exit(1);
	copies(2, a, 2, c);
	c = text("");
	memset(c, 'x', 40);
	writes(40, c);
	a = text("abcd"), b = text("abce");
	if (memcmp(a, b, 4) >= 0)
		exit(2);
	reads(4, a), reads(4, b);
	a = text("abcd"), b = text("abcd");
	if (bcmp(a, b, 4))
		exit(3);
	reads(4, a), reads(4, b);
	a = text("abcd");
	if (memchr(a, 'c', 60) != a + 2)
		exit(4);
	reads(3, a);
	a = text("abcd");
	bzero(a, 3);
	writes(3, a);
}

static void call_strings(void)
{
	char *a = text("abcd"), *b, *copy;

	if (strlen(a) != 4)
		exit(5);
	reads(5, a);
	a = text("abcd");
	if (strnlen(a, 3) != 3)
		exit(6);
	reads(3, a);
	a = text("abc"), b = text("");
	strcpy(b, a);
	copies(4, a, 4, b);
	a = text("abc"), b = text("");
	strncpy(b, a, 10);
	copies(4, a, 10, b);
	a = text("abc"), b = text("");
	if (stpcpy(b, a) != b + 3)
		exit(7);
	copies(4, a, 4, b);
	a = text("abc"), b = text("xy");
	strcat(b, a);
	reads(3, b), copies(4, a, 4, b + 2);
	a = text("abc"), b = text("xy");
	strncat(b, a, 2);
	reads(3, b), copies(2, a, 3, b + 2);
	a = text("abcd"), b = text("abxd");
	if (strcmp(a, b) >= 0)
		exit(8);
	reads(3, a), reads(3, b);
	a = text("abcd"), b = text("abcx");
	if (strncmp(a, b, 2))
		exit(9);
	reads(2, a), reads(2, b);
	a = text("abcd");
	if (strchr(a, 'b') != a + 1)
		exit(10);
	reads(2, a);
	a = text("abcd");
	if (strchr(a, 'x'))
		exit(11);
	reads(5, a);
	a = text("abcb");
	if (strrchr(a, 'b') != a + 3)
		exit(12);
	reads(5, a);
	a = text("abcd"), b = text("cd");
	if (strstr(a, b) != a + 2)
		exit(13);
	reads(3, b), reads(4, a);
	a = text("abcd");
	copy = strdup(a);
	reads(5, a);
	free(copy);
}

static void call_buffers(void)
{
	char *a = text("abcdefgh"), *b = text(""), *c = text("");
	FILE *file = tmpfile();
	int ends[2];

	if (!file || pipe(ends) || write(ends[1], a, 5) != 5 || read(ends[0], b, 60) != 5)
		exit(14);
	reads(5, a);
	writes(5, b);
	a = text("abc\n"), b = text("");
	if (fwrite(a, 2, 2, file) != 2)
		exit(15);
	reads(4, a);
	rewind(file);
	if (fread(b, 1, 3, file) != 3)
		exit(16);
	writes(3, b);
	rewind(file);
	if (fgets(c, 60, file) != c)
		exit(17);
	writes(5, c);
	a = text("");
	snprintf(a, 4, "%d", 123456);
	writes(4, a);
	a = text("");
	sprintf(a, "%d", 12);
	writes(3, a);
	fclose(file);
}

static int by_value(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

/* What is read first, in any order; and what a word's end makes. */
static void call_searches(void)
{
	static char *rest, *next; /* at the same place in each run */
	char *a = text("abcab"), *b = text("ab");

	if (memrchr(a, 'b', 4) != a + 1)
		exit(18);
	reads(3, a + 1);
	a = text("abcab");
	if (strspn(a, b) != 2)
		exit(19);
	reads(3, b), reads(3, a);
	a = text("abcab"), b = text("c");
	if (strcspn(a, b) != 2)
		exit(20);
	reads(2, b), reads(3, a);
	a = text("abcab"), b = text("ca");
	if (strpbrk(a + 1, b) != a + 2)
		exit(21);
	reads(3, b), reads(2, a + 1);
	a = text("ab;cd"), b = text(";");
	if (strtok_r(a, b, &rest) != a || rest != a + 3)
		exit(22);
	reads(2, b), reads(3, a), writes(1, a + 2), writes(sizeof(rest), (char *)&rest);
	next = rest, b = text(";,");
	if (strtok_r(NULL, b, &next) != a + 3 || next != a + 5)
		exit(23);
	reads(sizeof(next), (char *)&next), reads(3, b), reads(3, a + 3);
	writes(sizeof(next), (char *)&next);
	a = text("dcba");
	qsort(a, 4, 1, by_value);
	if (a[0] != 'a' || a[3] != 'd')
		exit(24);
	reads(4, a), writes(4, a);
}

static void call_fortified(void)
{
	char *a = text(""), *b = text(""), *c = text("");
	FILE *file = tmpfile();
	int fd = file ? fileno(file) : -1;

	if (fd < 0 || write(fd, text("ab\ncd"), 5) != 5 || lseek(fd, 0, SEEK_SET))
		exit(25);
	reads(5, area[used - 1]);
	if (__read_chk(fd, a, 3, 64) != 3 || __pread_chk(fd, b, 60, 3, 64) != 2)
		exit(26);
	writes(3, a), writes(2, b);
	a = text(""), b = text("");
	rewind(file);
	if (!__fgets_chk(a, 64, 60, file) || __fread_chk(b, 64, 1, 60, file) != 2)
		exit(27);
	writes(4, a), writes(2, b);
	a = text("");
	if (__snprintf_chk(a, 60, 0, 64, "%d", 12) != 2 || __sprintf_chk(c, 0, 64, "%d", 123) != 3)
		exit(28);
	writes(3, a), writes(4, c);
	fclose(file);
}

/* No struct is copied: some compilers call memcpy for that. */
static void part(struct iovec *part, void *base, size_t size)
{
	part->iov_base = base;
	part->iov_len = size;
}

static void call_lists(void)
{
	char *a = text("abcd"), *b = text("ef"), *c = text(""), *d = text(""), *e = text("");
	static struct iovec out[2], in[2];
	static struct msghdr message;
	void *volatile bad = (void *)8;
	int ends[2];

	part(&out[0], a, 4), part(&out[1], b, 2), part(&in[0], c, 3), part(&in[1], d, 60);
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) || writev(ends[0], out, 2) != 6 ||
	    readv(ends[1], in, 2) != 6)
		exit(29);
	reads(sizeof(out), (char *)out), reads(4, a), reads(2, b);
	reads(sizeof(in), (char *)in), writes(3, c), writes(3, d);
	a = text("xyz"), b = text("");
	part(&out[0], a, 3);
	message.msg_iov = out, message.msg_iovlen = 1;
	if (sendmsg(ends[0], &message, 0) != 3)
		exit(30);
	reads(sizeof(*out), (char *)out), reads(3, a);
	part(&in[0], b, 2);
	message.msg_iov = in;
	if (recvmsg(ends[1], &message, MSG_TRUNC) != 3)
		exit(31);
	writes(2, b);
	if (sendto(ends[0], a + 1, 2, 0, NULL, 0) != 2 ||
	    recvfrom(ends[1], e, 60, 0, NULL, NULL) != 2)
		exit(32);
	reads(2, a + 1), writes(2, e);
	a = text("x"), b = text("");
	if (send(ends[0], a, 1, 0) != 1 || __recv_chk(ends[1], b, 1, 64, 0) != 1)
		exit(33);
	reads(1, a), writes(1, b);
	/* the kernel's answer, not a crash */
	if (writev(ends[0], bad, 1) != -1 || errno != EFAULT || sendmsg(ends[0], bad, 0) != -1 ||
	    errno != EFAULT)
		exit(34);
	close(ends[0]), close(ends[1]);
}

static void call_lines(void)
{
	static size_t room = sizeof(area[0]); /* at the same place in each run; enough */
	static char *line;
	FILE *file = tmpfile();
	char *a = text("abc\n");

	if (!file || fputs(a, file) < 0)
		exit(35);
	reads(5, a);
	rewind(file);
	line = text("");
	if (getline(&line, &room, file) != 4)
		exit(36);
	writes(sizeof(line), (char *)&line), writes(sizeof(room), (char *)&room), writes(5, line);
	fclose(file);
}

int main(void)
{
	call_memory();
	call_strings();
	call_buffers();
	call_searches();
	call_fortified();
	call_lists();
	call_lines();
	return used > 128;
}
