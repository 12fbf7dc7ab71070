/*
 * Closes everything it did not open, takes the numbers for files of its own, and then makes the
 * recorder work: threads, locks, new call stacks, a fork. What is in the files must be its own.
 *   fd_closefrom FOLDER
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES 40
#define THREADS 8

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int fds[FILES];

static void lock_deep(int depth)
{
	if (depth > 0) {
		lock_deep(depth - 1);
		return;
	}
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static void *work(void *number)
{
	for (int i = 0; i < 300; i++)
		lock_deep(i % 12);
	for (int i = (int)(long)number; i < FILES; i += THREADS)
		if (write(fds[i], "mine", 4) != 4)
			abort();
	return NULL;
}

static void open_all(const char *folder)
{
	for (int i = 0; i < FILES; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/file%d", folder, i);
		fds[i] = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
		if (fds[i] != 3 + i)
			printf("number %d instead of %d\n", fds[i], 3 + i);
	}
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	char text[16];
	int spoiled = 0, status;

	if (argc < 2)
		return 2;
	closefrom(3);
	open_all(argv[1]);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (fork() == 0) {
		lock_deep(5);
		_exit(4);
	}
	wait(&status);
	for (int i = 0; i < FILES; i++)
		spoiled += pread(fds[i], text, sizeof(text), 0) != 4 || memcmp(text, "mine", 4);
	printf("%d files spoiled, child %d\n", spoiled, WEXITSTATUS(status));
	return spoiled;
}
