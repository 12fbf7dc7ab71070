#ifndef DEMOS_COMMON_OPTIONS_H
#define DEMOS_COMMON_OPTIONS_H
/*
 * Options that the demos share. Each demo says which of them it knows.
 *
 *   --mode serial|threads|processes   'm'
 *   --kind cpu|io                     'k'
 *   --workers N                       'w'
 *   --work N                          'n'
 *   --fixed                           'f'
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mode { SERIAL, THREADS, PROCESSES };

struct options {
	enum mode mode;
	bool io; /* --kind io */
	int workers;
	long work;
	bool fixed;
};

#define USAGE_STATUS 2
#define MAX_WORKERS 128

static inline _Noreturn void usage(const char *program, const char *known)
{
	fprintf(stderr, "usage: %s%s%s%s%s%s\n", program,
		strchr(known, 'm') ? " [--mode serial|threads|processes]" : "",
		strchr(known, 'k') ? " [--kind cpu|io]" : "",
		strchr(known, 'w') ? " [--workers N]" : "", strchr(known, 'n') ? " [--work N]" : "",
		strchr(known, 'f') ? " [--fixed]" : "");
	exit(USAGE_STATUS);
}

/* Which of `words`, a list that ends with NULL, `text` is; -1: none. */
static inline int one_of(const char *const *words, const char *text)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

/* A number from 1 to `most`, else -1. */
static inline long count_of(const char *text, long most)
{
	char *end;
	long number = strtol(text, &end, 10);

	return *end == '\0' && number >= 1 && number <= most ? number : -1;
}

/* `options` has the demo's own defaults; `known` has the letters above. A mistake ends the demo. */
static inline void read_options(int argc, char **argv, const char *known, struct options *options)
{
	static const char *const modes[] = {"serial", "threads", "processes", NULL};
	static const char *const kinds[] = {"cpu", "io", NULL};
	static const struct option table[] = {
		{"mode", required_argument, NULL, 'm'},	   {"kind", required_argument, NULL, 'k'},
		{"workers", required_argument, NULL, 'w'}, {"work", required_argument, NULL, 'n'},
		{"fixed", no_argument, NULL, 'f'},	   {NULL, 0, NULL, 0},
	};
	int letter;

	while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
		long value = 1;

		if (letter == '?' || !strchr(known, letter))
			usage(argv[0], known);
		if (letter == 'm')
			options->mode = (enum mode)(value = one_of(modes, optarg));
		else if (letter == 'k')
			options->io = (value = one_of(kinds, optarg)) == 1;
		else if (letter == 'w')
			options->workers = (int)(value = count_of(optarg, MAX_WORKERS));
		else if (letter == 'n')
			options->work = value = count_of(optarg, 1000000000);
		else
			options->fixed = true;
		if (value < 0)
			usage(argv[0], known);
	}
	if (optind != argc)
		usage(argv[0], known);
}

#endif
