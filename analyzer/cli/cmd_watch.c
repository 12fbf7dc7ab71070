#include "cli/command.h"

#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/look.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/picture.h"
#include "live/aside.h"
#include "live/clock.h"
#include "live/find.h"
#include "live/stopped.h"
#include "report/words.h"

enum {
	KEY_FOLLOW = 'f',
	SCAN_MS = 150,	  /* between the two looks that tell who does not move */
	FOLLOW_MS = 1000, /* between two pictures */
	WAKE_MS = 10000,  /* a look that ends is heard of at once */
	REST_SHARE = 10,  /* a picture may take 1/10 of the time */
};

struct watch {
	const char *target; /* as given */
	struct ct_text trace;
	struct ct_hang hang;
	struct ct_text shown;  /* the last picture */
	struct ct_look look;   /* the last look, or zero */
	struct ct_error error; /* why there is none */
	bool follow;
	bool ended; /* the program is no more */
	bool hangs;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct watch *watch = state->input;

	switch (key) {
	case KEY_FOLLOW:
		watch->follow = true;
		return 0;
	case ARGP_KEY_ARG:
		if (watch->target)
			argp_error(state, "takes one process or trace, not also \"%s\"", arg);
		watch->target = arg;
		return 0;
	case ARGP_KEY_END:
		if (!watch->target)
			argp_error(state, "takes the number of a process, or a trace folder");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Waits, at most so long, `look_ends`: or for a look to end (aside.h); true: the user wants no
 * more. */
static bool wait_ms(uint64_t ms, bool look_ends)
{
	struct timespec time = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (look_ends)
		sigaddset(&set, SIGCHLD);
	do
		signal = sigtimedwait(&set, NULL, &time);
	while (signal < 0 && errno == EINTR);
	return signal == SIGINT || signal == SIGTERM;
}

static bool anybody_lives(const struct ct_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++)
		if (ct_scan_state(&scan->threads[i]))
			return true;
	return false;
}

static void add_stopped(void *out, uint32_t pid, bool traced)
{
	ct_text_addf(out, "process %u is %s\n", pid, traced ? "held by a debugger" : "stopped");
}

static enum ct_status add_all_stopped(const struct watch *watch, struct ct_text *out)
{
	struct ct_stopped none_known = {0};
	enum ct_status status = CT_OK;

	if (!watch->ended)
		status = ct_stopped_look(&none_known, &watch->hang.now, add_stopped, out);
	ct_stopped_fini(&none_known);
	return status;
}

static void add_verdict(const struct watch *watch, const struct ct_look *look, struct ct_text *out)
{
	if (look->finding) {
		ct_text_addf(out, "%s: ",
			     watch->ended		    ? "it hung"
			     : look->finding->unless_signal ? ct_look_verdict(look)
			     : look->surely		    ? "it hangs"
					    : "a part of it hangs, while others go on");
		ct_look_tell(look, false, out); /* a picture that stays is shown once */
		ct_text_addf(out, " [%s]\n", look->finding->rule->id);
		if (look->finding->unless_signal)
			ct_text_addf(out, "this assumes that %s\n", look->finding->assumes);
	} else if (watch->ended) {
		ct_text_add(out, "the program is no more; nothing says that it hung\n");
	} else {
		ct_words_unproved(out, &look->analysis->naming, look->analysis->model);
	}
	if (look->analysis->trace->left_out_bytes)
		ct_text_add(out, "the record is large: only the end of it was read\n");
}

static void show(struct watch *watch, const struct ct_text *picture)
{
	struct ct_error error;
	bool clear = watch->follow && isatty(STDOUT_FILENO);

	if (strcmp(ct_text_str(picture), ct_text_str(&watch->shown)) == 0)
		return;
	if (clear && write(STDOUT_FILENO, "\033[H\033[J", 6) < 0)
		return;
	if (ct_output_file(picture, "-", &error) != CT_OK)
		ct_cli_say("%s", error.text);
	ct_text_fini(&watch->shown);
	ct_text_init(&watch->shown);
	ct_text_add(&watch->shown, ct_text_str(picture));
}

static void look(void *data, const atomic_bool *unwanted)
{
	struct watch *watch = data;

	watch->error.status =
		ct_look_at(ct_text_str(&watch->trace), watch->ended ? NULL : &watch->hang, NULL,
			   unwanted, &watch->error, &watch->look);
}

/* In a thread, to stay ready for signals. True: the user wants no more. */
static bool look_aside(struct watch *watch)
{
	struct ct_aside aside = {0};
	bool enough = false;

	ct_look_drop(&watch->look);
	ct_aside_begin(&aside, look, watch);
	while (!enough && !ct_aside_ended(&aside))
		enough = wait_ms(WAKE_MS, true);
	ct_aside_drop(&aside);
	return enough;
}

static enum ct_status show_look(struct watch *watch)
{
	const struct ct_hang *hang = watch->ended ? NULL : &watch->hang;
	enum ct_status status;
	struct ct_text text;

