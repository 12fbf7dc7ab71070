# Signal handlers: what they do is recorded whatever they interrupt, and their stacks are the
# program's.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile ticks <<'C'
#include <alloca.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

static sem_t sem;
static volatile sig_atomic_t ticks;

static void tick(int signal)
{
	(void)signal;
	ticks++;
}

/* Each time from another place of the stack: what takes the recorder longest. */
static void post(size_t n)
{
	volatile char *room = alloca(n % 4000 * 16 + 16);

	room[0] = 0;
	sem_post(&sem);
}

int main(void)
{
	struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};

	sem_init(&sem, 0, 0);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (size_t n = 0; ticks < 500; n++)
		post(n);
	setitimer(ITIMER_REAL, &never, NULL);
	return 0;
}
C
expect 0 "$CT_BIN" run -o ticks.trace ./ticks
# a tick may still meet one of the moments, nanoseconds long, when a record is being written
lost=$(sed -n 's/^incomplete: \([0-9]*\) records.*lost.*/\1/p' err)
[ "${lost:-0}" -lt 200 ] || fail "$lost of 1000 records of the handler were lost"

compile inside <<'C'
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void on_alarm(int signal)
{
	(void)signal;
	pthread_mutex_lock(&lock);
}

int main(void)
{
	signal(SIGALRM, on_alarm);
	pthread_mutex_lock(&lock);
	alarm(1);
	nanosleep(&(struct timespec){1000, 0}, NULL);
	return 0;
}
C
expect 66 "$CT_BIN" run --timeout 20 ./inside
has err 'on_alarm (inside.c:11)'
has err 'main (inside.c:19)'
lacks err ct_handler_run
lacks err hooks_sleep
