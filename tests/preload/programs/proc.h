#ifndef CT_TEST_PROC_H
#define CT_TEST_PROC_H
/*
 * What the proc_* programs share. Each of their processes locks a mutex a number of times that it
 * writes into the file $PROC_COUNTS, as a line "PID PAIRS"; test_process.sh holds the trace against
 * it. What they print is the same in every run.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void proc_pairs(unsigned pairs)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	for (unsigned i = 0; i < pairs; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

static inline void proc_count(unsigned pairs)
{
	const char *path = getenv("PROC_COUNTS");
	int fd = path ? open(path, O_WRONLY | O_APPEND) : -1;
	char line[64];
	int length = snprintf(line, sizeof(line), "%d %u\n", (int)getpid(), pairs);

	if (fd < 0)
		return;
	if (write(fd, line, (size_t)length) != length)
		abort();
	close(fd);
}

/* Locks and counts. */
static inline void proc_work(unsigned pairs)
{
	proc_pairs(pairs);
	proc_count(pairs);
}

/* Keeps the trace of a thread that locks for as long as others do something small. */
static inline void proc_breathe(size_t pairs)
{
	if (pairs % 8 == 0)
		usleep(300);
}

static inline void proc_need(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "%s: errno %d\n", what, errno);
	_exit(99);
}

/* How a child ended: its exit code, or 256 + the signal. */
static inline int proc_reap(pid_t pid)
{
	int status = 0;

	proc_need(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

#endif
