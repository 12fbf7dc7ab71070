#include "reader/metadata.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader/window.h"

#define METADATA_MAX (1u << 20)
#define VALUE_MAX 128u

/* A place in the text, and the outermost block ("env", "clock", ...) that it is in. */
struct scan {
	const char *at;
	unsigned depth; /* of braces */
	char block[32], key[32], value[VALUE_MAX];
};

/* What was found; empty: nothing. */
struct found {
	char uuid[VALUE_MAX], format[VALUE_MAX], tracer[VALUE_MAX];
	char frequency[VALUE_MAX], cpus[VALUE_MAX], races[VALUE_MAX];
};

static void copy_word(char *out, size_t size, const char *from, size_t length)
{
	snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), from);
}

/* Past a string's closing quote; its content goes to `out`. */
static const char *string(const char *at, char *out, size_t size)
{
	const char *begin = ++at;

	while (*at && *at != '"')
		at += *at == '\\' && at[1] ? 2 : 1;
	copy_word(out, size, begin, (size_t)(at - begin));
	return *at ? at + 1 : at;
}

static const char *skip_comment(const char *at)
{
	const char *end = strstr(at + 2, "*/");

	return end ? end + 2 : at + strlen(at);
}

/* Past one word, which becomes the key; the value follows after "=". */
static void word(struct scan *scan)
{
	const char *begin = scan->at;

	while (isalnum((unsigned char)*scan->at) || *scan->at == '_' || *scan->at == '.')
		scan->at++;
	copy_word(scan->key, sizeof(scan->key), begin, (size_t)(scan->at - begin));
}

static void value(struct scan *scan)
{
	const char *begin;

	scan->at++;
	scan->at += strspn(scan->at, " \t\r\n");
	if (*scan->at == '"') {
		scan->at = string(scan->at, scan->value, sizeof(scan->value));
		return;
	}
	begin = scan->at;
	while (isalnum((unsigned char)*scan->at) || *scan->at == '_' || *scan->at == '-')
		scan->at++;
	copy_word(scan->value, sizeof(scan->value), begin, (size_t)(scan->at - begin));
}

static void brace(struct scan *scan)
{
	if (*scan->at == '{' && scan->depth++ == 0)
		memcpy(scan->block, scan->key, sizeof(scan->block));
	if (*scan->at == '}' && scan->depth > 0)
		scan->depth--;
	scan->at++;
}

/* The next "key = value", wherever it stands; false at the end. */
static bool next_pair(struct scan *scan)
{
	while (*scan->at) {
		if (scan->at[0] == '/' && scan->at[1] == '*') {
			scan->at = skip_comment(scan->at);
		} else if (*scan->at == '{' || *scan->at == '}') {
			brace(scan);
		} else if (*scan->at == '=') {
			value(scan);
			return true;
		} else if (*scan->at == '"') {
			scan->at = string(scan->at, scan->value, sizeof(scan->value));
		} else if (isalpha((unsigned char)*scan->at)) {
			word(scan);
		} else {
			scan->at++;
		}
	}
	return false;
}

static void find_all(const char *text, struct found *out)
{
	const struct {
		const char *block, *key;
		char *value;
	} wanted[] = {
		{"trace", "uuid", out->uuid},	     {"env", "format", out->format},
		{"env", "tracer_name", out->tracer}, {"env", "cpus", out->cpus},
		{"env", "races", out->races},	     {"clock", "freq", out->frequency},
	};
	struct scan scan = {.at = text};

	memset(out, 0, sizeof(*out));
	while (next_pair(&scan))
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (scan.depth == 1 && !strcmp(scan.block, wanted[i].block) &&
			    !strcmp(scan.key, wanted[i].key))
				memcpy(wanted[i].value, scan.value, VALUE_MAX);
}

/* A whole decimal number. */
static bool number(const char *text, uint64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return !errno && !*end;
}

