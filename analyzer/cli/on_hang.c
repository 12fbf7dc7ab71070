#include "cli/on_hang.h"

#include <signal.h>
#include <string.h>

#include "cli/exit.h"
#include "cli/gdb.h"
#include "live/verdict.h"

bool ct_on_hang_parse(const char *text, enum ct_on_hang *out)
{
	static const char *const words[] = {[CT_ON_HANG_KILL] = "kill",
					    [CT_ON_HANG_CONTINUE] = "continue",
					    [CT_ON_HANG_ABORT] = "abort",
					    [CT_ON_HANG_GDB] = "gdb"};

	for (int i = CT_ON_HANG_KILL; i <= CT_ON_HANG_GDB; i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*out = (enum ct_on_hang)i;
		return true;
	}
	return false;
}

/* The processes that are part of the hang, each once; at most `room`. */
static size_t list_processes(const struct ct_finding *finding, pid_t *out, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < finding->step_count && count < room; i++) {
		const struct ct_thread *thread = finding->steps[i].thread;
		bool known = !thread || thread->process->pid <= 1;

		for (size_t k = 0; k < count && !known; k++)
			known = out[k] == (pid_t)thread->process->pid;
		if (!known)
			out[count++] = (pid_t)thread->process->pid;
	}
	return count;
}

/* Only what descends from the program: in a namespace of its own a pid means something else. */
static bool abort_all(const struct ct_on_hang_state *state, const pid_t *pids, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (ct_tree_signal_one(state->tree, pids[i], SIGABRT))
			any = true;
		else
			ct_cli_say("process %d is not to be found here, and was not aborted",
				   (int)pids[i]);
	}
	return any;
}

static bool show_all(struct ct_on_hang_state *state, pid_t *pids, size_t count)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++)
		if (ct_tree_signal_one(state->tree, pids[i], 0))
			pids[known++] = pids[i];
	return known && ct_gdb_start(pids, known, &state->gdb);
}

static void say(struct ct_on_hang_state *state)
{
	if (strcmp(ct_text_str(&state->sentence), ct_text_str(&state->said)) == 0)
		return;
	ct_cli_say("%s: %s", ct_look_verdict(&state->look), ct_text_str(&state->line));
	ct_text_fini(&state->said);
	state->said = state->sentence;
	ct_text_init(&state->sentence);
}

static enum ct_hang_answer act(struct ct_on_hang_state *state)
{
	pid_t pids[CT_GDB_PROCESSES];
	size_t count = list_processes(state->look.finding, pids, CT_GDB_PROCESSES);

	switch (state->mode) {
	case CT_ON_HANG_DEFAULT:
		if (!state->look.finding->unless_signal)
			return state->look.surely ? CT_HANG_END : CT_HANG_REPORTED;
		return CT_HANG_GO_ON; /* an interrupt may be what it waits for */
	case CT_ON_HANG_CONTINUE:
		return state->look.finding->unless_signal ? CT_HANG_GO_ON : CT_HANG_REPORTED;
	case CT_ON_HANG_ABORT:
		return abort_all(state, pids, count) ? CT_HANG_END_LATER : CT_HANG_END;
	case CT_ON_HANG_GDB:
		return show_all(state, pids, count) ? CT_HANG_END_LATER : CT_HANG_END;
	case CT_ON_HANG_KILL:
		break;
	}
	return CT_HANG_END;
}

static void clear(struct ct_text *text)
{
	ct_text_fini(text);
	ct_text_init(text);
}

void ct_on_hang_judge(struct ct_on_hang_state *state, struct ct_hang *hang,
		      const atomic_bool *unwanted)
{
	struct ct_error error;

	ct_look_drop(&state->newer);
	clear(&state->line);
	clear(&state->sentence);
	if (ct_look_at(state->trace, hang, state->sift, unwanted, &error, &state->newer) != CT_OK)
		return; /* told at the end, when it is read again */
	if (!state->newer.finding) {
		ct_look_drop(&state->newer);
		return;
	}
	ct_look_tell(&state->newer, true, &state->line);
	ct_look_tell(&state->newer, false, &state->sentence);
}

enum ct_hang_answer ct_on_hang_judged(struct ct_on_hang_state *state)
{
	if (!state->newer.finding)
		return CT_HANG_GO_ON;
	ct_look_drop(&state->look);
	state->look = state->newer;
	state->newer = (struct ct_look){0};
	say(state);
	return act(state);
}

static bool scan_stood(const struct ct_on_hang_state *state)
{
	struct ct_scan end = {0};
	bool stood = ct_scan_read(&end, state->trace, NULL) == CT_OK &&
		     ct_verdict_stood(state->look.finding, &end);

	ct_scan_fini(&end);
	return stood;
}

void ct_on_hang_ended(struct ct_on_hang_state *state, bool by_itself)
{
	state->stood = state->look.finding && !by_itself && scan_stood(state);
}

void ct_on_hang_close(struct ct_on_hang_state *state, const struct ct_analysis *analysis)
{
	if (!state->look.finding || state->stood)
		return;
	state->stood = !state->look.finding->unless_signal &&
		       ct_verdict_stayed(state->look.finding, analysis->model);
	if (!state->stood)
		ct_cli_say("what was said to hang did not stand to the end: it is not counted");
}

/* The look becomes one at all of the trace, unless that tells less of the hang. */
static void look_at_all(struct ct_on_hang_state *state, uint64_t until)
{
	const struct ct_finding *again;
	struct ct_analysis *all;
	struct ct_error error;

	if (ct_analysis_final(state->trace, state->look.analysis, true, until, &error, &all) !=
	    CT_OK)
		return;
	again = ct_verdict_again(state->look.finding, &all->findings, all->model);
	if (!again) {
		ct_analysis_free(all);
		return;
	}
	ct_analysis_free(state->look.analysis);
	state->look.analysis = all;
	state->look.finding = again;
}

struct ct_analysis *ct_on_hang_take(struct ct_on_hang_state *state, uint64_t until)
{
	struct ct_analysis *taken;

	if (state->look.analysis->trace->instrumented_count)
		look_at_all(state, until);
	taken = state->look.analysis;
	state->look.analysis = NULL;
	return taken;
}

bool ct_on_hang_reaped(struct ct_on_hang_state *state, pid_t pid, int wait_status)
{
	if (!state->gdb || pid != state->gdb)
		return false;
	state->gdb = 0;
	ct_gdb_say_failure(wait_status);
	return true;
}

void ct_on_hang_init(struct ct_on_hang_state *state)
{
	*state = (struct ct_on_hang_state){0};
	ct_text_init(&state->line);
	ct_text_init(&state->sentence);
	ct_text_init(&state->said);
}

void ct_on_hang_fini(struct ct_on_hang_state *state)
{
	ct_look_drop(&state->newer);
	ct_look_drop(&state->look);
	ct_text_fini(&state->line);
	ct_text_fini(&state->sentence);
	ct_text_fini(&state->said);
}
