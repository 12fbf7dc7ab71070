#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/vec.h"
#include "grade/rubric.h"
#include "grade/submission.h"

struct words {
	char **items;
	size_t count, cap;
	bool failed;
};

static CT_PRINTF(2, 3) void add(struct words *words, const char *format, ...)
{
	struct ct_text text;
	char *copy = NULL;
	va_list args;

	ct_text_init(&text);
	va_start(args, format);
	ct_text_addv(&text, format, args);
	va_end(args);
	if (ct_text_status(&text) == CT_OK)
		copy = strdup(ct_text_str(&text));
	ct_text_fini(&text);
	/* one more: the end */
	if (!copy || ct_vec_grow(&words->items, &words->cap, words->count + 2, sizeof(char *))) {
		free(copy);
		words->failed = true;
		return;
	}
	words->items[words->count++] = copy;
	words->items[words->count] = NULL;
}

static void add_several(struct words *words, const char *const *several)
{
	for (; *several; several++)
		add(words, "%s", *several);
}

static bool has_makefile(const char *folder)
{
	static const char *const names[] = {"GNUmakefile", "makefile", "Makefile"};
	struct ct_text path;
	bool has = false;

	ct_text_init(&path);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ct_text_reset(&path);
		ct_text_addf(&path, "%s/%s", folder, names[i]);
		has |= access(ct_text_str(&path), F_OK) == 0;
	}
	ct_text_fini(&path);
	return has;
}

static bool is_cplusplus(const char *dot)
{
	return strcmp(dot, ".cc") == 0 || strcmp(dot, ".cpp") == 0 || strcmp(dot, ".cxx") == 0;
}

static int is_source(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot && (strcmp(dot, ".c") == 0 || is_cplusplus(dot));
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_compiler(struct words *words, const char *folder, bool race)
{
	struct dirent **sources = NULL;
	bool cplusplus = false;
	int count = scandir(folder, &sources, is_source, by_bytes);

	for (int i = 0; i < count; i++)
		cplusplus |= is_cplusplus(strrchr(sources[i]->d_name, '.'));
	if (count > 0) {
		if (race)
			add_several(words, (const char *const[]){"conctrace", "cc", "--", NULL});
		add(words, "%s", cplusplus ? "g++" : "gcc");
		add_several(words,
			    (const char *const[]){"-g", "-O1", "-pthread", "-o", "program", NULL});
	}
	for (int i = 0; i < count; i++) {
		add(words, "./%s", sources[i]->d_name);
		free(sources[i]);
	}
	free(sources);
	if (count > 0)
		add(words, "-lm");
}

enum ct_status ct_submission_command(const struct ct_rubric *rubric, const char *folder,
				     char ***out_argv)
{
	struct words words = {0};
	const char *launcher = rubric->race ? "conctrace cc " : "";

	if (rubric->build_command) {
		add_several(&words, (const char *const[]){"sh", "-c", rubric->build_command, NULL});
	} else if (has_makefile(folder)) {
		add(&words, "make");
		add(&words, "-B"); /* also what the submission says is up to date */
		add(&words, "CC=%sgcc", launcher);
		add(&words, "CXX=%sg++", launcher);
	} else {
		add_compiler(&words, folder, rubric->race);
	}
	if (words.failed) {
		ct_submission_command_free(words.items);
		return CT_ENOMEM;
	}
	if (!words.count)
		return CT_ENOTFOUND;
	*out_argv = words.items;
	return CT_OK;
}

void ct_submission_command_free(char **argv)
{
	for (char **word = argv; word && *word; word++)
		free(*word);
	free(argv);
}
