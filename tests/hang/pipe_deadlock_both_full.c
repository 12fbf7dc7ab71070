/* The parent writes all of its questions before it reads an answer; the child answers each at once.
 * Both pipes are full then. The twin reads after each question. */
#include <unistd.h>

#include "support/hang.h"

enum { CHUNK = 4096, CHUNKS = 256 };

static char buffer[CHUNK];

static bool pass_on(int from, int to)
{
	ssize_t length = read(from, buffer, CHUNK);

	return length > 0 && write(to, buffer, (size_t)length) == length;
}

static int ask_all(int to, int from)
{
	hang_mark(); /* a moment early: it takes until both pipes are full */
	for (int i = 0; i < CHUNKS; i++) {
		if (write(to, buffer, CHUNK) != CHUNK)
			return 1;
		if (hang_fixed && read(from, buffer, CHUNK) <= 0)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int questions[2], answers[2], status;
	pid_t child;

	hang_begin(argc, argv);
	if (pipe(questions) != 0 || pipe(answers) != 0)
		return 1;
	child = fork();
	if (child == 0) {
		close(questions[1]);
		close(answers[0]);
		while (pass_on(questions[0], answers[1]))
			;
		_exit(0);
	}
	close(questions[0]);
	close(answers[1]);
	status = ask_all(questions[1], answers[0]);
	close(questions[1]);
	while (read(answers[0], buffer, CHUNK) > 0)
		;
	return hang_reap(child) != 0 || status;
}
