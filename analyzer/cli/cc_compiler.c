#include "cli/cc_compiler.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/program.h"

extern char **environ;

/* Programs that run the compiler that stands behind them. */
static const char *const launchers[] = {"ccache", "sccache", "distcc", "icecc"};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_launcher(const char *word)
{
	for (size_t i = 0; i < sizeof(launchers) / sizeof(*launchers); i++) {
		if (strcmp(base_name(word), launchers[i]) == 0)
			return true;
	}
	return false;
}

/* "x86_64-linux-gnu-gcc-12", "g++", "clang++-19"; 0: as "cc", it does not tell. */
static int by_name(const char *word)
{
	const char *name = base_name(word);

	if (strstr(name, "clang"))
		return CT_CC_CLANG;
	return strstr(name, "gcc") || strstr(name, "g++") ? CT_CC_GCC : 0;
}

/* The macros that a compiler has from the start. */
static void ask_macros(const char *compiler, struct ct_text *out)
{
	const char *const command[] = {compiler, "-dM", "-E", "-x", "c", "/dev/null", NULL};
	posix_spawn_file_actions_t actions;
	char bytes[1024];
	int ends[2];
	ssize_t length;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, compiler, &actions, NULL, (char *const *)command, environ) != 0)
		pid = 0;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while ((length = read(ends[0], bytes, sizeof(bytes))) > 0 || (length < 0 && errno == EINTR))
		ct_text_addn(out, bytes, length > 0 ? (size_t)length : 0);
	close(ends[0]);
	while (pid && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* clang has gcc's macros, too; so have others, which are not gcc. */
static int by_macros(const char *compiler)
{
	struct ct_text macros;
	int found = 0;

	ct_text_init(&macros);
	ask_macros(compiler, &macros);
	if (strstr(ct_text_str(&macros), "#define __clang__ "))
		found = CT_CC_CLANG;
	else if (strstr(ct_text_str(&macros), "#define __GNUC__ ") &&
		 !strstr(ct_text_str(&macros), "#define __INTEL_COMPILER "))
		found = CT_CC_GCC;
	ct_text_fini(&macros);
	return found;
}

static bool exists(const char *program)
{
	struct ct_text path;
	bool found;

	ct_text_init(&path);
	found = ct_program_find(program, &path);
	ct_text_fini(&path);
	return found;
}

enum ct_status ct_cc_find_compiler(char *const *argv, struct ct_cc_found *out,
				   struct ct_error *error)
{
	size_t at = 0;
	int compiler;

	while (argv[at + 1] && exists(argv[at]) && is_launcher(argv[at]))
		at++;
	if (!exists(argv[at]))
		return ct_error_set(error, CT_ENOTFOUND, "%s: %s", argv[at], strerror(errno));
	compiler = by_name(argv[at]);
	if (!compiler)
		compiler = by_macros(argv[at]);
	if (!compiler)
		return ct_error_set(error, CT_EUSAGE,
				    "%s is neither gcc nor clang, going by the macros that it "
				    "has: only these two can note memory accesses",
				    argv[at]);
	*out = (struct ct_cc_found){.compiler = (enum ct_cc_compiler)compiler, .words = at + 1};
	return CT_OK;
}
