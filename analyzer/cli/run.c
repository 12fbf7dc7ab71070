#include "cli/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/folder.h"
#include "cli/interrupt.h"
#include "cli/launch.h"
#include "cli/library.h"
#include "cli/on_hang.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/sift.h"
#include "live/hang.h"
#include "live/steered.h"
#include "live/supervisor.h"
#include "live/tree.h"
#include "reader/repair.h"

struct run {
	const struct ct_run_options *options;
	struct ct_supervisor_signals signals;
	struct ct_tree tree;
	struct ct_text library, trace, trace_name; /* trace: absolute path; name: to show */
	struct ct_launched launched;
	struct ct_supervised supervised;
	struct ct_on_hang_state on_hang;
	struct ct_analysis *analysis;
	bool unrecorded_said;
};

/* As a shell sees it. */
static int own_status(const struct run *run)
{
	int status = run->supervised.wait_status;

	return WIFSIGNALED(status) ? CT_EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

static void describe_end(const struct run *run, struct ct_text *out)
{
	int status = run->supervised.wait_status;

	if (run->supervised.ending == CT_ENDED_STUCK)
		ct_text_add(out, "the program hung and was ended");
	else if (run->supervised.ending == CT_ENDED_INTERRUPTED)
		ct_text_add(out, "the program was ended by an interrupt from the keyboard");
	else if (run->supervised.ending == CT_ENDED_TIMEOUT)
		ct_text_addf(out, "the program was ended after %.6g s, the time limit",
			     (double)run->options->timeout_ms / 1000);
	else if (WIFSIGNALED(status))
		ct_text_addf(out, "the program was killed by SIG%s%s",
			     sigabbrev_np(WTERMSIG(status)),
			     WTERMSIG(status) == SIGSYS
				     ? " (its seccomp filter may not allow what recording needs: "
				       "docs/hooks.md)"
				     : "");
	else
		ct_text_addf(out, "the program exited with status %d", WEXITSTATUS(status));
}

static struct ct_program_end program_end(const struct run *run)
{
	int status = run->supervised.wait_status;

	switch (run->supervised.ending) {
	case CT_ENDED_STUCK:
		return (struct ct_program_end){.ending = CT_PROGRAM_HUNG};
	case CT_ENDED_INTERRUPTED:
		return (struct ct_program_end){.ending = CT_PROGRAM_INTERRUPTED};
	case CT_ENDED_TIMEOUT:
		return (struct ct_program_end){.ending = CT_PROGRAM_TIMED_OUT};
	default:
		break;
	}
	if (WIFSIGNALED(status))
		return (struct ct_program_end){CT_PROGRAM_KILLED, WTERMSIG(status)};
	return (struct ct_program_end){CT_PROGRAM_EXITED, WEXITSTATUS(status)};
}

/* The loader itself gives up with this status: the program never began. */
static bool could_not_be_loaded(const struct run *run)
{
	int status = run->supervised.wait_status;

	return run->supervised.reaped && WIFEXITED(status) &&
	       WEXITSTATUS(status) == CT_EXIT_NOT_FOUND;
}

/* What the recorder needs to begin: a session, a lane, the metadata. */
enum { BYTES_TO_BEGIN = 1 << 18 };

/* Why a recorder that was loaded could not begin; false: that is not it. */
static bool has_no_room(const struct run *run, struct ct_text *out)
{
	const char *trace = ct_text_str(&run->trace);
	struct statvfs disk;
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < BYTES_TO_BEGIN) {
		ct_text_add(out, "the limit on file sizes (ulimit -f) leaves no room for a trace");
		return true;
	}
	if (statvfs(trace, &disk) == 0 &&
	    (uint64_t)disk.f_bavail * disk.f_frsize < BYTES_TO_BEGIN) {
		ct_text_addf(out,
			     "no space is left for a trace in %s; choose another folder with -o",
			     trace);
		return true;
	}
	return false;
}

