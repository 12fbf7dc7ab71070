/* System V message queues: every way in which msgsnd and msgrcv come out. */
#include <sys/msg.h>

#include "ipc_wait.h"

struct message {
	long type;
	char text[64];
};

static int queue;

static int make(void)
{
	int id = msgget(IPC_PRIVATE, 0600 | IPC_CREAT);

	ipc_need(id >= 0, "msgget");
	ipc_made("-q %d\n", id);
	return id;
}

static int put(long type, const char *text, int flags)
{
	struct message message = {.type = type};

	memcpy(message.text, text, strlen(text));
	return msgsnd(queue, &message, strlen(text), flags);
}

/* 1000 times the message's type, and its length. */
static long get(size_t size, long type, int flags)
{
	struct message message = {.type = 0};
	long length = msgrcv(queue, &message, size, type, flags);

	return length < 0 ? -1 : message.type * 1000 + length;
}

static void errors(void)
{
	struct message message = {.type = 1};

	SAY(msgget(0x7c7c0002, 0));
	SAY(msgsnd(-1, &message, 1, 0));
	SAY(msgsnd(queue, NULL, 1, 0));
	SAY(msgsnd(queue, (void *)8, 1, 0));
	SAY(msgsnd(queue, ipc_edge() - 8, 1, 0));
	SAY(msgsnd(queue, &message, 1u << 20, 0));
	SAY(msgsnd(queue, &message, (size_t)-1, 0));
	SAY(put(0, "x", 0));
	SAY(put(-1, "x", 0));
	SAY(get(10, 0, IPC_NOWAIT));
	SAY(get((size_t)-1, 0, IPC_NOWAIT));
	SAY(msgrcv(-1, &message, 1, 0, 0));
	SAY(msgctl(-1, IPC_RMID, NULL));
	SAY(msgctl(queue, IPC_STAT, NULL));
}

static void types(void)
{
	SAY(put(1, "one", 0));
	SAY(put(2, "two", 0));
	SAY(put(3, "three", IPC_NOWAIT));
	SAY(put(5, "five", 0));
	SAY(get(64, 2, 0));
	SAY(get(64, -4, 0));
	SAY(get(64, 3, MSG_EXCEPT));
	SAY(get(64, 9, IPC_NOWAIT));
	SAY(get(2, 0, 0));
	SAY(get(64, 0, MSG_COPY | IPC_NOWAIT));
	SAY(get(2, 0, MSG_NOERROR));
	SAY(put(4, "", 0));
	SAY(get(0, 0, 0));
	SAY(put(4, "lost", 0));
	SAY(msgrcv(queue, NULL, 64, 0, 0));
}

static long receive(void)
{
	return get(64, 0, 0);
}

static long send(void)
{
	return put(7, "sent", 0);
}

static void interrupt(struct ipc_thread *thread)
{
	ipc_start_waiting(thread, receive);
	pthread_kill(thread->thread, SIGUSR1);
	ipc_join(thread, "signal");
	ipc_start_waiting(thread, receive);
	pthread_cancel(thread->thread);
	ipc_join(thread, "cancel");
}

static void fill(void)
{
	struct msqid_ds info;

	ipc_need(msgctl(queue, IPC_STAT, &info) == 0, "IPC_STAT");
	info.msg_qbytes = 4;
	SAY(msgctl(queue, IPC_SET, &info));
	SAY(put(6, "full", 0));
	SAY(put(6, "more", IPC_NOWAIT));
}

static void waits(void)
{
	struct ipc_thread thread;

	ipc_catch(SA_RESTART);
	ipc_start_waiting(&thread, receive);
	SAY(put(1, "given", 0));
	ipc_join(&thread, "received");
	interrupt(&thread);
	fill();
	ipc_start_waiting(&thread, send);
	SAY(get(64, 0, 0));
	ipc_join(&thread, "sent");
	ipc_start_waiting(&thread, send);
	pthread_kill(thread.thread, SIGUSR1);
	ipc_join(&thread, "signal");
	ipc_start_waiting(&thread, send);
	pthread_cancel(thread.thread);
	ipc_join(&thread, "cancel");
	SAY(get(64, 0, 0));
}

int main(void)
{
	pid_t child;

	errno = 0;
	queue = make();
	errors();
	types();
	waits();
	SAY(put(8, "kept", 0));
	ipc_cancelled(receive, "msgrcv");
	SAY(get(64, 0, 0));
	child = ipc_fork_waiting(receive);
	SAY(put(9, "last", 0));
	ipc_reap(child, "received");
	child = ipc_fork_waiting(receive);
	SAY(msgctl(queue, IPC_RMID, NULL));
	ipc_reap(child, "removed");
	SAY(put(1, "gone", 0));
	return 0;
}
