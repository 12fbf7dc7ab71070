# A program that only waits is no deadlock: it is left alone, however still it stands.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# the cycle ends by itself: main joins a thread that waits, for a while, for main's mutex
compile timed <<'C'
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *impatient(void *unused)
{
	struct timespec limit;

	(void)unused;
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 2;
	if (pthread_mutex_timedlock(&lock, &limit) == ETIMEDOUT)
		puts("gave up");
	return NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_mutex_lock(&lock);
	pthread_create(&thread, NULL, impatient, NULL);
	pthread_join(thread, NULL);
	pthread_mutex_unlock(&lock);
	return 3;
}
C
expect 3 timeout 60 "$CT_BIN" run ./timed
has out 'gave up'

# help comes from a signal handler
compile helped <<'C'
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

static sem_t ready;

static void post(int unused)
{
	(void)unused;
	sem_post(&ready);
}

int main(void)
{
	sem_init(&ready, 0, 0);
	signal(SIGALRM, post);
	alarm(2);
	while (sem_wait(&ready) != 0)
		;
	return 4;
}
C
expect 4 timeout 60 "$CT_BIN" run ./helped

# help comes from outside: a server that waits for its client
compile server <<'C'
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *serve(void *unused)
{
	char byte;
	int fd = open("requests", O_RDONLY);

	(void)unused;
	return (void *)(long)(read(fd, &byte, 1) == 1 ? byte : 0);
}

int main(void)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, serve, NULL);
	pthread_join(thread, &result);
	return (int)(long)result - '0';
}
C
mkfifo requests
(sleep 1.5 && printf 5 >requests) &
expect 5 timeout 60 "$CT_BIN" run ./server
wait
