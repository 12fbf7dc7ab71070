/*
 * deposit() holds the lock and calls log_balance(), which locks it again.
 *   thread   in a thread
 *   child    in a child process, which the parent waits for
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/hang.h"

static pthread_mutex_t account = PTHREAD_MUTEX_INITIALIZER;
static int balance;

static void log_balance(void)
{
	hang_last(1);
	pthread_mutex_lock(&account);
	printf("%d\n", balance);
	pthread_mutex_unlock(&account);
}

static void *deposit(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&account);
	balance += 100;
	if (hang_fixed)
		pthread_mutex_unlock(&account);
	log_balance();
	if (!hang_fixed)
		pthread_mutex_unlock(&account);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	pid_t child;

	hang_begin(argc, argv);
	if (strcmp(hang_variant, "child") == 0) {
		child = fork();
		if (child == 0) {
			deposit(NULL);
			_exit(0);
		}
		hang_sleep();
		return hang_reap(child);
	}
	pthread_create(&thread, NULL, deposit, NULL);
	hang_sleep();
	return pthread_join(thread, NULL);
}
