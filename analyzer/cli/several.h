#ifndef CT_CLI_SEVERAL_H
#define CT_CLI_SEVERAL_H
/*
 * The report files of several runs, made one: texts one behind the other; a SARIF log has a run for
 * each, with the seed as the last part of its automation id.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "cli/options.h"

struct json_t;

struct ct_several {
	const struct ct_output_options *options;
	bool several;		      /* else nothing is done here */
	char *parts[CT_REPORT_COUNT]; /* files of the run under way; heap, NULL: not wanted */
	struct ct_text texts[CT_REPORT_COUNT];
	struct json_t *log; /* SARIF; NULL: none yet */
	bool failed;
};

/* `options` is borrowed. */
void ct_several_init(struct ct_several *merge, const struct ct_output_options *options,
		     bool several);
/* Before a run: lets it write to files of its own. */
void ct_several_begin(struct ct_several *merge, struct ct_output_options *run);
/* After it: takes these in; texts only if they are `told`. */
void ct_several_end(struct ct_several *merge, uint64_t seed, bool told);
/* Writes what was asked for. 0, or the exit status of what failed, which was said. */
int ct_several_write(struct ct_several *merge);
void ct_several_fini(struct ct_several *merge);

#endif
