/*
 * The child that reads takes one word and ends. The parent, which has waited for its end, writes
 * one more: SIGPIPE kills it.
 *
 * expect: broken-pipe P1 send_word make_pipe error
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];

static void make_pipe(void)
{
	if (pipe(ends))
		exit(1);
}

static void send_word(void)
{
	if (write(ends[1], "word\n", 5) != 5)
		exit(1);
}

static void read_one(void)
{
	char word[5];

	close(ends[1]);
	_exit(read(ends[0], word, sizeof(word)) != 5);
}

int main(void)
{
	make_pipe();
	if (fork() == 0)
		read_one();
	close(ends[0]);
	send_word();
	wait(NULL);
	send_word();
	return 0;
}
