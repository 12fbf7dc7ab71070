#include "cli/cc_line.h"

#include <stddef.h>
#include <string.h>

/* Options whose value is the next word. */
static const char *const with_value[] = {
	"-o",
	"-x",
	"-I",
	"-L",
	"-D",
	"-U",
	"-B",
	"-T",
	"-u",
	"-z",
	"-e",
	"-A",
	"-G",
	"-F",
	"-MF",
	"-MT",
	"-MQ",
	"-MJ",
	"-include",
	"-imacros",
	"-isystem",
	"-iquote",
	"-idirafter",
	"-iprefix",
	"-isysroot",
	"-iwithprefix",
	"-iwithprefixbefore",
	"-imultilib",
	"-ivfsoverlay",
	"-cxx-isystem",
	"-Xlinker",
	"-Xassembler",
	"-Xpreprocessor",
	"-Xclang",
	"-mllvm",
	"--param",
	"-target",
	"--sysroot",
	"-resource-dir",
	"-wrapper",
	"-aux-info",
	"-dumpbase",
	"-dumpbase-ext",
	"-dumpdir",
	"-Tdata",
	"-Ttext",
	"-Tbss",
	"--output",
	"--language",
	NULL,
};

/* Options with which nothing is linked into a program. */
static const char *const no_link[] = {
	"-c",	     "-S",	     "-E",
	"-M",	     "-MM",	     "-r",
	"-###",	     "-emit-ast",    "-fsyntax-only",
	"--compile", "--assemble",   "--preprocess",
	"--analyze", "--precompile", "-fmodule-header",
	"-emit-pch", NULL,
};

/* What 64-bit programs cannot have; -m64 takes it back. */
static const char *const other_sizes[] = {"-m32", "-mx32", "-m16", NULL};

static const char *const statics[] = {"-static", "--static", "-static-pie", NULL};

/* A header alone is precompiled. */
static const char *const header_endings[] = {
	".h", ".hh", ".H", ".hp", ".hxx", ".hpp", ".HPP", ".h++", ".tcc", NULL,
};

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (strcmp(word, *list) == 0)
			return true;
	}
	return false;
}

static bool is_header(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot && is_one_of(dot, header_endings);
}

/* The linker's inputs may be options. */
static bool is_input(const char *word)
{
	return word[0] != '-' || word[1] == '\0' || strncmp(word, "-l", 2) == 0;
}

void ct_cc_line_read(char *const *words, struct ct_cc_line *out)
{
	bool only_headers = true, header_language = false;

	*out = (struct ct_cc_line){.links = true};
	for (; *words; words++) {
		const char *word = *words;

		if (is_one_of(word, no_link))
			out->links = false;
		else if (is_one_of(word, statics))
			out->is_static = true;
		else if (is_one_of(word, other_sizes))
			out->other = word;
		else if (strcmp(word, "-m64") == 0)
			out->other = NULL;
		else if (strcmp(word, "-fuse-ld=gold") == 0)
			out->gold = true;
		else if (strncmp(word, "-x", 2) == 0)
			header_language = strstr(word[2] || !words[1] ? word : words[1], "-header");
		else if (is_input(word)) {
			out->has_input = true;
			only_headers = only_headers && (header_language || is_header(word));
		}
		if (is_one_of(word, with_value) && words[1])
			words++;
	}
	out->links = out->links && out->has_input && !only_headers;
}
