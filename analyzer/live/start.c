#include "live/start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "format/ct_start.h"

/* Linux lets arguments and environment together have 6 MiB. */
enum { FILE_SIZE_MAX = 8 << 20 };

/* What the pieces of each kind have together; position by kind. */
struct parts {
	struct ct_text of[CT_START_END + 1];
	bool whole;
};

static void parts_fini(struct parts *parts)
{
	for (int i = 0; i <= CT_START_END; i++)
		ct_text_fini(&parts->of[i]);
}

static bool is_callers(int fd)
{
	struct stat file;

	return fstat(fd, &file) == 0 && file.st_uid == geteuid();
}

/* Whose the folder or the file is decides what is run: only the caller may. -1: there is no such
 * file. Neither a pipe nor a device can hold this up. */
static int open_file(const char *trace, bool *out_foreign)
{
	int folder = open(trace, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;
	struct stat file;

	*out_foreign = false;
	if (folder < 0)
		return -1;
	fd = openat(folder, &CT_START_FILE[1], O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		*out_foreign = !is_callers(folder) || !is_callers(fd);
		if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
			close(fd);
			fd = -1;
		}
	}
	close(folder);
	return fd;
}

static bool read_file(int fd, struct ct_text *out)
{
	char bytes[16384];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0 && out->len <= FILE_SIZE_MAX)
		ct_text_addn(out, bytes, (size_t)n);
	return n == 0 && ct_text_status(out) == CT_OK;
}

static enum ct_status read_trace(const char *trace, struct ct_text *out, struct ct_error *error)
{
	bool foreign;
	int fd = open_file(trace, &foreign);
	bool good = fd >= 0 && !foreign && read_file(fd, out);

	if (fd >= 0)
		close(fd);
	if (foreign)
		return ct_error_set(error, CT_EUSAGE,
				    "%s belongs to another user: what it says is not run", trace);
	if (!good)
		return ct_error_set(error, CT_ENOTFOUND,
				    "%s does not tell how its program was started: it was "
				    "recorded by an older version, or cannot be read",
				    trace);
	return CT_OK;
}

static void take_pieces(const struct ct_text *file, struct parts *out)
{
	const char *at = ct_text_str(file), *end = at + file->len;

	while ((size_t)(end - at) >= sizeof(struct ct_start_piece)) {
		struct ct_start_piece piece;

		memcpy(&piece, at, sizeof(piece));
		at += sizeof(piece);
		if (piece.size > (size_t)(end - at) || !piece.kind || piece.kind > CT_START_END)
			return;
		ct_text_addn(&out->of[piece.kind], at, piece.size);
		at += piece.size;
		out->whole = piece.kind == CT_START_END;
	}
}

/* The strings of a block of which each ends in NUL, as a vector. */
static char **vector(struct ct_arena *arena, const struct ct_text *block)
{
	char *copy = ct_arena_memdup(arena, ct_text_str(block), block->len + 1), **strings;
	size_t count = 0;

	for (size_t i = 0; i < block->len; i++)
		count += ct_text_str(block)[i] == '\0';
	strings = ct_arena_calloc(arena, count + 1, sizeof(*strings));
	if (!copy || !strings)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		strings[i] = copy;
		copy += strlen(copy) + 1;
	}
	return strings;
}

static bool is_ours(const char *word, size_t length, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (length >= strlen(*prefixes) && strncmp(word, *prefixes, strlen(*prefixes)) == 0)
			return true;
	return false;
}

static bool is_recorder(const char *word, size_t length)
{
	static const char name[] = "libconctrace.so";
	size_t size = sizeof(name) - 1;

	return length >= size && strncmp(word + length - size, name, size) == 0;
}

/* NAME=a:b:c without the words that recording had put there; NULL: nothing is left, or there is no
 * memory. */
static char *without_ours(struct ct_arena *arena, const char *variable)
{
	static const char *const settings[] = {"trace=", "dir=", "steer=", "perturb=", NULL};
	bool preload = variable[3] == 'P'; /* LD_PRELOAD, else CONCTRACE_OPTIONS */
	const char *at = strchr(variable, '=') + 1, *separators = preload ? ": " : ":";
	char *kept = NULL;
	struct ct_text text;

	ct_text_init(&text);
	ct_text_addn(&text, variable, (size_t)(at - variable));
	for (size_t length, count = 0; *at; at += length) {
		at += strspn(at, separators);
		length = strcspn(at, separators);
		if (!length || (preload ? is_recorder(at, length) : is_ours(at, length, settings)))
			continue;
		if (count++)
			ct_text_addc(&text, ':');
		ct_text_addn(&text, at, length);
	}
	if (ct_text_status(&text) == CT_OK && text.data[text.len - 1] != '=')
		kept = ct_arena_strdup(arena, ct_text_str(&text));
	ct_text_fini(&text);
	return kept;
}

