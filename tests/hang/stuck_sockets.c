/*
 * Both ends of a socket wait for the other one to speak, after they have spoken before.
 *   threads
 *   processes
 */
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/hang.h"

static int ends[2];

static int say(int end)
{
	return send(end, "x", 1, 0) == 1 ? 0 : 1;
}

static int hear(int end)
{
	char word;

	return recv(end, &word, 1, 0) == 1 ? 0 : 1;
}

static int answer(int end)
{
	if (hear(end) || say(end))
		return 1;
	hang_step(0);
	hang_sleep();
	return hear(end);
}

static int ask(int end)
{
	if (say(end) || hear(end) || (hang_fixed && say(end)))
		return 1;
	hang_await(0, 1);
	hang_last(1);
	return hang_fixed ? 0 : hear(end);
}

static void *answer_in_thread(void *end)
{
	return answer(*(int *)end) ? end : NULL;
}

static int with_threads(void)
{
	pthread_t thread;
	void *failed;

	pthread_create(&thread, NULL, answer_in_thread, &ends[1]);
	if (ask(ends[0]))
		return 1;
	pthread_join(thread, &failed);
	return failed != NULL;
}

static int with_processes(void)
{
	pid_t child = fork();

	close(ends[child == 0 ? 0 : 1]);
	if (child == 0)
		_exit(answer(ends[1]));
	return ask(ends[0]) || hang_reap(child);
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return 1;
	return strcmp(hang_variant, "processes") == 0 ? with_processes() : with_threads();
}
