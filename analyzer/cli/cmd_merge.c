#include "cli/command.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "detect/detector.h"
#include "grade/submission_file.h"
#include "grade/table.h"

struct arguments {
	const char *output;
	const char *const *folders; /* NULL-terminated; the end of argv */
};

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "Write the table to FILE (default: standard output)", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'o':
		a->output = arg;
		return 0;
	case ARGP_KEY_ARGS: /* argp has moved them to the end */
		a->folders = (const char *const *)(state->argv + state->next);
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "the folders are missing that \"conctrace grade\" made");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Into what is there already and no file to be replaced: a pipe, a device, a link. */
static enum ct_status write_into(const char *path, const struct ct_text *csv,
				 struct ct_error *error)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC);
	bool good = fd >= 0 && ct_text_write(csv, fd) == CT_OK;

	if (!good)
		ct_error_set(error, CT_EWRITE, "%s: %s", path, strerror(errno));
	if (fd >= 0 && close(fd) != 0 && good) {
		ct_error_set(error, CT_EWRITE, "%s: %s", path, strerror(errno));
		good = false;
	}
	return good ? CT_OK : CT_EWRITE;
}

static enum ct_status write_table(const struct arguments *a, const struct ct_text *csv,
				  struct ct_error *error)
{
	struct stat st;

	if (a->output && strcmp(a->output, "-") != 0 && lstat(a->output, &st) == 0 &&
	    !S_ISREG(st.st_mode))
		return write_into(a->output, csv, error);
	if (a->output && strcmp(a->output, "-") != 0)
		return ct_file_write(a->output, csv, error);
	if (ct_text_write(csv, STDOUT_FILENO) != CT_OK)
		return ct_error_set(error, CT_EWRITE, "standard output cannot be written to");
	return CT_OK;
}

static int run_merge(int argc, char **argv)
{
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "DIR...",
		.doc = "Puts the results of several \"conctrace grade --shard\" together: the "
		       "table "
		       "of the whole class.",
		.children = children,
	};
	struct arguments a = {0};
	struct ct_class_table table;
	struct ct_error error;
	enum ct_status status;
	struct ct_text csv;

	if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	ct_text_init(&csv);
	status = ct_class_table_read(a.folders, ct_detect_rules(), &error, &table);
	if (status == CT_OK)
		status = ct_class_table_check(&table, a.folders, &error);
	if (status == CT_OK && ct_class_table_csv(&table, &csv) != CT_OK)
		status = ct_error_set(&error, CT_ENOMEM, "out of memory");
	if (status == CT_OK)
		status = write_table(&a, &csv, &error);
	ct_class_table_fini(&table);
	ct_text_fini(&csv);
	return status ? ct_cli_fail(&error) : CT_EXIT_OK;
}

const struct ct_command ct_command_merge = {
	.name = "merge",
	.summary = "put the tables of several grade --shard together",
	.run = run_merge,
};
