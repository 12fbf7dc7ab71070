#include "cli/look.h"

#include "base/text.h"
#include "live/verdict.h"
#include "report/words.h"

/* Read and explained within a second. */
#define RECENT_BYTES ((uint64_t)64 << 20)

static enum ct_status look(const char *trace, uint64_t max_bytes, struct ct_hang *hang,
			   struct ct_error *error, struct ct_look *out)
{
	struct ct_look result = {.whole = true, .seconds = -1};
	enum ct_status status = ct_analysis_new(trace, max_bytes, error, &result.analysis);
	bool complete;

	if (status)
		return status;
	complete = result.analysis->trace->left_out_bytes == 0;
	if (hang) {
		status = ct_hang_scan(hang, trace);
		result.whole = hang->quiet != 0;
	}
	if (status) {
		ct_look_drop(&result);
		ct_error_set(error, status, "out of memory");
		return status;
	}
	result.finding = ct_verdict_find(&result.analysis->findings, hang ? &hang->now : NULL,
					 result.whole && complete);
	*out = result;
	return CT_OK;
}

/* How long ago the last of the threads began to wait. */
static double age_of(const char *trace, const struct ct_look *look)
{
	uint64_t since = ct_verdict_since(look->finding), now;
	struct ct_recorder_state recorder;

	ct_recorder_state(trace, &recorder);
	now = ct_recorder_now(&recorder);
	if (!recorder.ready || !look->analysis->trace->frequency || !since || now < since)
		return -1;
	return (double)(now - since) / (double)look->analysis->trace->frequency;
}

enum ct_status ct_look_at(const char *trace, struct ct_hang *hang, struct ct_error *error,
			  struct ct_look *out)
{
	struct ct_look result;
	enum ct_status status = look(trace, hang ? RECENT_BYTES : 0, hang, error, &result);

	if (status == CT_OK && !result.finding && result.whole &&
	    result.analysis->trace->left_out_bytes) {
		ct_look_drop(&result);
		status = look(trace, 0, hang, error, &result);
	}
	if (status)
		return status;
	if (hang && result.finding)
		result.seconds = age_of(trace, &result);
	*out = result;
	return CT_OK;
}

void ct_look_drop(struct ct_look *look)
{
	ct_analysis_free(look->analysis);
	*look = (struct ct_look){0};
}

void ct_look_tell(const struct ct_look *look, struct ct_text *out)
{
	ct_words_headline(out, &look->analysis->naming, look->finding);
	if (look->seconds >= 0)
		ct_text_addf(out, " (found %.2f s after it began)", look->seconds);
}
