/* POSIX message queues: every way in which their functions come out. Argument: what the queues'
 * names begin with. */
#include <mqueue.h>

#include "ipc_wait.h"

static mqd_t queue;
static char name[64], *nowhere;

mqd_t __mq_open_2(const char *path, int flags); /* what _FORTIFY_SOURCE calls */

/* SAY of the calls that make and lose a queue */
static void opening(void)
{
	struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 16}, wrong = {.mq_maxmsg = -1};
	mqd_t other;

	SAY(mq_open(name, O_RDWR));
	SAY(mq_open("/", O_RDWR));
	SAY(mq_open("none", O_RDWR));
	SAY(mq_open(name, O_CREAT | O_RDWR, 0600, &wrong));
	SAY(mq_open(name, O_CREAT | O_RDWR, 0600, (struct mq_attr *)8));
	ipc_made("mq %s\n", name);
	queue = mq_open(name, O_CREAT | O_RDWR | O_EXCL, 0600, &attributes);
	ipc_need(queue >= 0, "mq_open");
	SAY(mq_open(name, O_CREAT | O_RDWR | O_EXCL, 0600, &attributes));
	other = __mq_open_2(name, O_WRONLY | O_NONBLOCK);
	ipc_need(other >= 0, "__mq_open_2");
	SAY(mq_receive(other, (char[16]){0}, 16, NULL));
	SAY(mq_send(other, "x", 1, 0));
	SAY(mq_send(other, "y", 1, 0));
	SAY(mq_send(other, "z", 1, 0));
	SAY(mq_close(other));
	SAY(mq_close(other));
	SAY(mq_close(-1));
	SAY(mq_send(other, "x", 1, 0));
	SAY(mq_receive(queue, (char[16]){0}, 16, NULL));
	SAY(mq_receive(queue, (char[16]){0}, 16, NULL));
}

static long get_timed(const struct timespec *limit)
{
	char text[16];

	return mq_timedreceive(queue, text, sizeof(text), NULL, limit);
}

static long put_timed(const struct timespec *limit)
{
	return mq_timedsend(queue, "timed", 5, 1, limit);
}

static long receive(void)
{
	char text[16];

	return mq_receive(queue, text, sizeof(text), NULL);
}

static long send(void)
{
	return mq_send(queue, "four", 4, 3);
}

static long receive_timed(void)
{
	struct timespec limit = ipc_in(CLOCK_REALTIME, 100000);

	return get_timed(&limit);
}

static long send_timed(void)
{
	struct timespec limit = ipc_in(CLOCK_REALTIME, 100000);

	return put_timed(&limit);
}

/* Of a queue that is empty, or full. */
static void limits(long (*timed)(const struct timespec *))
{
	struct timespec past = {1, 0}, wrong = {0, 1000 * NS_MS}, early = {-1, 0},
			soon = ipc_in(CLOCK_REALTIME, 20);

	SAY(timed(&past));
	SAY(timed(&wrong));
	SAY(timed(&early));
	SAY(timed(&soon));
	SAY(timed((struct timespec *)8));
}

static void waits_of(long (*call)(void))
{
	struct ipc_thread thread;

	ipc_start_waiting(&thread, call);
	pthread_kill(thread.thread, SIGUSR1);
	ipc_join(&thread, "signal");
	ipc_start_waiting(&thread, call);
	pthread_cancel(thread.thread);
	ipc_join(&thread, "cancel");
}

static void empty(void)
{
	struct ipc_thread thread;
	pid_t child;

	limits(get_timed);
	waits_of(receive);
	waits_of(receive_timed);
	ipc_start_waiting(&thread, receive);
	SAY(send());
	ipc_join(&thread, "received");
	child = ipc_fork_waiting(receive);
	SAY(send());
	ipc_reap(child, "received");
}

static void full(void)
{
	struct timespec wrong = {0, -1};
	struct ipc_thread thread;

	SAY(send());
	SAY(put_timed(&wrong)); /* need not wait */
	limits(put_timed);
	waits_of(send);
	waits_of(send_timed);
	ipc_start_waiting(&thread, send_timed);
	SAY(receive());
	ipc_join(&thread, "sent");
	ipc_cancelled(receive, "mq_receive");
	ipc_cancelled(receive_timed, "mq_timedreceive");
	SAY(receive());
	SAY(receive());
	ipc_cancelled(send, "mq_send");
	ipc_cancelled(send_timed, "mq_timedsend");
}

static void errors(void)
{
	char text[16];
	unsigned priority;

	SAY(mq_send(queue, nowhere, 1, 0));
	SAY(mq_send(queue, (char *)8, 1, 0));
	SAY(mq_send(queue, text, 17, 0));
	SAY(mq_send(queue, text, 1, 32768));
	SAY(mq_receive(queue, text, 15, &priority));
	SAY(mq_send(queue, "", 0, 5));
	SAY(mq_receive(queue, text, 16, &priority));
	SAY(priority);
	SAY(send());
	SAY(mq_receive(queue, nowhere, 16, NULL));
	SAY(mq_receive(STDIN_FILENO, text, 16, NULL));
}

static volatile sig_atomic_t told;

static void tell(int number)
{
	told = number;
}

static void told_thread(union sigval value)
{
	int fd = value.sival_int;

	ipc_need(write(fd, "t", 1) == 1, "write");
}

static void notify(void)
{
	struct sigevent by_signal = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	struct sigevent none = {.sigev_notify = SIGEV_NONE}, wrong = {.sigev_notify = 77};
	struct sigevent by_thread = {.sigev_notify = SIGEV_THREAD,
				     .sigev_notify_function = told_thread};
	int ends[2];
	char c;

	signal(SIGUSR2, tell);
	SAY(mq_notify(queue, NULL));
	SAY(mq_notify(queue, &wrong));
	SAY(mq_notify(queue, &none));
	SAY(mq_notify(queue, &none));
	SAY(mq_notify(queue, NULL));
	SAY(mq_notify(queue, &by_signal));
	SAY(send());
	SAY(told == SIGUSR2);
	SAY(receive());
	ipc_need(pipe(ends) == 0, "pipe");
	by_thread.sigev_value.sival_int = ends[1];
	SAY(mq_notify(queue, &by_thread));
	SAY(send());
	SAY(read(ends[0], &c, 1));
	SAY(receive());
	SAY(mq_notify(-1, NULL));
}

int main(int argc, char **argv)
{
	errno = 0;
	snprintf(name, sizeof(name), "/%s-%d", argc > 1 ? argv[1] : "ct-test", (int)getpid());
	ipc_catch(0);
	opening();
	empty();
	full();
	errors();
	notify();
	SAY(mq_close(queue));
	SAY(mq_unlink(name));
	SAY(mq_unlink(name));
	return 0;
}
