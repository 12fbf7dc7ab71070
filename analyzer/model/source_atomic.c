#include "model/source_atomic.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_BYTES = 128 };

static bool has_any(const char *text, const char *const *parts)
{
	for (; *parts; parts++) {
		if (strcasestr(text, *parts))
			return true;
	}
	return false;
}

static bool starts_with_any(const char *text, const char *const *prefixes)
{
	for (; *prefixes; prefixes++) {
		if (strncmp(text, *prefixes, strlen(*prefixes)) == 0)
			return true;
	}
	return false;
}

static bool is_atomic_name(const char *name)
{
	static const char *const parts[] = {"atomic", "read_once", "write_once", "access_once",
					    "rcu_",   "_rcu",	   "cmm_",	 NULL};
	static const char *const prefixes[] = {"__sync_", "ck_", "smp_load", "smp_store", NULL};
	/* they order other accesses, or come before all of them */
	static const char *const others[] = {"fence", "barrier", "init", NULL};

	return (has_any(name, parts) || starts_with_any(name, prefixes)) && !has_any(name, others);
}

/* What neither says that it reads nor that it writes does both: an exchange, an addition. */
static bool does(const char *name, bool writes)
{
	static const char *const reading[] = {"load", "read", "get",	  "dereference",
					      "test", "peek", "for_each", NULL};
	static const char *const writing[] = {"store", "write", "set", "assign", "clear", NULL};
	bool says_read = has_any(name, reading), says_write = has_any(name, writing);

	if (says_read == says_write)
		return true;
	return writes ? says_write : says_read;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* From the bracket at `open` to the one that closes it, or the end. */
static struct ct_source_piece arguments_at(struct ct_source_piece piece, size_t open)
{
	size_t end = open;
	int depth = 0;

	for (; end < piece.length; end++) {
		depth += (piece.text[end] == '(') - (piece.text[end] == ')');
		if (depth == 0)
			break;
	}
	return (struct ct_source_piece){piece.text + open, end - open};
}

/* The next name that is called, at or after *at; *at becomes its opening bracket. */
static bool next_call(struct ct_source_piece piece, size_t *at, char name[NAME_MAX_BYTES + 1])
{
	size_t i = *at;

	while (i < piece.length) {
		size_t begin = i, open;

		while (i < piece.length && is_word(piece.text[i]))
			i++;
		open = i;
		while (open < piece.length && isspace((unsigned char)piece.text[open]))
			open++;
		if (i > begin && i - begin <= NAME_MAX_BYTES && open < piece.length &&
		    piece.text[open] == '(') {
			memcpy(name, piece.text + begin, i - begin);
			name[i - begin] = '\0';
			*at = open;
			return true;
		}
		i += i == begin;
	}
	return false;
}

bool ct_source_calls_atomic(struct ct_source_piece piece, bool writes, const char *name)
{
	bool named = name && ct_source_has_word(piece, name);
	char called[NAME_MAX_BYTES + 1];

	for (size_t at = 0; next_call(piece, &at, called);) {
		if (is_atomic_name(called) && does(called, writes) &&
		    (!named || ct_source_has_word(arguments_at(piece, at), name)))
			return true;
	}
	return false;
}

bool ct_source_is_atomic_header(const char *path)
{
	static const char *const folders[] = {"/usr/", "/opt/", NULL};
	const char *base = strrchr(path, '/');

	if (!base || (!starts_with_any(path, folders) && !strstr(path, "/include/c++/")))
		return false;
	return strstr(base, "atomic") || strncmp(base, "/ck_", 4) == 0 || strstr(path, "/urcu") ||
	       strstr(path, "/boost/atomic/");
}

bool ct_source_is_atomic_function(const char *name)
{
	static const char *const prefixes[] = {"__atomic_",	"__sync_",     "rcu_", "urcu_",
					       "uatomic_",	"g_atomic_",   "ck_",  "cds_",
					       "std::__atomic", "std::atomic", NULL};

	return starts_with_any(name, prefixes);
}
