#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/elf_section.h"
#include "cli/library.h"
#include "cli/linking.h"
#include "cli/program.h"
#include "cli/stub.h"

extern char **environ;

enum { FILES_MAX = 512 };

/* What the loader would map, the program first. Paths are owned. */
struct files {
	char *paths[FILES_MAX];
	size_t count;
};

static void add_file(struct files *files, const char *path, size_t length)
{
	char *copy = files->count < FILES_MAX ? strndup(path, length) : NULL;

	if (copy)
		files->paths[files->count++] = copy;
}

static void check_debug_information(struct ct_doctor *doctor, const char *path, Elf *elf)
{
	if (ct_elf_has_section(elf, ".debug_info") || ct_elf_has_section(elf, ".zdebug_info"))
		ct_doctor_say(doctor, CT_DOCTOR_GOOD, "%s has debug information", path);
	else if (ct_elf_has_section(elf, ".gnu_debuglink"))
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "the debug information of %s was split off: places are source lines "
			      "if its package of debug symbols is installed, else functions",
			      path);
	else if (ct_elf_has_section(elf, ".symtab"))
		ct_doctor_say(
			doctor, CT_DOCTOR_NOTE,
			"%s has no debug information: places are functions, not source lines; "
			"compile with -g",
			path);
	else
		ct_doctor_say(
			doctor, CT_DOCTOR_NOTE,
			"%s is stripped: places are addresses and exported functions; compile "
			"with -g and do not strip",
			path);
	if (ct_elf_has_section(elf, ".go.buildinfo"))
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "%s is a Go program: what its runtime does with threads passes no "
			      "function of libc and is not seen",
			      path);
}

/* What is compiled in comes before traps. */
static void check_races(struct ct_doctor *doctor, const char *path, Elf *elf)
{
	struct ct_text library, why;
	struct ct_linking linking;
	struct ct_error error;

	if (!ct_linking_read(path, &linking))
		return;
	ct_text_init(&library);
	ct_text_init(&why);
	if (ct_library_find(&library, &error) == CT_OK &&
	    ct_stub_outdated(path, ct_text_str(&library), &why))
		ct_doctor_say(doctor, CT_DOCTOR_NOTE, "%s", ct_text_str(&why));
	else if (linking.for_races)
		ct_doctor_say(doctor, CT_DOCTOR_GOOD,
			      "%s was built with \"conctrace cc\": data races are looked for in "
			      "all that it does",
			      path);
	else if (ct_doctor_takes_traps(elf, &why))
		ct_doctor_say(
			doctor, CT_DOCTOR_NOTE,
			"%s was not built with \"conctrace cc\": data races are caught by "
			"traps, some in each run; to have all found that a run shows, compile "
			"and link it with: conctrace cc %s ...",
			path, ct_linking_compiler(&linking));
	else
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "%s gets no traps, as %s: to have data races found, compile and link "
			      "it with: conctrace cc %s ...",
			      path, ct_text_str(&why), ct_linking_compiler(&linking));
	ct_text_fini(&why);
	ct_text_fini(&library);
}

static void check_file(struct ct_doctor *doctor, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
	if (elf) {
		check_debug_information(doctor, path, elf);
		check_races(doctor, path, elf);
	}
	elf_end(elf);
	if (fd >= 0)
		close(fd);
}

/* "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f...)"; the vdso has no path. */
static void take_line(struct ct_doctor *doctor, struct files *files, char *line)
{
	char *path = strchr(line, '/'), *end;

	line += strspn(line, " \t");
	if (strstr(line, "=> not found")) {
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM,
			      "%.*s is not found: the program cannot start",
			      (int)strcspn(line, " "), line);
		return;
	}
	if (!path)
		return;
	end = strstr(path, " (0x");
	add_file(files, path, end ? (size_t)(end - path) : strcspn(path, "\n"));
}

/* The loader says itself what it would load: this is what ldd asks, and runs nothing of the
 * program. */
static bool list_libraries(struct ct_doctor *doctor, struct ct_text *loader, struct ct_text *path,
			   struct files *files)
{
	char list[] = "--list";
	char *argv[] = {loader->data, list, path->data, NULL};
	posix_spawn_file_actions_t actions;
	int ends[2], status = -1;
	char *line = NULL;
	size_t room = 0;
	FILE *output;
	pid_t pid;

	if (!loader->data || !path->data || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		pid = 0;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	output = fdopen(ends[0], "r");
	while (pid && output && getline(&line, &room, output) > 0)
		take_line(doctor, files, line);
	free(line);
	if (output)
		fclose(output);
	while (pid && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid && status == 0;
}

static void check_sanitizer(struct ct_doctor *doctor, const char *program, const char *library)
{
	if (strstr(library, "/libasan.so"))
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM,
			      "%s is built with a sanitizer (%s), which stands before the same "
			      "functions: build it without, or link it with -static-libasan",
			      program, library);
	else if (strstr(library, "/libtsan.so") || strstr(library, "/libclang_rt.tsan"))
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM,
			      "a library of %s is linked with ThreadSanitizer's own runtime (%s): "
			      "link it again with \"conctrace cc\"",
			      program, library);
}

static void check_libraries(struct ct_doctor *doctor, struct ct_text *program,
			    const char *loader_path)
{
	const char *path = ct_text_str(program);
	struct files files = {.count = 0};
	struct ct_text library, loader;
	struct ct_error error;

	add_file(&files, path, strlen(path));
	ct_text_init(&loader);
	ct_text_add(&loader, loader_path);
	if (!list_libraries(doctor, &loader, program, &files))
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "the loader does not tell the libraries of %s", path);
	ct_text_fini(&loader);
	for (size_t i = 1; i < files.count; i++)
		check_sanitizer(doctor, path, files.paths[i]);
	ct_text_init(&library);
	if (ct_library_find(&library, &error) == CT_OK)
		ct_doctor_calls(doctor, ct_text_str(&library), (const char *const *)files.paths,
				files.count);
	ct_text_fini(&library);
	for (size_t i = 0; i < files.count; i++)
		free(files.paths[i]);
}

void ct_doctor_program(struct ct_doctor *doctor, const char *program)
{
	struct ct_file_head head;
	struct ct_text path, why;

	ct_text_init(&path);
	ct_text_init(&why);
	if (!ct_program_find(program, &path)) {
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM, "%s: %s", program, strerror(errno));
	} else if (!ct_program_resolve(&path, &head)) {
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM, "%s: %s", ct_text_str(&path),
			      strerror(errno));
	} else if (ct_program_obstacle(ct_text_str(&path), &head, &why)) {
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM, "%s", ct_text_str(&why));
	} else if (head.kind != CT_FILE_ELF) {
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "%s is neither a program nor a script: execvp(3) would let sh run it",
			      ct_text_str(&path));
	} else {
		ct_doctor_say(doctor, CT_DOCTOR_GOOD, "%s is dynamically linked for x86-64",
			      ct_text_str(&path));
		check_file(doctor, ct_text_str(&path));
		check_libraries(doctor, &path, head.interpreter);
	}
	ct_text_fini(&why);
	ct_text_fini(&path);
}
