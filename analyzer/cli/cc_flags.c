#include "cli/cc_flags.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct {
	enum ct_cc_compiler compiler;
	enum ct_cc_place place;
	const char *text;
} flags[] = {
#define FLAG(compiler, place, text) {CT_CC_##compiler, CT_CC_##place, text},
#include "cli/cc_flags.def"
#undef FLAG
};

enum ct_status ct_cc_words_add(struct ct_cc_words *words, const char *word)
{
	if (words->count + 2 > words->room) {
		size_t room = words->room ? 2 * words->room : 64;
		char **bigger = realloc(words->words, room * sizeof(*bigger));

		if (!bigger)
			return CT_ENOMEM;
		words->words = bigger;
		words->room = room;
	}
	words->words[words->count] = strdup(word);
	if (!words->words[words->count])
		return CT_ENOMEM;
	words->words[++words->count] = NULL;
	return CT_OK;
}

void ct_cc_words_fini(struct ct_cc_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->words[i]);
	free(words->words);
	*words = (struct ct_cc_words){0};
}

static enum ct_status add_one(struct ct_cc_words *words, const char *flag, const char *folder)
{
	const char *mark = strstr(flag, "%s");
	struct ct_text text;
	enum ct_status status;

	if (!mark)
		return ct_cc_words_add(words, flag);
	ct_text_init(&text);
	ct_text_addn(&text, flag, (size_t)(mark - flag));
	ct_text_add(&text, folder);
	ct_text_add(&text, mark + 2);
	status = ct_text_status(&text);
	if (status == CT_OK)
		status = ct_cc_words_add(words, ct_text_str(&text));
	ct_text_fini(&text);
	return status;
}

/* clang warns of options that a step has no use for, which is an error with -Werror: between these
 * two it does not. */
static enum ct_status add_bracket(struct ct_cc_words *words, enum ct_cc_compiler compiler,
				  const char *bracket)
{
	return compiler == CT_CC_CLANG ? ct_cc_words_add(words, bracket) : CT_OK;
}

enum ct_status ct_cc_flags_add(struct ct_cc_words *words, enum ct_cc_compiler compiler,
			       enum ct_cc_place place, const char *folder)
{
	enum ct_status status = add_bracket(words, compiler, "--start-no-unused-arguments");

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags) && status == CT_OK; i++) {
		if (flags[i].compiler & compiler && flags[i].place == place)
			status = add_one(words, flags[i].text, folder);
	}
	if (status == CT_OK)
		status = add_bracket(words, compiler, "--end-no-unused-arguments");
	return status;
}
