/*
 * Starts a program in each of the ways that there are, or asks for what cannot be started.
 *
 *   unseen_start WAY PROGRAM [clean]   clean: with an environment of its own making
 *   unseen_start refused
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char *arguments[] = {"program", NULL};
static char *clean[] = {"LANG=C", "LD_PRELOAD=/nonexistent/../libconctracE.so", NULL};

static void start(const char *way, const char *program, char **environment)
{
	pid_t pid;

	environ = environment;
	if (strcmp(way, "execve") == 0)
		execve(program, arguments, environment);
	else if (strcmp(way, "execv") == 0)
		execv(program, arguments);
	else if (strcmp(way, "execvp") == 0)
		execvp(program, arguments);
	else if (strcmp(way, "execvpe") == 0)
		execvpe(program, arguments, environment);
	else if (strcmp(way, "execl") == 0)
		execl(program, "program", (char *)NULL);
	else if (strcmp(way, "execle") == 0)
		execle(program, "program", (char *)NULL, environment);
	else if (strcmp(way, "execlp") == 0)
		execlp(program, "program", (char *)NULL);
	else if (strcmp(way, "fexecve") == 0)
		fexecve(open(program, O_RDONLY | O_CLOEXEC), arguments, environment);
	else if (strcmp(way, "execveat") == 0)
		execveat(AT_FDCWD, program, arguments, environment, 0);
	else if (strcmp(way, "empty") == 0)
		execveat(open(program, O_PATH | O_CLOEXEC), "", arguments, environment,
			 AT_EMPTY_PATH);
	else if (strcmp(way, "spawn") == 0)
		errno = posix_spawn(&pid, program, NULL, NULL, arguments, environment);
	else if (strcmp(way, "spawnp") == 0)
		errno = posix_spawnp(&pid, program, NULL, NULL, arguments, environment);
	else if (strcmp(way, "system") == 0)
		_exit(WEXITSTATUS(system(program)));
	else if (strcmp(way, "popen") == 0)
		_exit(WEXITSTATUS(pclose(popen(program, "w"))));
	if (strncmp(way, "spawn", 5) == 0 && errno == 0) {
		int status;

		waitpid(pid, &status, 0);
		_exit(WEXITSTATUS(status));
	}
	printf("%s: %s\n", way, strerror(errno));
	fflush(stdout);
	_exit(100);
}

static void say(const char *what, int result)
{
	printf("%s: %d, %s\n", what, result, strerror(errno));
	errno = 0;
}

/* Pointers that only the kernel may find out to be bad. */
static void refused(void)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char **volatile bad = (char **)8;
	char *strings[] = {(char *)8, NULL}, *none[] = {NULL};
	char **edge = (char **)(pages + 4096) - 1;
	char *volatile end = pages + 4096 - 4, *volatile nowhere = NULL, *volatile low = (char *)8;

	munmap(pages + 4096, 4096);
	memcpy(end, "LD_P", 4);
	*(edge - 1) = "A=B";
	errno = 0;
	say("no path", execve(nowhere, arguments, environ));
	say("bad path", execve(low, arguments, environ));
	say("path without end", execve(end, arguments, environ));
	say("bad arguments", execve("/bin/true", bad, environ));
	say("bad environment", execve("/bin/true", arguments, bad));
	say("bad strings", execve("/bin/true", arguments, strings));
	strings[0] = end;
	say("string without end", execve("/bin/true", arguments, strings));
	say("no program", execve("/nonexistent", arguments, none));
	say("folder", execve("/", arguments, none));
	say("not executable", execve("/etc/passwd", arguments, none));
	say("device", execve("/dev/null", arguments, none));
	say("bad descriptor", fexecve(-1, arguments, none));
	say("bad folder", execveat(-1, "x", arguments, none, 0));
	say("no such command", execvp("no-such-command", arguments));
	say("empty command", execvp("", arguments));
	*edge = end;
	say("list without end", execve("/bin/true", arguments, edge - 1));
}

int main(int argc, char **argv)
{
	int status = 0;
	pid_t pid;

	if (argc == 2)
		refused();
	if (argc < 3)
		return 0;
	pid = fork();
	if (pid == 0)
		start(argv[1], argv[2], argc > 3 ? clean : environ);
	waitpid(pid, &status, 0);
	printf("%s: %d\n", argv[1], WEXITSTATUS(status));
	return 0;
}
