/*
 * Daemons that wait for a signal to tell them to stop, and nothing else: they do not hang, they are
 * only said to go on when it comes.
 *
 *	waiting_signals VARIANT
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t stop;
static int ends[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void post(int number)
{
	(void)number;
	sem_post(&stop);
}

static void tell(int number)
{
	char byte = (char)number;

	if (write(ends[1], &byte, 1) != 1)
		_exit(1);
}

static void leave(int number)
{
	(void)number;
	_exit(0);
}

static void wait_for_stop(void)
{
	sem_init(&stop, 0, 0);
	while (sem_wait(&stop) != 0)
		;
}

static void daemon_sem_sigterm(void)
{
	signal(SIGTERM, post);
	wait_for_stop();
}

static void daemon_selfpipe(void)
{
	char byte;

	if (pipe(ends) != 0)
		exit(1);
	signal(SIGTERM, tell);
	while (read(ends[0], &byte, 1) != 1)
		;
}

/* A worker waits for work; the program ends by its handler. */
static void *worker(void *unused)
{
	pthread_mutex_lock(&mutex);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	return unused;
}

static void handler_exits(void)
{
	pthread_t thread;

	signal(SIGTERM, leave);
	pthread_create(&thread, NULL, worker, NULL);
	pthread_join(thread, NULL);
}

/* The parent is such a daemon's: it waits for its end. */
static void daemon_child(void)
{
	pid_t child = fork();

	if (child == 0) {
		daemon_sem_sigterm();
		_exit(0);
	}
	while (waitpid(child, NULL, 0) != child)
		;
}

/* The timer posts every now and then. */
static void timer_posts_often(void)
{
	struct itimerval often = {.it_value.tv_sec = 30, .it_interval.tv_sec = 30};

	signal(SIGALRM, post);
	setitimer(ITIMER_REAL, &often, NULL);
	wait_for_stop();
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} variants[] = {
		{"daemon_sem_sigterm", daemon_sem_sigterm},
		{"daemon_selfpipe", daemon_selfpipe},
		{"daemon_child", daemon_child},
		{"handler_exits", handler_exits},
		{"timer_posts_often", timer_posts_often},
	};

	for (size_t i = 0; argc > 1 && i < sizeof(variants) / sizeof(*variants); i++) {
		if (strcmp(argv[1], variants[i].name) != 0)
			continue;
		variants[i].run();
		return 0;
	}
	return 1;
}
