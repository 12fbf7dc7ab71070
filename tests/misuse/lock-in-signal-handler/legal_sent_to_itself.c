/*
 * Who sends itself a signal by raise, kill or pthread_kill has it handled before that returns: the
 * handler interrupts that call and nothing else.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void on_signal(int signal)
{
	pthread_mutex_lock(&mutex);
	printf("signal %d\n", signal);
	free(malloc(100));
	pthread_mutex_unlock(&mutex);
}

static void lock_and_print(void)
{
	pthread_mutex_lock(&mutex);
	printf("main\n");
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	signal(SIGUSR1, on_signal);
	lock_and_print();
	raise(SIGUSR1);
	lock_and_print();
	kill(getpid(), SIGUSR1);
	pthread_kill(pthread_self(), SIGUSR1);
	lock_and_print();
	return 0;
}