static void say_incomplete(const struct run *run)
{
	struct ct_recorder_state state;

	ct_recorder_state(ct_text_str(&run->trace), &state);
	if (state.given_up)
		ct_cli_say(
			"incomplete: %u of the processes could not be recorded to the end (a full "
			"disk, or a limit on the size of files): the report may miss things",
			state.given_up);
	if (state.denied)
		ct_cli_say("incomplete: %u of the processes changed to a user who may not open the "
			   "trace folder: what they did then, and what they started, is not "
			   "recorded",
			   state.denied);
	if (state.left_out)
		ct_cli_say("incomplete: %u of the programs that it started are linked with "
			   "ThreadSanitizer's own runtime and were left out: link them again with "
			   "\"conctrace cc\"",
			   state.left_out);
}

static void say_outdated(const struct run *run)
{
	struct ct_text why;

	ct_text_init(&why);
	if (ct_program_outdated(run->options->program[0], ct_text_str(&run->library), &why))
		ct_cli_say("incomplete: %s", ct_text_str(&why));
	ct_text_fini(&why);
}

/* Who asks for the accesses that are compiled in gets nothing else instead. */
static void say_not_compiled(const struct run *run)
{
	const struct ct_trace *trace = run->analysis->trace;
	const char *how = run->options->races.how;
	struct ct_text why;

	if (!how || strcmp(how, "compiled") != 0 || trace->accesses || trace->some_accesses)
		return;
	ct_text_init(&why);
	if (ct_program_not_compiled(run->options->program[0], &why))
		ct_cli_say("data races were not looked for: %s", ct_text_str(&why));
	ct_text_fini(&why);
}

/* Says it at most once; true when the recorder is not in the program. */
static bool say_unrecorded(struct run *run)
{
	const char *program = run->options->program[0];
	struct ct_recorder_state state;
	struct ct_text why;

	ct_recorder_state(ct_text_str(&run->trace), &state);
	if (state.ready && state.root_pid == (uint32_t)run->launched.pid)
		return false;
	if (run->unrecorded_said)
		return !state.ready;
	run->unrecorded_said = true;
	if (could_not_be_loaded(run)) {
		ct_cli_say("%s or a library that it needs could not be loaded", program);
		return true;
	}
	ct_text_init(&why);
	if (state.ready || !has_no_room(run, &why))
		ct_library_why_not(program, &why);
	ct_cli_say("%s is not recorded%s: %s", program,
		   state.ready ? ", only programs that it starts" : "", ct_text_str(&why));
	ct_text_fini(&why);
	return !state.ready;
}

static void settled(void *context)
{
	say_unrecorded(context);
}

static void judge(void *context, struct ct_hang *hang, const atomic_bool *unwanted)
{
	struct run *run = context;

	ct_on_hang_judge(&run->on_hang, hang, unwanted);
}

static enum ct_hang_answer judged(void *context)
{
	struct run *run = context;

	return ct_on_hang_judged(&run->on_hang);
}

static bool reaped(void *context, pid_t pid, int wait_status)
{
	struct run *run = context;

	return ct_on_hang_reaped(&run->on_hang, pid, wait_status);
}

static void ignored(void *context)
{
	(void)context;
	ct_cli_say("the program ignores interrupts: another one within 2 seconds ends it");
}

static void stopped(void *context, uint32_t pid, bool traced)
{
	(void)context;
	ct_cli_say(traced ? "process %u is held by a debugger"
			  : "process %u is stopped (kill -CONT %u lets it go on)",
		   pid, pid);
}

/* Starts the program; 0, or the exit status. */
static int start(struct run *run)
{
	const struct ct_run_options *options = run->options;
	struct ct_launch launch = {
		.argv = options->program,
		.library = ct_text_str(&run->library),
		.stack_depth = options->stack_depth,
		.max_bytes = options->max_bytes,
		.quota_bytes = options->quota_bytes,
		.races = options->races,
		.start = options->start,
		.shown = options->shown,
		.planned = options->plan,
		.perturbed = options->perturbed,
		.seed = options->seed,
		.new_session = options->new_session,
		.signals = &run->signals,
	};
	struct ct_error error;
	int failure;

	if (ct_launch_prepare(&launch, &run->launched, &error) != CT_OK) {
		ct_cli_say("%s", error.text);
		return CT_EXIT_INTERNAL;
	}
	if (ct_folder_make(options->folder, options->program[0], run->launched.pid, options->force,
			   &run->trace, &run->trace_name, &error) != CT_OK) {
		ct_launch_drop(&run->launched);
		return ct_cli_fail(&error);
	}
	if (options->plan && !ct_steered_write_plan(ct_text_str(&run->trace), options->plan)) {
		ct_cli_say("cannot write to %s: %s", ct_text_str(&run->trace), strerror(errno));
		ct_launch_drop(&run->launched);
		return CT_EXIT_INTERNAL;
	}
	failure = ct_launch_go(&run->launched, ct_text_str(&run->trace));
	if (!failure)
		return 0;
	ct_folder_drop(ct_text_str(&run->trace));
	ct_cli_say("%s: %s", options->program[0], strerror(failure));
	return failure == ENOENT || failure == ENOTDIR ? CT_EXIT_NOT_FOUND : CT_EXIT_NOT_EXECUTABLE;
}

