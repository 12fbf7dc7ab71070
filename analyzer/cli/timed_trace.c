#include "cli/timed_trace.h"

#include <stdlib.h>

#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "live/scan.h"
#include "model/symbols.h"
#include "timing/timing.h"

enum { EVENTS_PER_PROGRESS = 65536 };

static bool is_alive(const char *path)
{
	struct ct_scan scan = {0};
	bool alive = false;

	if (ct_scan_read(&scan, path, NULL) == CT_OK)
		for (size_t i = 0; i < scan.count; i++)
			alive = alive || ct_scan_state(&scan.threads[i]) != 0;
	ct_scan_fini(&scan);
	return alive;
}

static enum ct_status open_model(struct ct_timed_trace *timed, struct ct_error *error)
{
	enum ct_status status = ct_model_new(timed->trace, error, &timed->model);

	if (status)
		return status;
	status = ct_symbols_new(timed->trace, &timed->symbols);
	if (status)
		return ct_error_set(error, status, "out of memory");
	ct_naming_init(&timed->naming, timed->model, timed->symbols);
	return CT_OK;
}

static enum ct_status open_trace(struct ct_timed_trace *timed, struct ct_error *error)
{
	enum ct_status status;

	/* before it is read: what ends meanwhile may be missing its end in the trace */
	timed->alive = is_alive(timed->path);
	status = ct_trace_open(timed->path, error, &timed->trace);
	if (status)
		return status;
	if (timed->trace->text)
		return ct_error_set(error, CT_EUSAGE,
				    "%s: a text trace has no times: record the program with "
				    "conctrace run",
				    timed->path);
	return open_model(timed, error);
}

enum ct_status ct_timed_trace_open(const char *path, struct ct_error *error,
				   struct ct_timed_trace **out_timed)
{
	struct ct_timed_trace *timed = calloc(1, sizeof(*timed));
	enum ct_status status;

	if (!timed) {
		ct_error_set(error, CT_ENOMEM, "out of memory");
		return CT_ENOMEM;
	}
	timed->path = path;
	status = open_trace(timed, error);
	if (status) {
		ct_timed_trace_free(timed);
		return status;
	}
	*out_timed = timed;
	return CT_OK;
}

static enum ct_status told(enum ct_status status, struct ct_error *error)
{
	return status == CT_EINTR ? ct_error_set(error, status, "interrupted") : status;
}

static enum ct_status show_progress(void *state, const struct ct_model *model,
				    const struct ct_step *step)
{
	(void)step;
	if (model->events % EVENTS_PER_PROGRESS || ct_progress_step(state, model->events))
		return CT_OK;
	return CT_EINTR;
}

enum ct_status ct_timed_trace_run(struct ct_timed_trace *timed, const struct ct_observer *observer,
				  struct ct_error *error)
{
	struct ct_progress progress;
	struct ct_observer observers[] = {*observer, {&progress, show_progress}};
	enum ct_status status;

	ct_progress_begin(&progress, timed->path);
	status = ct_model_run(timed->model, observers, 2, error);
	ct_progress_end(&progress);
	return told(status, error);
}

enum ct_status ct_timed_trace_new(const char *path, struct ct_error *error,
				  struct ct_timed_trace **out_timed)
{
	struct ct_progress progress;
	const struct ct_timing_options options = {
		.lanes = true,
		.progress = ct_progress_step,
		.progress_state = &progress,
	};
	struct ct_timed_trace *timed;
	enum ct_status status = ct_timed_trace_open(path, error, &timed);

	if (status)
		return status;
	ct_progress_begin(&progress, path);
	status = ct_timing_new(timed->model, &timed->naming, &options, error, &timed->timing);
	ct_progress_end(&progress);
	if (status) {
		ct_timed_trace_free(timed);
		return told(status, error);
	}
	*out_timed = timed;
	return CT_OK;
}

void ct_timed_trace_free(struct ct_timed_trace *timed)
{
	if (!timed)
		return;
	ct_timing_free(timed->timing);
	if (timed->naming.model)
		ct_naming_fini(&timed->naming);
	ct_symbols_free(timed->symbols);
	ct_model_free(timed->model);
	ct_trace_free(timed->trace);
	free(timed);
}

bool ct_timed_trace_say_problems(const struct ct_timed_trace *timed)
{
	if (timed->alive)
		ct_cli_say("%s: its program still runs: this is how far it came", timed->path);
	return ct_analysis_say_problems(timed->trace);
}

int ct_timed_trace_fail(const struct ct_error *error)
{
	return error->status == CT_EINTR ? CT_EXIT_SIGNAL + ct_interrupt_signal()
					 : ct_cli_fail(error);
}
