#include "cli/command.h"

#include <argp.h>
#include <stdarg.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/exit.h"
#include "cli/options.h"

void ct_doctor_say(struct ct_doctor *doctor, enum ct_doctor_level level, const char *fmt, ...)
{
	static const char *const marks[] = {"ok       ", "note     ", "PROBLEM  "};
	struct ct_text plain;
	va_list args;

	ct_text_init(&plain);
	va_start(args, fmt);
	ct_text_addv(&plain, fmt, args);
	va_end(args);
	ct_text_add(&doctor->report, marks[level]);
	ct_text_add_printable(&doctor->report, ct_text_str(&plain));
	ct_text_addc(&doctor->report, '\n');
	doctor->problems += level == CT_DOCTOR_PROBLEM;
	ct_text_fini(&plain);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **program = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (state->arg_num > 0)
		argp_error(state, "one program is enough: its arguments do not matter here");
	*program = arg;
	return 0;
}

static int run_doctor(int argc, char **argv)
{
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "[PROGRAM]",
		.doc = "Says whether programs can be recorded here and, of PROGRAM, whether it can "
		       "be "
		       "and which of its calls will not be seen. Nothing of PROGRAM is run.\v"
		       "Exit status: 0 if all is well, 75 if recording cannot work.",
		.children = children,
	};
	struct ct_doctor doctor = {.problems = 0};
	const char *program = NULL;
	int status;

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &program) != 0)
		return CT_EXIT_USAGE;
	ct_text_init(&doctor.report);
	ct_doctor_machine(&doctor);
	if (program)
		ct_doctor_program(&doctor, program);
	status = ct_text_status(&doctor.report) ? ct_cli_no_memory()
		 : doctor.problems		? CT_EXIT_UNRECORDED
						: CT_EXIT_OK;
	if (ct_text_write(&doctor.report, STDOUT_FILENO) == CT_EIO)
		status = CT_EXIT_INTERNAL;
	ct_text_fini(&doctor.report);
	return status;
}

const struct ct_command ct_command_doctor = {
	.name = "doctor",
	.summary = "say whether a program can be recorded, and what of it is not seen",
	.run = run_doctor,
};