static void clean_environment(struct ct_start *start)
{
	size_t kept = 0;

	for (char **at = start->environment; *at; at++) {
		char *variable = *at;

		if (strncmp(variable, "CONCTRACE_TRACE=", 16) == 0)
			continue;
		if (strncmp(variable, "LD_PRELOAD=", 11) == 0 ||
		    strncmp(variable, "CONCTRACE_OPTIONS=", 18) == 0)
			variable = without_ours(&start->arena, variable);
		if (variable)
			start->environment[kept++] = variable;
	}
	start->environment[kept] = NULL;
}

static void take_input(const struct parts *parts, struct ct_start *out)
{
	const struct ct_text *input = &parts->of[CT_START_INPUT];
	const struct ct_text *at = &parts->of[CT_START_INPUT_AT];

	if (at->len == sizeof(out->input_at)) {
		memcpy(&out->input_at, at->data, sizeof(out->input_at));
		out->input = ct_arena_strdup(&out->arena, ct_text_str(input));
	} else {
		out->input_gone = input->len && strcmp(ct_text_str(input), "/dev/null") != 0;
	}
}

static enum ct_status take(const struct parts *parts, struct ct_start *out)
{
	out->arguments = vector(&out->arena, &parts->of[CT_START_COMMAND]);
	out->environment = vector(&out->arena, &parts->of[CT_START_ENVIRONMENT]);
	out->directory = ct_arena_strdup(&out->arena, ct_text_str(&parts->of[CT_START_DIRECTORY]));
	out->program = ct_arena_strdup(&out->arena, ct_text_str(&parts->of[CT_START_PROGRAM]));
	if (!out->arguments || !out->environment || !out->directory || !out->program)
		return CT_ENOMEM;
	if (!out->arguments[0] || !*out->program || !*out->directory)
		return CT_EFORMAT;
	take_input(parts, out);
	clean_environment(out);
	return CT_OK;
}

enum ct_status ct_start_read(const char *trace, struct ct_start *out, struct ct_error *error)
{
	struct ct_start start = {0};
	struct parts parts = {0};
	struct ct_text file;
	enum ct_status status;

	ct_text_init(&file);
	for (int i = 0; i <= CT_START_END; i++)
		ct_text_init(&parts.of[i]);
	ct_arena_init(&start.arena);
	status = read_trace(trace, &file, error);
	if (!status) {
		take_pieces(&file, &parts);
		status = parts.whole ? take(&parts, &start) : CT_EFORMAT;
		if (status)
			ct_error_set(error, status,
				     "%s does not tell how its program was started: %s%s is not "
				     "whole",
				     trace, trace, CT_START_FILE);
	}
	ct_text_fini(&file);
	parts_fini(&parts);
	if (status)
		ct_start_fini(&start);
	else
		*out = start;
	return status;
}

void ct_start_fini(struct ct_start *start)
{
	ct_arena_fini(&start->arena);
}

static bool open_as(const char *path, int flags, int fd)
{
	int opened = open(path, flags);

	if (opened < 0)
		return false;
	if (opened == fd)
		return true;
	if (dup2(opened, fd) < 0)
		return false;
	close(opened);
	return true;
}

static bool open_input(const struct ct_start *start)
{
	if (!open_as(start->input ? start->input : "/dev/null", O_RDONLY, STDIN_FILENO))
		return false;
	return !start->input || lseek(STDIN_FILENO, (off_t)start->input_at, SEEK_SET) >= 0;
}

bool ct_start_enter(const struct ct_start *start, bool shown)
{
	if (chdir(start->directory) != 0 || !open_input(start))
		return false;
	if (!shown && (!open_as("/dev/null", O_WRONLY, STDOUT_FILENO) ||
		       !open_as("/dev/null", O_WRONLY, STDERR_FILENO)))
		return false;
	environ = start->environment;
	return true;
}
