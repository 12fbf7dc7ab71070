/*
 * Opens a file twice and locks it through both descriptors: to flock() those are strangers.
 *   plain   main does
 *   thread  a thread does, after main has ended
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "support/hang.h"

static int file, again;

static int relock(void)
{
	hang_last(0);
	return flock(again, LOCK_EX);
}

static void *thread(void *main_thread)
{
	pthread_join(*(pthread_t *)main_thread, NULL);
	exit(relock());
}

int main(int argc, char **argv)
{
	static pthread_t self, other;
	char path[] = "/tmp/ct-hang.XXXXXX";

	hang_begin(argc, argv);
	file = mkstemp(path);
	again = open(path, O_RDWR);
	unlink(path);
	flock(file, LOCK_EX);
	if (hang_fixed)
		flock(file, LOCK_UN);
	if (strcmp(hang_variant, "thread") != 0)
		return relock();
	self = pthread_self();
	pthread_create(&other, NULL, thread, &self);
	pthread_exit(NULL);
}
