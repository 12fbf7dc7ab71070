#include "cli/analysis.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/exit.h"
#include "cli/progress.h"
#include "detect/detector.h"
#include "finding/fingerprint.h"
#include "live/gone.h"
#include "live/hang.h"
#include "live/kernel_view.h"
#include "live/strangers.h"

/* What the kernel said, or is to be asked, of a program that lives or lived. */
struct witness {
	const struct ct_scan *live;  /* NULL: it is dead */
	struct ct_analysis *before;  /* NULL: it was not found to hang */
	bool watched;		     /* while it lived: what hung was found then */
	bool stood;		     /* what was found stood until the program was ended */
	uint64_t until;		     /* see ct_trace */
	const atomic_bool *unwanted; /* see ct_model; NULL: it is what the command is at */
};

static bool is_step(const struct ct_finding *finding, const struct ct_kernel_wait *wait)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_thread *thread = finding->steps[i].thread;

		if (thread && thread->number == wait->thread &&
		    thread->process->number == wait->process)
			return finding->evidence == CT_OBSERVED;
	}
	return false;
}

static bool is_told(const struct ct_findings *findings, const struct ct_kernel_wait *wait)
{
	for (size_t i = 0; i < findings->count; i++)
		if (is_step(findings->items[i], wait))
			return true;
	return false;
}

/* Of others than those who hang, somebody else may hold the lock meanwhile. */
static struct ct_kernel_view take_proven(struct ct_analysis *before)
{
	struct ct_kernel_view view = before->kernel_view;
	size_t kept = 0;

	before->kernel_view = (struct ct_kernel_view){0};
	for (size_t i = 0; i < view.wait_count; i++)
		if (is_told(&before->findings, &view.waits[i]))
			view.waits[kept++] = view.waits[i];
	view.wait_count = kept;
	return view;
}

static uint64_t ticks_now(const struct ct_trace *trace)
{
	struct ct_recorder_state recorder;

	ct_recorder_state(trace->path, &recorder);
	return recorder.ready ? ct_recorder_now(&recorder) : 0;
}

/* After the trace was opened, which settles how far it is read: threads that stand still at its end
 * stand still in this view. */
static enum ct_status ask_kernel(struct ct_analysis *a, const struct witness *witness)
{
	struct ct_outside *outside = &a->kernel_view.outside;
	enum ct_status status;

	if (witness->before)
		a->kernel_view = take_proven(witness->before);
	outside->asked = outside->asked || witness->watched;
	outside->stood = witness->live || witness->stood;
	a->model->kernel_view = &a->kernel_view;
	a->model->unwanted = witness->unwanted;
	if (!witness->live)
		return CT_OK;
	status = ct_kernel_view_read(&a->kernel_view, witness->live, NULL);
	return status ? status : ct_strangers_ask(witness->live, ticks_now(a->trace), outside);
}

/* Who was found to hang has not moved since, and what was lost came before. */
static void settle(struct ct_trace *trace, const struct ct_finding *finding)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_thread *thread = finding->steps[i].thread;

		for (size_t k = 0; thread && k < trace->thread_count; k++)
			if (trace->threads[k].thread == thread->number &&
			    trace->threads[k].process == thread->process->number)
				trace->threads[k].settled = true;
	}
}

static void settle_all(struct ct_trace *trace, const struct ct_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (ct_finding_hang(findings->items[i]) &&
		    findings->items[i]->evidence == CT_OBSERVED)
			settle(trace, findings->items[i]);
}

/* Of what is done aside, nothing is shown, and who does it takes no signals. */
static enum ct_status detect(struct ct_analysis *a, const struct witness *witness,
			     struct ct_error *error)
{
	struct ct_progress progress;
	enum ct_status status;

