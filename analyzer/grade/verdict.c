#include "grade/verdict.h"

#include <string.h>

static const char *const words[CT_VERDICT_COUNT] = {
	[CT_VERDICT_CLEAN] = "clean",		[CT_VERDICT_SLOW] = "slow",
	[CT_VERDICT_FAILED] = "failed",		[CT_VERDICT_FINDING] = "finding",
	[CT_VERDICT_DEADLOCKED] = "deadlocked", [CT_VERDICT_NO_BUILD] = "does not build",
	[CT_VERDICT_ERROR] = "not graded",
};

const char *ct_verdict_word(enum ct_verdict verdict)
{
	return words[verdict];
}

bool ct_verdict_parse(const char *word, enum ct_verdict *out)
{
	for (int i = 0; i < CT_VERDICT_COUNT; i++) {
		if (strcmp(words[i], word) == 0) {
			*out = (enum ct_verdict)i;
			return true;
		}
	}
	return false;
}
