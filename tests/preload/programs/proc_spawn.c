/* Children that libc starts: posix_spawn, system, popen; and daemon, which starts itself anew. */
#include <spawn.h>

#include "proc.h"

static void spawn(char *self)
{
	char *const argv[] = {self, "child", NULL}, *const sh[] = {"sh", "-c", "exit 4", NULL};
	pid_t pid = -5;

	proc_need(posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0, "posix_spawn");
	printf("posix_spawn: %d\n", proc_reap(pid));
	proc_need(posix_spawnp(&pid, "sh", NULL, NULL, sh, environ) == 0, "posix_spawnp");
	printf("posix_spawnp: %d\n", proc_reap(pid));
	pid = -5;
	errno = 0;
	printf("nothing to spawn: %d",
	       posix_spawn(&pid, "/nonexistent", NULL, NULL, argv, environ));
	printf(" %d %d\n", (int)pid, errno);
}

static void commands(const char *self)
{
	char command[4200], text[64] = "";
	FILE *stream;

	snprintf(command, sizeof(command), "%s child; exit 3", self);
	printf("system: %d\n", system(command));
	printf("system(NULL): %d\n", system(NULL) != 0);
	printf("not a command: %d\n", system("exec /nonexistent/command 2>/dev/null"));
	stream = popen("echo from popen; exit 6", "r");
	proc_need(stream && fgets(text, sizeof(text), stream), "popen");
	printf("%s", text);
	printf("pclose: %d\n", pclose(stream));
	fflush(stdout);
	stream = popen("cat", "w");
	proc_need(stream && fputs("to popen\n", stream) >= 0, "popen");
	printf("pclose: %d\n", pclose(stream));
	printf("popen: %d %d\n", popen("true", "?") == NULL, errno);
}

static void go_daemon(void)
{
	int ends[2];
	char text[64] = "";
	pid_t pid;

	proc_need(pipe(ends) == 0, "pipe");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		proc_work(2);
		errno = 0;
		proc_need(daemon(0, 0) == 0 && errno == 0 && getppid() != 0, "daemon");
		proc_work(5);
		/* the test may look at the trace once this has been read to the end */
		proc_need(write(ends[1], "from the daemon\n", 16) == 16, "write");
		exit(0);
	}
	printf("daemon's parent: %d\n", proc_reap(pid));
	close(ends[1]);
	proc_need(read(ends[0], text, sizeof(text) - 1) == 16, "read");
	printf("%s", text);
	proc_need(read(ends[0], text, sizeof(text) - 1) == 0, "end");
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		proc_work(8);
		return 12;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	proc_work(1);
	spawn(argv[0]);
	commands(argv[0]);
	go_daemon();
	return 0;
}
