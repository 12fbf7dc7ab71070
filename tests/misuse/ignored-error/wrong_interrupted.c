/*
 * sem_wait is interrupted by a signal, which is not looked at: nothing was taken, and the post
 * makes the semaphore, which lets two in at a time, one that lets three in.
 *
 * expect: ignored-error seats leave enter error
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

static sem_t seats, full, failed;
static volatile sig_atomic_t alarms;

static void on_alarm(int signal)
{
	(void)signal;
	alarms++;
}

static void enter(void)
{
	sem_wait(&seats);
}

static void leave(void)
{
	sem_post(&seats);
}

/* The other thread has both seats until this one has failed to get one. */
static void *sit(void *unused)
{
	sem_wait(&seats);
	sem_wait(&seats);
	sem_post(&full);
	sem_wait(&failed);
	sem_post(&seats);
	sem_post(&seats);
	return unused;
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval timer = {{0, 5000}, {0, 5000}}; /* goes on: one may come too early */
	sigset_t alarm;
	pthread_t other;

	sem_init(&seats, 0, 2);
	sem_init(&full, 0, 0);
	sem_init(&failed, 0, 0);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm, NULL);
	pthread_create(&other, NULL, sit, NULL);
	sem_wait(&full);
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	enter();
	timer = (struct itimerval){{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &timer, NULL);
	sem_post(&failed);
	pthread_join(other, NULL);
	leave();
	return alarms == 0;
}
