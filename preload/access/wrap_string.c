/* Of wraps.def: strings. The byte that ends one is read, too. */
#include "access/wrap.h"

/* Bytes of a string that ends within `size`, or as many. */
static size_t bytes_of(const char *text, size_t size)
{
	size_t length = __real_strnlen(text, size);

	return length < size ? length + 1 : size;
}

/* A copy of all of it, with its end, from `from` to `to`. */
static void copies_string(const char *to, const char *from, uintptr_t pc)
{
	ct_wrap_copies(to, from, __real_strlen(from) + 1, pc);
}

/* strncpy() fills up with zeros. */
static void copies_part(const char *to, const char *from, size_t size, uintptr_t pc)
{
	ct_wrap_reads(from, bytes_of(from, size), pc);
	ct_wrap_writes(to, size, pc);
}

/* strcat() looks for the end; strncat() puts one behind what it copies. */
static void appends(const char *to, const char *from, size_t size, uintptr_t pc)
{
	size_t length = __real_strlen(to), more = __real_strnlen(from, size);

	ct_wrap_reads(to, length + 1, pc);
	ct_wrap_reads(from, bytes_of(from, size), pc);
	ct_wrap_writes(to + length, more + 1, pc);
}

/* Compared up to the first difference, or the end of both. */
static void compares(const char *a, const char *b, size_t size, uintptr_t pc)
{
	size_t n = 0;

	while (n < size && a[n] == b[n] && a[n])
		n++;
	if (n < size)
		n++;
	ct_wrap_reads(a, n, pc);
	ct_wrap_reads(b, n, pc);
}

size_t __wrap_strlen(const char *text)
{
	size_t length = __real_strlen(text);

	ct_wrap_reads(text, length + 1, CT_WRAP_PC);
	return length;
}

size_t __wrap_strnlen(const char *text, size_t size)
{
	ct_wrap_reads(text, bytes_of(text, size), CT_WRAP_PC);
	return __real_strnlen(text, size);
}

char *__wrap_strcpy(char *to, const char *from)
{
	copies_string(to, from, CT_WRAP_PC);
	return __real_strcpy(to, from);
}

char *__wrap_stpcpy(char *to, const char *from)
{
	copies_string(to, from, CT_WRAP_PC);
	return __real_stpcpy(to, from);
}

char *__wrap_strncpy(char *to, const char *from, size_t size)
{
	copies_part(to, from, size, CT_WRAP_PC);
	return __real_strncpy(to, from, size);
}

char *__wrap_stpncpy(char *to, const char *from, size_t size)
{
	copies_part(to, from, size, CT_WRAP_PC);
	return __real_stpncpy(to, from, size);
}

char *__wrap_strcat(char *to, const char *from)
{
	appends(to, from, SIZE_MAX, CT_WRAP_PC);
	return __real_strcat(to, from);
}

char *__wrap_strncat(char *to, const char *from, size_t size)
{
	appends(to, from, size, CT_WRAP_PC);
	return __real_strncat(to, from, size);
}

int __wrap_strcmp(const char *a, const char *b)
{
	compares(a, b, SIZE_MAX, CT_WRAP_PC);
	return __real_strcmp(a, b);
}

int __wrap_strncmp(const char *a, const char *b, size_t size)
{
	compares(a, b, size, CT_WRAP_PC);
	return __real_strncmp(a, b, size);
}

/* Where letters differ in case only, the rest is not looked at: fewer bytes than it reads. */
int __wrap_strcasecmp(const char *a, const char *b)
{
	compares(a, b, SIZE_MAX, CT_WRAP_PC);
	return __real_strcasecmp(a, b);
}

int __wrap_strncasecmp(const char *a, const char *b, size_t size)
{
	compares(a, b, size, CT_WRAP_PC);
	return __real_strncasecmp(a, b, size);
}

char *__wrap_strchr(const char *text, int byte)
{
	char *found = __real_strchrnul(text, byte);

	ct_wrap_reads(text, (size_t)(found - text) + 1, CT_WRAP_PC);
	return *found == (char)byte ? found : NULL;
}

