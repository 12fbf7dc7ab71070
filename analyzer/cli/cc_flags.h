#ifndef CT_CLI_CC_FLAGS_H
#define CT_CLI_CC_FLAGS_H
/*
 * The options that make a compiler build a program whose memory accesses can be recorded: the rows
 * of cc_flags.def.
 */
#include <stddef.h>

#include "base/status.h"

enum ct_cc_compiler {
	CT_CC_GCC = 1,
	CT_CC_CLANG = 2,
	CT_CC_ANY = CT_CC_GCC | CT_CC_CLANG,
};

enum ct_cc_place {
	CT_CC_FRONT, /* before the user's options */
	CT_CC_LINK,  /* behind them, when the command links */
};

/* An argument list in the making, NULL-terminated. Its words are owned. */
struct ct_cc_words {
	char **words;
	size_t count, room;
};

CT_MUST_CHECK enum ct_status ct_cc_words_add(struct ct_cc_words *words, const char *word);
void ct_cc_words_fini(struct ct_cc_words *words);

/* Adds the options of one place. `folder` is that of libconctrace-race.a. */
CT_MUST_CHECK enum ct_status ct_cc_flags_add(struct ct_cc_words *words,
					     enum ct_cc_compiler compiler, enum ct_cc_place place,
					     const char *folder);

#endif
