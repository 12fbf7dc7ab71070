/* Calls the functions of wraps.def; prints what the trace must say of it, as entries.c does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h> /* bcmp, bzero */
#include <unistd.h>

static char area[64][64];
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

int main(void)
{
	call_memory();
	call_strings();
	call_buffers();
	return used > 64;
}