static void supervise(struct run *run)
{
	struct ct_supervision supervision = {
		.program = run->launched.pid,
		.trace = ct_text_str(&run->trace),
		.timeout_ms = run->options->timeout_ms,
		.wait_all = run->options->wait_all,
		.own_session = run->options->new_session,
		.judge = judge,
		.judged = judged,
		.reaped = reaped,
		.ignored = ignored,
		.stopped = stopped,
		.settled = settled,
		.context = run,
	};

	run->on_hang.mode = run->options->on_hang;
	run->on_hang.sift = run->options->sift;
	run->on_hang.trace = ct_text_str(&run->trace);
	run->on_hang.tree = &run->tree;
	ct_supervise(&supervision, &run->tree, &run->supervised);
	if (run->supervised.told_to_end)
		ct_interrupt_note(run->supervised.told_to_end);
}

static void say_survivors(const struct run *run)
{
	struct ct_text line;

	if (!run->supervised.survivor_count || run->options->start) /* of a re-run they are ended */
		return;
	ct_text_init(&line);
	for (size_t i = 0; i < run->supervised.survivor_count; i++) {
		const struct ct_proc *proc = &run->supervised.survivors[i];

		ct_text_addf(&line, "%s %s (process %d)", i ? "," : "", proc->name, (int)proc->pid);
	}
	ct_cli_say("still running:%s; --wait-all waits for what outlives the program",
		   ct_text_str(&line));
	ct_text_fini(&line);
}

static int final_status(const struct run *run)
{
	const struct ct_output_options *output = &run->options->output;
	enum ct_ending ending = run->supervised.ending;
	/* what made it stand still is an answer; a guess is not why the time ran out */
	enum ct_evidence level = ending == CT_ENDED_ITSELF ? output->fail_on : CT_OBSERVED;

	if (run->on_hang.stood || ct_analysis_fails(run->analysis, level))
		return output->error_status;
	if (ending == CT_ENDED_INTERRUPTED)
		return CT_EXIT_SIGNAL + SIGINT;
	return ending == CT_ENDED_TIMEOUT ? CT_EXIT_TIMEOUT : own_status(run);
}

/* Whatever was killed left the ends of its records in `.live/`. */
static enum ct_status read_trace(struct run *run, struct ct_error *error)
{
	const char *trace = ct_text_str(&run->trace);
	uint32_t gone = (uint32_t)run->launched.pid;
	struct ct_repair_options options = {
		.mode = CT_REPAIR_DEAD, /* what outlived the program goes on recording */
		.dead_pids = &gone,
		.dead_count = run->supervised.reaped,
	};
	struct ct_repair_counts counts;
	struct ct_error unrepaired;
	enum ct_status status;

	ct_on_hang_ended(&run->on_hang, run->supervised.ending == CT_ENDED_ITSELF);
	if (ct_trace_repair(trace, &options, &unrepaired, &counts) != CT_OK)
		ct_cli_say("%s", unrepaired.text); /* our own reader needs no repair */
	if (run->supervised.ending == CT_ENDED_STUCK ||
	    (run->on_hang.stood && run->on_hang.look.whole)) {
		run->on_hang.stood = true;
		run->analysis = ct_on_hang_take(&run->on_hang, run->supervised.stopped_at);
		return CT_OK;
	}
	status = ct_analysis_final(trace, run->on_hang.look.analysis, run->on_hang.stood,
				   run->supervised.stopped_at, error, &run->analysis);
	if (status == CT_OK)
		ct_on_hang_close(&run->on_hang, run->analysis);
	return status;
}