	watch->hangs = watch->look.finding;
	ct_text_init(&text);
	status = ct_picture_add(&text, &watch->look, hang);
	if (status == CT_OK)
		status = add_all_stopped(watch, &text);
	add_verdict(watch, &watch->look, &text);
	if (status == CT_OK)
		show(watch, &text);
	ct_text_fini(&text);
	return status ? ct_error_set(&watch->error, status, "out of memory") : CT_OK;
}

/* One picture. *out_enough: the user wants no more. */
static enum ct_status look_once(struct watch *watch, bool *out_enough)
{
	enum ct_status status = ct_hang_scan(&watch->hang, ct_text_str(&watch->trace));

	if (status)
		return ct_error_set(&watch->error, status, "out of memory");
	*out_enough = wait_ms(SCAN_MS, false);
	watch->ended = !anybody_lives(&watch->hang.now);
	*out_enough = *out_enough || look_aside(watch);
	if (*out_enough)
		return CT_OK;
	return watch->error.status ? watch->error.status : show_look(watch);
}

static int watch_it(struct watch *watch)
{
	bool enough = false;

	while (!enough) {
		uint64_t start = ct_clock_ms(), rest;

		if (look_once(watch, &enough) != CT_OK)
			return ct_cli_fail(&watch->error);
		if (!watch->follow || watch->ended)
			break;
		rest = (ct_clock_ms() - start - SCAN_MS) * REST_SHARE;
		enough = enough || wait_ms(rest > FOLLOW_MS ? rest : FOLLOW_MS, false);
	}
	return watch->hangs ? CT_EXIT_FINDING : CT_EXIT_OK;
}

/* A number is a process, unless a folder has that name. */
static enum ct_status find_trace(struct watch *watch, struct ct_error *error)
{
	uint64_t pid;

	if (access(watch->target, F_OK) != 0 && ct_parse_number(watch->target, INT32_MAX, &pid))
		return ct_find_trace((pid_t)pid, &watch->trace, error);
	ct_text_add(&watch->trace, watch->target);
	return CT_OK;
}

static int run_watch(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"follow", KEY_FOLLOW, NULL, 0,
		 "Show a new picture whenever it changes, until the program ends or Ctrl-C", 0},
		{0},
	};
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "PID\nTRACE",
		.doc = "Shows who waits for whom in a recorded program that runs, or in the last "
		       "state of one that is dead, and says whether it hangs.",
		.children = children,
	};
	struct watch watch = {0};
	struct ct_error error;
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &watch) != 0)
		return CT_EXIT_USAGE;
	ct_text_init(&watch.trace);
	ct_text_init(&watch.shown);
	block_signals();
	status = find_trace(&watch, &error) == CT_OK ? watch_it(&watch) : ct_cli_fail(&error);
	ct_look_drop(&watch.look);
	ct_hang_fini(&watch.hang);
	ct_text_fini(&watch.shown);
	ct_text_fini(&watch.trace);
	return status;
}

const struct ct_command ct_command_watch = {
	.name = "watch",
	.summary = "who waits for whom in a program that runs, and does it hang",
	.run = run_watch,
};
