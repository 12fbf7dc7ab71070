#include "cli/look.h"

#include "base/text.h"
#include "cli/sift.h"
#include "live/verdict.h"
#include "model/traffic.h"
#include "model/waitfor.h"
#include "report/words.h"

/* Read and explained in a fifth of a second; to look through what was before takes 0.3 s a GB. */
#define RECENT_BYTES ((uint64_t)32 << 20)

/* Whether all who live are stuck: who waits for a user, say, goes on. */
static enum ct_status ask_whole(const struct ct_model *model, struct ct_look *out)
{
	struct ct_waitfor *waitfor;
	enum ct_status status = ct_waitfor_new(model, &waitfor);

	if (status)
		return status;
	status = ct_waitfor_stuck(waitfor);
	out->whole = !waitfor->others_live;
	out->surely = !waitfor->others_may_live;
	ct_waitfor_free(waitfor);
	return status;
}

static enum ct_status look(const char *trace, uint64_t max_bytes, struct ct_hang *hang,
			   struct ct_sift *sift, const atomic_bool *unwanted,
			   struct ct_error *error, struct ct_look *out)
{
	struct ct_look result = {.whole = true, .seconds = -1};
	enum ct_status status = ct_analysis_new(trace, max_bytes, hang ? &hang->now : NULL,
						unwanted, error, &result.analysis);

	if (status)
		return status;
	status = ct_sift_apply(sift, result.analysis, error);
	if (status) {
		ct_look_drop(&result);
		return status;
	}
	if (hang) {
		status = ct_hang_scan(hang, trace);
		result.whole = hang->quiet != 0;
	}
	if (!status && result.whole)
		status = ask_whole(result.analysis->model, &result);
	if (status) {
		ct_look_drop(&result);
		ct_error_set(error, status, "out of memory");
		return status;
	}
	result.finding =
		ct_verdict_find(&result.analysis->findings, hang ? &hang->now : NULL, result.whole);
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

enum ct_status ct_look_at(const char *trace, struct ct_hang *hang, struct ct_sift *sift,
			  const atomic_bool *unwanted, struct ct_error *error, struct ct_look *out)
{
	struct ct_look result;
	enum ct_status status =
		look(trace, hang ? RECENT_BYTES : 0, hang, sift, unwanted, error, &result);

	if (status == CT_OK && !result.finding && hang && hang->quiet &&
	    ct_traffic_is_missed(result.analysis->model)) {
		ct_look_drop(&result);
		status = look(trace, 0, hang, sift, unwanted, error, &result);
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

const char *ct_look_verdict(const struct ct_look *look)
{
	if (look->finding->unless_signal)
		return look->whole ? "nothing goes on unless a signal comes"
				   : "a part of the program stands still unless a signal comes";
	return look->surely ? "the program hangs"
			    : "a part of the program hangs, while others go on";
}

void ct_look_tell(const struct ct_look *look, bool timed, struct ct_text *out)
{
	ct_words_headline(out, &look->analysis->naming, look->finding);
	if (timed && look->seconds >= 0)
		ct_text_addf(out, " (found %.2f s after it began)", look->seconds);
	if (timed && look->finding->unless_signal)
		ct_text_addf(out, "; assumes that %s", look->finding->assumes);
}
