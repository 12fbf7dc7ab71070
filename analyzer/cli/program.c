#include "cli/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/linking.h"
#include "cli/sanitizer.h"
#include "cli/stub.h"

/* A script's interpreter may be a script. */
enum { SCRIPTS_MAX = 4 };

static bool executable(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return false;
	if (S_ISDIR(info.st_mode)) {
		errno = EISDIR;
		return false;
	}
	return access(path, X_OK) == 0;
}

bool ct_program_find(const char *program, struct ct_text *out_path)
{
	const char *path = getenv("PATH");

	ct_text_reset(out_path);
	if (strchr(program, '/')) {
		ct_text_add(out_path, program);
		return executable(program);
	}
	if (!path)
		path = "/bin:/usr/bin";
	while (*path) {
		size_t length = strcspn(path, ":");

		ct_text_reset(out_path);
		ct_text_addn(out_path, length ? path : ".", length ? length : 1);
		ct_text_addf(out_path, "/%s", program);
		if (executable(ct_text_str(out_path)))
			return true;
		path += length;
		path += *path == ':';
	}
	errno = ENOENT;
	return false;
}

/* "#!/usr/bin/env NAME" means NAME, wherever it is. */
static void to_interpreter(const struct ct_file_head *head, struct ct_text *path)
{
	const char *slash = strrchr(head->interpreter, '/');

	if (slash && strcmp(slash, "/env") == 0 && head->argument[0] && head->argument[0] != '-' &&
	    !strchr(head->argument, '=') && ct_program_find(head->argument, path))
		return;
	ct_text_reset(path);
	ct_text_add(path, head->interpreter);
}

bool ct_program_resolve(struct ct_text *path, struct ct_file_head *out)
{
	bool readable = ct_file_head_read(ct_text_str(path), out);

	for (int i = 0; readable && out->kind == CT_FILE_SCRIPT && i < SCRIPTS_MAX; i++) {
		to_interpreter(out, path);
		readable = ct_file_head_read(ct_text_str(path), out);
	}
	return readable;
}

static bool gains_rights(const char *path, const struct stat *st)
{
	if ((st->st_mode & S_ISUID && st->st_uid != geteuid()) ||
	    (st->st_mode & S_ISGID && st->st_gid != getegid()))
		return true;
	return getxattr(path, "security.capability", NULL, 0) > 0;
}

bool ct_program_obstacle(const char *path, const struct ct_file_head *head, struct ct_text *out)
{
	if (head->kind == CT_FILE_FOREIGN_ELF)
		ct_text_addf(out, "%s is not a program for 64-bit x86", path);
	else if (head->kind == CT_FILE_ELF && !head->interpreter[0])
		ct_text_addf(out, "%s is statically linked; link it dynamically to record it",
			     path);
	else if (head->kind == CT_FILE_ELF && gains_rights(path, &head->stat))
		ct_text_addf(out,
			     "%s has a set-user-ID or set-group-ID bit or capabilities, so "
			     "the loader ignores LD_PRELOAD; record a copy without them",
			     path);
	else if (head->kind == CT_FILE_ELF && !strstr(head->interpreter, "/ld-linux-x86-64.so"))
		ct_text_addf(out, "%s does not use the loader of glibc but %s", path,
			     head->interpreter);
	else
		return head->kind == CT_FILE_ELF && ct_sanitizer_obstacle(path, out);
	return true;
}

/* The ELF file that is run in the end. */
static bool find_elf(const char *program, struct ct_text *out_path)
{
	struct ct_file_head head;

	return ct_program_find(program, out_path) && ct_program_resolve(out_path, &head) &&
	       head.kind == CT_FILE_ELF;
}

bool ct_program_sanitized(const char *program, struct ct_text *out)
{
	struct ct_text path;
	bool sanitized;

	ct_text_init(&path);
	sanitized = find_elf(program, &path) && ct_sanitizer_obstacle(ct_text_str(&path), out);
	ct_text_fini(&path);
	return sanitized;
}

bool ct_program_outdated(const char *program, const char *library, struct ct_text *out)
{
	struct ct_text path;
	bool outdated;

	ct_text_init(&path);
	outdated = find_elf(program, &path) && ct_stub_outdated(ct_text_str(&path), library, out);
	ct_text_fini(&path);
	return outdated;
}

bool ct_program_not_compiled(const char *program, struct ct_text *out)
{
	struct ct_linking linking;
	struct ct_text path;
	bool plain;

	ct_text_init(&path);
	plain = find_elf(program, &path) && ct_linking_read(ct_text_str(&path), &linking) &&
		!linking.for_races;
	if (plain)
		ct_text_addf(out,
			     "%s was not built with \"conctrace cc\": compile and link it with: "
			     "conctrace cc %s ..., or run it with --races=traps",
			     ct_text_str(&path), ct_linking_compiler(&linking));
	ct_text_fini(&path);
	return plain;
}
