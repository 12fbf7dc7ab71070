/*
 * exec: another program takes the process over. Its recorder goes on where this one stops, if the
 * program passes LD_PRELOAD and CONCTRACE_TRACE on: they travel in its environment only, which is
 * never changed here.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "hooks/unseen.h"
#include "record/process.h"
#include "record/traps.h"

/* False: the call comes from a child that runs on its parent's recorder, or nothing is recorded. */
static bool before_exec(uintptr_t pc, uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	/* Entering was what makes a process of a forked child that nobody has noticed yet. */
	if (r)
		ct_recorder_leave(r);
	if (!ct_process_is_own())
		return false;
	if (ct_traps)
		ct_traps->ends();
	ct_call_event(CT_EV_EXEC, 0, 0, 0, pc, sp);
	ct_process_flush_self();
	return true;
}

static int exec_failed(int result, uintptr_t pc, uintptr_t sp)
{
	int saved = errno;

	ct_call_failed(CT_EV_EXEC, 0, 0, saved, pc, sp);
	ct_process_flush_undone();
	errno = saved;
	return result;
}

/* The program that comes begins with the actions and the mask that this one sees. */
static void hand_on(void)
{
	if (ct_sigtrap_ours())
		ct_sigtrap_before_exec();
}

static int not_handed_on(int result)
{
	if (ct_sigtrap_ours())
		ct_sigtrap_exec_failed();
	return result;
}

/* `look` says if the program that comes will not be seen. */
#define CT_EXEC(look, call)                                                                        \
	(before_exec(CT_CALLER)                                                                    \
		 ? ((void)(look), hand_on(), exec_failed(not_handed_on(call), CT_CALLER))          \
		 : (hand_on(), not_handed_on(call)))

CT_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return CT_EXEC(ct_unseen_program(AT_FDCWD, path, envp), CT_REAL(execve)(path, argv, envp));
}

CT_EXPORT int execv(const char *path, char *const argv[])
{
	return CT_EXEC(ct_unseen_program(AT_FDCWD, path, environ), CT_REAL(execv)(path, argv));
}

CT_EXPORT int execvp(const char *file, char *const argv[])
{
	return CT_EXEC(ct_unseen_command(file, environ), CT_REAL(execvp)(file, argv));
}

CT_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return CT_EXEC(ct_unseen_command(file, envp), CT_REAL(execvpe)(file, argv, envp));
}

CT_EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	return CT_EXEC(ct_unseen_file(fd, envp), CT_REAL(fexecve)(fd, argv, envp));
}

static void look_at(int fd, const char *path, char *const envp[], int flags)
{
	if (!ct_unseen_program(fd, path, envp) && flags & AT_EMPTY_PATH)
		ct_unseen_file(fd, envp);
}

CT_EXPORT int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags)
{
	return CT_EXEC(look_at(fd, path, envp, flags),
		       CT_REAL(execveat)(fd, path, argv, envp, flags));
}

/* How many entries an argument list takes, with its NULL. */
static size_t count_arguments(const char *first, va_list rest)
{
	size_t count = 1;

	for (const char *arg = first; arg; arg = va_arg(rest, const char *))
		count++;
	return count;
}

static void collect_arguments(char **argv, const char *first, va_list rest)
{
	*argv = (char *)(uintptr_t)first;
	while (*argv)
		*++argv = va_arg(rest, char *);
}

/* The same of execle, whose environment follows the NULL. */
static char *const *collect_with_environment(char **argv, const char *first, va_list rest)
{
	*argv = (char *)(uintptr_t)first;
	while (*argv)
		*++argv = va_arg(rest, char *);
	return va_arg(rest, char *const *);
}

CT_EXPORT int execl(const char *path, const char *arg, ...)
{
	va_list list;
	size_t count;

	va_start(list, arg);
	count = count_arguments(arg, list);
	va_end(list);
	char *argv[count];

	va_start(list, arg);
	collect_arguments(argv, arg, list);
	va_end(list);
	return CT_EXEC(ct_unseen_program(AT_FDCWD, path, environ), CT_REAL(execv)(path, argv));
}

CT_EXPORT int execlp(const char *file, const char *arg, ...)
{
	va_list list;
	size_t count;

	va_start(list, arg);
	count = count_arguments(arg, list);
	va_end(list);
	char *argv[count];

	va_start(list, arg);
	collect_arguments(argv, arg, list);
	va_end(list);
	return CT_EXEC(ct_unseen_command(file, environ), CT_REAL(execvp)(file, argv));
}

CT_EXPORT int execle(const char *path, const char *arg, ...)
{
	va_list list;
	size_t count;
	char *const *envp;

	va_start(list, arg);
	count = count_arguments(arg, list);
	va_end(list);
	char *argv[count];

	va_start(list, arg);
	envp = collect_with_environment(argv, arg, list);
	va_end(list);
	return CT_EXEC(ct_unseen_program(AT_FDCWD, path, envp), CT_REAL(execve)(path, argv, envp));
}
#undef CT_EXEC