/* 32 hexadecimal digits, dashes between them. */
static bool uuid(const char *text, uint8_t *out)
{
	unsigned digits = 0;

	memset(out, 0, CT_UUID_SIZE);
	for (; *text; text++) {
		const char *all = "0123456789abcdef", *digit;

		if (*text == '-')
			continue;
		digit = strchr(all, tolower((unsigned char)*text));
		if (!digit || digits == 2 * CT_UUID_SIZE)
			return false;
		out[digits / 2] = (uint8_t)(out[digits / 2] << 4 | (uint8_t)(digit - all));
		digits++;
	}
	return digits == 2 * CT_UUID_SIZE;
}

static bool is_empty(int dir_fd)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	unsigned entries = 0;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (readdir(dir))
		entries++;
	closedir(dir);
	return entries <= 2; /* "." and ".." */
}

static enum ct_status missing(int dir_fd, const char *path, struct ct_error *error)
{
	if (errno != ENOENT)
		return ct_error_set(error, CT_EIO, "%s/metadata: %s", path, strerror(errno));
	if (is_empty(dir_fd))
		return ct_error_set(error, CT_EFORMAT, "%s: the folder is empty", path);
	return ct_error_set(error, CT_EFORMAT,
			    "%s: not a trace folder (there is no file \"metadata\" in it)", path);
}

static enum ct_status judge(const struct found *found, const char *path, struct ct_error *error,
			    struct ct_metadata *out)
{
	struct ct_metadata result = {0};
	uint64_t format, cpus;

	if (strcmp(found->tracer, "conctrace") != 0)
		return ct_error_set(error, CT_EFORMAT,
				    "%s: not a trace of conctrace (its metadata says: %s)", path,
				    *found->tracer ? found->tracer : "no tracer_name");
	if (!number(found->format, &format))
		return ct_error_set(error, CT_EFORMAT,
				    "%s/metadata: damaged (it names no format version)", path);
	if (format < 1 || format > CT_FORMAT_VERSION)
		return ct_error_set(
			error, CT_EVERSION,
			"%s: written in format %s, but this conctrace reads formats 1 to %d", path,
			found->format, CT_FORMAT_VERSION);
	if (!uuid(found->uuid, result.uuid))
		return ct_error_set(error, CT_EFORMAT, "%s/metadata: damaged (no uuid)", path);
	if (!number(found->frequency, &result.frequency) || !result.frequency ||
	    result.frequency > CT_FREQUENCY_MAX)
		return ct_error_set(error, CT_EFORMAT, "%s/metadata: damaged (no clock frequency)",
				    path);
	if (number(found->cpus, &cpus) && cpus <= CT_CPUS_MAX)
		result.cpus = (uint32_t)cpus;
	result.format = (uint32_t)format;
	result.races_off = strcmp(found->races, "off") == 0;
	*out = result;
	return CT_OK;
}

enum ct_status ct_metadata_read(int dir_fd, const char *path, struct ct_error *error,
				struct ct_metadata *out_metadata)
{
	static const char signature[] = "/* CTF 1.8";
	struct found found;
	char *text;
	ssize_t size = 0, n = 1;
	int fd = ct_open_regular(dir_fd, "metadata", O_RDONLY);

	if (fd < 0)
		return missing(dir_fd, path, error);
	text = malloc(METADATA_MAX + 1);
	while (text && n > 0 && size < (ssize_t)METADATA_MAX) {
		n = read(fd, text + size, METADATA_MAX - (size_t)size);
		size += n > 0 ? n : 0;
		if (n < 0 && errno == EINTR)
			n = 1;
	}
	close(fd);
	if (!text)
		return CT_ENOMEM;
	text[size] = '\0';
	find_all(text, &found);
	if (strncmp(text, signature, sizeof(signature) - 1) != 0)
		found = (struct found){.tracer = "no CTF 1.8 text"};
	free(text);
	return judge(&found, path, error, out_metadata);
}