char *__wrap_strchrnul(const char *text, int byte)
{
	char *found = __real_strchrnul(text, byte);

	ct_wrap_reads(text, (size_t)(found - text) + 1, CT_WRAP_PC);
	return found;
}

char *__wrap_strrchr(const char *text, int byte)
{
	ct_wrap_reads(text, __real_strlen(text) + 1, CT_WRAP_PC);
	return __real_strrchr(text, byte);
}

char *__wrap_strstr(const char *text, const char *part)
{
	char *found = __real_strstr(text, part);
	size_t length = __real_strlen(part);

	ct_wrap_reads(part, length + 1, CT_WRAP_PC);
	ct_wrap_reads(text, found ? (size_t)(found - text) + length : __real_strlen(text) + 1,
		      CT_WRAP_PC);
	return found;
}

/* Up to the first byte that ends the search, with it; and the set, though not all may be needed. */
static void searches(const char *text, size_t length, const char *set, uintptr_t pc)
{
	ct_wrap_reads(set, __real_strlen(set) + 1, pc);
	ct_wrap_reads(text, length + 1, pc);
}

size_t __wrap_strspn(const char *text, const char *set)
{
	size_t length = __real_strspn(text, set);

	searches(text, length, set, CT_WRAP_PC);
	return length;
}

size_t __wrap_strcspn(const char *text, const char *set)
{
	size_t length = __real_strcspn(text, set);

	searches(text, length, set, CT_WRAP_PC);
	return length;
}

char *__wrap_strpbrk(const char *text, const char *set)
{
	size_t length = __real_strcspn(text, set);

	searches(text, length, set, CT_WRAP_PC);
	return text[length] ? (char *)(uintptr_t)(text + length) : NULL;
}

/* A word that is not the last has its end put where the first byte of the set was. */
char *__wrap_strtok_r(char *text, const char *set, char **rest)
{
	char *from = text ? text : *rest, *word = __real_strtok_r(text, set, rest);
	bool cut = word && !(*rest)[-1];

	ct_wrap_reads(rest, text ? 0 : sizeof(*rest), CT_WRAP_PC);
	searches(from, (size_t)(*rest - from) - cut, set, CT_WRAP_PC);
	ct_wrap_writes(*rest - cut, cut, CT_WRAP_PC);
	ct_wrap_writes(rest, sizeof(*rest), CT_WRAP_PC);
	return word;
}

char *__wrap_strdup(const char *text)
{
	ct_wrap_reads(text, __real_strlen(text) + 1, CT_WRAP_PC);
	return __real_strdup(text);
}

char *__wrap___strdup(const char *text)
{
	ct_wrap_reads(text, __real_strlen(text) + 1, CT_WRAP_PC);
	return __real___strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
	ct_wrap_reads(text, bytes_of(text, size), CT_WRAP_PC);
	return __real_strndup(text, size);
}

char *__wrap___strcpy_chk(char *to, const char *from, size_t room)
{
	copies_string(to, from, CT_WRAP_PC);
	return __real___strcpy_chk(to, from, room);
}

char *__wrap___stpcpy_chk(char *to, const char *from, size_t room)
{
	copies_string(to, from, CT_WRAP_PC);
	return __real___stpcpy_chk(to, from, room);
}

char *__wrap___strncpy_chk(char *to, const char *from, size_t size, size_t room)
{
	copies_part(to, from, size, CT_WRAP_PC);
	return __real___strncpy_chk(to, from, size, room);
}

char *__wrap___stpncpy_chk(char *to, const char *from, size_t size, size_t room)
{
	copies_part(to, from, size, CT_WRAP_PC);
	return __real___stpncpy_chk(to, from, size, room);
}

char *__wrap___strcat_chk(char *to, const char *from, size_t room)
{
	appends(to, from, SIZE_MAX, CT_WRAP_PC);
	return __real___strcat_chk(to, from, room);
}

char *__wrap___strncat_chk(char *to, const char *from, size_t size, size_t room)
{
	appends(to, from, size, CT_WRAP_PC);
	return __real___strncat_chk(to, from, size, room);
}
