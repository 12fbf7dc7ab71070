#include "cli/library.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/elf_file.h"
#include "cli/program.h"

#define LIBRARY "libconctrace.so"
#define STUB "libconctrace-race.a"

/* Cuts the last component off; false: there is none. */
static bool to_parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/* The folder above that of this executable: the build folder, or the prefix. */
static bool top_folder(char *out, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", out, size - 1);

	if (length <= 0)
		return false;
	out[length] = '\0';
	return to_parent(out) && to_parent(out);
}

/* The library of this build, but not for a conctrace that was installed from it. */
static bool in_build(const char *top, struct ct_text *out)
{
#ifdef CT_BUILD_PRELOAD
	size_t length = strlen(top);

	if (strncmp(CT_BUILD_PRELOAD, top, length) == 0 && CT_BUILD_PRELOAD[length] == '/') {
		ct_text_reset(out);
		ct_text_add(out, CT_BUILD_PRELOAD);
		return access(ct_text_str(out), R_OK) == 0;
	}
#endif
	(void)top;
	(void)out;
	return false;
}

static bool installed(const char *top, struct ct_text *out)
{
#ifdef CT_INSTALL_LIBDIR
	ct_text_reset(out);
	if (CT_INSTALL_LIBDIR[0] == '/')
		ct_text_add(out, CT_INSTALL_LIBDIR "/" LIBRARY);
	else
		ct_text_addf(out, "%s/" CT_INSTALL_LIBDIR "/" LIBRARY, top);
	if (access(ct_text_str(out), R_OK) == 0)
		return true;
#endif
#ifdef CT_PRELOAD_PATH
	ct_text_reset(out);
	ct_text_add(out, CT_PRELOAD_PATH);
	if (access(ct_text_str(out), R_OK) == 0)
		return true;
#endif
	(void)top;
	(void)out;
	return false;
}

/* What LD_PRELOAD would turn into a message of the loader that nobody understands. */
static enum ct_status check(const char *path, struct ct_error *error)
{
	struct ct_file_head head;

	if (!ct_file_head_read(path, &head))
		return ct_error_set(error, CT_ENOTFOUND, "%s: %s", path, strerror(errno));
	if (head.kind != CT_FILE_ELF || !head.shared_object)
		return ct_error_set(error, CT_ENOTFOUND, "%s is not a shared library for x86-64",
				    path);
	if (strpbrk(path, " :"))
		return ct_error_set(error, CT_ENOTFOUND,
				    "LD_PRELOAD cannot name a path with a blank or colon: move %s",
				    path);
	return CT_OK;
}

static enum ct_status named_by_user(const char *path, struct ct_text *out_path,
				    struct ct_error *error)
{
	char *real = realpath(path, NULL);

	if (!real)
		return ct_error_set(error, CT_ENOTFOUND, "CONCTRACE_LIBRARY: %s: %s", path,
				    strerror(errno));
	ct_text_add(out_path, real);
	free(real);
	return check(ct_text_str(out_path), error);
}

/* The library that this executable was built or installed with. */
static bool find_own(struct ct_text *out_path)
{
	char top[PATH_MAX];

	return top_folder(top, sizeof(top)) &&
	       (in_build(top, out_path) || installed(top, out_path));
}

enum ct_status ct_library_find(struct ct_text *out_path, struct ct_error *error)
{
	const char *given = getenv("CONCTRACE_LIBRARY");

	if (given && *given)
		return named_by_user(given, out_path, error);
	if (find_own(out_path))
		return check(ct_text_str(out_path), error);
	return ct_error_set(error, CT_ENOTFOUND,
			    LIBRARY " was not found: set CONCTRACE_LIBRARY to its path");
}

/* The folder is called like the library, beside it: libconctrace.so, conctrace/. */
enum ct_status ct_library_find_race(struct ct_text *out_folder, struct ct_error *error)
{
	struct ct_text library, stub;
	enum ct_status status = CT_OK;

	ct_text_init(&library);
	ct_text_init(&stub);
	if (find_own(&library) && to_parent(library.data)) {
		ct_text_addf(out_folder, "%s/conctrace", library.data);
		ct_text_addf(&stub, "%s/" STUB, ct_text_str(out_folder));
	}
	if (access(ct_text_str(&stub), R_OK) != 0)
		status = ct_error_set(error, CT_ENOTFOUND,
				      STUB " was not found beside " LIBRARY
					   ": conctrace is not completely installed");
	else if (strchr(ct_text_str(out_folder), ','))
		status = ct_error_set(error, CT_EUSAGE,
				      "compilers cannot hand on a path with a comma: move %s",
				      ct_text_str(out_folder));
	ct_text_fini(&stub);
	ct_text_fini(&library);
	return status;
}

void ct_library_why_not(const char *program, struct ct_text *out)
{
	struct ct_file_head head;
	struct ct_text path;

	ct_text_init(&path);
	if (!ct_program_find(program, &path) || !ct_program_resolve(&path, &head))
		ct_text_addf(out, "%s cannot be read to tell why", program);
	else if (!ct_program_obstacle(ct_text_str(&path), &head, out))
		ct_text_addf(out, "see what \"conctrace doctor %s\" says of it",
			     ct_text_str(&path));
	ct_text_fini(&path);
}