static void tell_found(const struct run *run)
{
	const struct ct_run_result result = {
		.analysis = run->analysis,
		.trace = ct_text_str(&run->trace),
		.trace_name = ct_text_str(&run->trace_name),
		.hang = run->on_hang.look.finding,
		.end = &run->supervised,
	};

	if (run->options->found)
		run->options->found(run->options->context, &result);
}

static int say_unread(const struct run *run, const struct ct_error *error)
{
	if (error->status != CT_EINTR) {
		ct_cli_say("%s", error->text);
		return CT_EXIT_INTERNAL;
	}
	ct_cli_say("there is no report, as it was interrupted; the trace is in %s",
		   ct_text_str(&run->trace_name));
	return CT_EXIT_SIGNAL + ct_interrupt_signal();
}

static int explain(struct run *run)
{
	struct ct_output output = {
		.options = &run->options->output,
		.sift = run->options->sift,
		.more = run->options->more,
		.trace_path = ct_text_str(&run->trace),
		.text_fd = run->options->quiet ? -1 : STDERR_FILENO,
		.command = run->options->command,
	};
	struct ct_error error;
	struct ct_text end;
	int status;

	if (read_trace(run, &error) != CT_OK ||
	    ct_sift_apply(run->options->sift, run->analysis, &error) != CT_OK)
		return say_unread(run, &error);
	ct_analysis_say_problems(run->analysis->trace);
	ct_analysis_say_left_out(run->analysis->trace);
	say_incomplete(run);
	say_outdated(run);
	if (!run->options->quiet)
		say_not_compiled(run);
	tell_found(run);
	if (run->options->quiet) /* it may be since it was told */
		output.text_fd = -1;
	ct_text_init(&end);
	describe_end(run, &end);
	output.program_status = ct_text_str(&end);
	output.program_failed = run->supervised.ending != CT_ENDED_ITSELF || own_status(run) != 0;
	output.program_end = program_end(run);
	output.exit_status = final_status(run);
	status = ct_output_write(&output, run->analysis);
	ct_text_fini(&end);
	if (!run->options->quiet)
		ct_cli_say("the trace is in %s", ct_text_str(&run->trace_name));
	return status;
}

static int run_program(struct run *run)
{
	int status = start(run);

	if (status == 0)
		supervise(run);
	ct_supervisor_unblock(&run->signals);
	if (status)
		return status;
	signal(SIGPIPE, SIG_IGN); /* the exit status counts, also when nobody reads the report */
	say_survivors(run);
	if (say_unrecorded(run)) {
		ct_folder_drop(ct_text_str(&run->trace));
		return could_not_be_loaded(run) ? CT_EXIT_NOT_FOUND : CT_EXIT_UNRECORDED;
	}
	return explain(run);
}

static bool say_sanitized(const char *program)
{
	struct ct_text why;
	bool sanitized;

	ct_text_init(&why);
	sanitized = ct_program_sanitized(program, &why);
	if (sanitized)
		ct_cli_say("%s", ct_text_str(&why));
	ct_text_fini(&why);
	return sanitized;
}

int ct_run(const struct ct_run_options *options)
{
	struct run run = {.options = options};
	struct ct_error error;
	int status;

	ct_text_init(&run.library);
	ct_text_init(&run.trace);
	ct_text_init(&run.trace_name);
	ct_on_hang_init(&run.on_hang);
	if (ct_output_check(&options->output, options->folder, &error) != CT_OK) {
		status = ct_cli_fail(&error);
	} else if (say_sanitized(options->program[0])) {
		status = CT_EXIT_UNRECORDED;
	} else if (ct_library_find(&run.library, &error) != CT_OK) {
		ct_cli_say("%s", error.text);
		status = CT_EXIT_UNRECORDED;
	} else if (ct_tree_init(&run.tree, &error) != CT_OK) {
		ct_cli_say("%s", error.text);
		status = CT_EXIT_INTERNAL;
	} else {
		ct_supervisor_block(&run.signals);
		status = run_program(&run);
	}
	ct_analysis_free(run.analysis);
	ct_on_hang_fini(&run.on_hang);
	free(run.supervised.survivors);
	ct_tree_fini(&run.tree);
	ct_text_fini(&run.trace_name);
	ct_text_fini(&run.trace);
	ct_text_fini(&run.library);
	return status;
}