	if (witness->unwanted)
		return ct_detect_all(a->model, &a->findings, error);
	ct_progress_begin(&progress, a->trace->path);
	a->model->progress = ct_progress_step;
	a->model->progress_state = &progress;
	status = ct_detect_all(a->model, &a->findings, error);
	a->model->progress = NULL;
	ct_progress_end(&progress);
	return status == CT_EINTR ? ct_error_set(error, status, "interrupted") : status;
}

static enum ct_status analyse(struct ct_analysis *a, const struct witness *witness,
			      struct ct_error *error)
{
	enum ct_status status = ct_model_new(a->trace, error, &a->model);

	if (status)
		return status;
	status = ask_kernel(a, witness);
	if (status)
		return ct_error_set(error, status, "out of memory");
	status = detect(a, witness, error);
	if (status)
		return status;
	status = ct_symbols_new(a->trace, &a->symbols);
	if (status)
		return ct_error_set(error, status, "out of memory");
	ct_naming_init(&a->naming, a->model, a->symbols);
	status = ct_findings_identify(&a->findings, a->symbols);
	return status ? ct_error_set(error, status, "out of memory") : CT_OK;
}

static enum ct_status make(const char *path, uint64_t max_bytes, const struct witness *witness,
			   struct ct_error *error, struct ct_analysis **out_analysis)
{
	struct ct_analysis *a = calloc(1, sizeof(*a));
	struct ct_gone gone = {0};
	enum ct_status status;

	if (!a || (witness->live && ct_gone_find(witness->live, &gone) != CT_OK)) {
		free(a);
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	}
	ct_findings_init(&a->findings);
	status = ct_trace_open_recent(path, max_bytes, error, &a->trace);
	if (status == CT_OK) {
		a->trace->until = witness->until;
		ct_gone_tell(&gone, a->trace);
		if (witness->before)
			settle_all(a->trace, &witness->before->findings);
		status = analyse(a, witness, error);
	}
	ct_gone_fini(&gone);
	if (status) {
		ct_analysis_free(a);
		return status;
	}
	*out_analysis = a;
	return CT_OK;
}

enum ct_status ct_analysis_new(const char *path, uint64_t max_bytes, const struct ct_scan *live,
			       const atomic_bool *unwanted, struct ct_error *error,
			       struct ct_analysis **out_analysis)
{
	const struct witness witness = {.live = live, .unwanted = unwanted};

	return make(path, max_bytes, &witness, error, out_analysis);
}

enum ct_status ct_analysis_final(const char *path, struct ct_analysis *before, bool stood,
				 uint64_t until, struct ct_error *error,
				 struct ct_analysis **out_analysis)
{
	const struct witness witness = {
		.before = before, .watched = true, .stood = stood, .until = until};

	return make(path, 0, &witness, error, out_analysis);
}

void ct_analysis_free(struct ct_analysis *analysis)
{
	if (!analysis)
		return;
	if (analysis->naming.model)
		ct_naming_fini(&analysis->naming);
	ct_symbols_free(analysis->symbols);
	ct_findings_fini(&analysis->findings);
	ct_model_free(analysis->model);
	ct_kernel_view_fini(&analysis->kernel_view);
	ct_trace_free(analysis->trace);
	free(analysis);
}

bool ct_analysis_fails(const struct ct_analysis *analysis, enum ct_evidence level)
{
	for (size_t i = 0; i < analysis->findings.count; i++) {
		const struct ct_finding *finding = analysis->findings.items[i];

		if (finding->severity == CT_ERROR && finding->evidence >= level)
			return true;
	}
	return false;
}

bool ct_analysis_say_problems(const struct ct_trace *trace)
{
	for (size_t i = 0; i < trace->problem_count; i++)
		ct_cli_say("%s", trace->problems[i]);
	return trace->problem_count > 0;
}

void ct_analysis_say_left_out(const struct ct_trace *trace)
{
	if (trace->left_out_bytes)
		ct_cli_say("%" PRIu64 " MB of the record, from before the hang, were not read for "
			   "this report; conctrace report reads all",
			   (trace->left_out_bytes >> 20) + 1);
}
