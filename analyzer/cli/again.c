#include "cli/again.h"

#include "cli/confirm.h"
#include "live/supervisor.h"

/* Of a run that was left alone: what hung, or was ended, has shown enough. */
static void confirm(void *context, const struct ct_run_result *result)
{
	const struct ct_run_options *options = context;
	struct ct_confirm_options how = {
		.attempts = CT_CONFIRM_ATTEMPTS,
		.timeout_ms = options->timeout_ms ? options->timeout_ms : CT_CONFIRM_TIMEOUT_MS,
		.least = CT_PREDICTED,
	};
	struct ct_confirm_counts counts;

	if (result->hang || result->end->told_to_end || result->end->ending != CT_ENDED_ITSELF)
		return;
	/* a failure was said; the findings are reported as they are */
	(void)ct_confirm(&how, result->trace_name, result->analysis, &counts);
}

int ct_run_again(struct ct_run_options *options, const struct ct_again *again)
{
	if (again->confirm) {
		options->found = confirm;
		options->context = options;
	}
	options->perturbed = again->perturb;
	options->seed = again->seed;
	return again->runs > 1 ? ct_runs(options, again->runs) : ct_run(options);
}
