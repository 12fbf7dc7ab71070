/* System V semaphores: every way in which semop, semtimedop and semctl come out. */
#include <sys/sem.h>

#include "ipc_wait.h"

union argument {
	int val;
	unsigned short *array;
};

static int set;

static int make(int count)
{
	int id = semget(IPC_PRIVATE, count, 0600 | IPC_CREAT);

	ipc_need(id >= 0, "semget");
	ipc_made("-s %d\n", id);
	return id;
}

static void stage(const char *name)
{
	printf("-- %s\n", name);
	fflush(stdout);
}

static int op1(short amount, short flags)
{
	struct sembuf op = {0, amount, flags};

	return semop(set, &op, 1);
}

static int timed1(short amount, time_t seconds, long ns)
{
	struct sembuf op = {0, amount, 0};
	struct timespec limit = {seconds, ns};

	return semtimedop(set, &op, 1, &limit);
}

static int value(int number)
{
	return semctl(set, number, GETVAL);
}

static void opening(void)
{
	stage("semget, semctl");
	SAY(semget(IPC_PRIVATE, -1, 0600));
	SAY(semget(IPC_PRIVATE, 0, 0600));
	SAY(semget(0x7c7c0001, 1, 0));
	set = make(3);
	SAY(semctl(set, 1, SETVAL, (union argument){.val = 5}));
	SAY(value(1));
	SAY(semctl(set, 1, SETVAL, 40000));
	SAY(semctl(set, 7, SETVAL, 1));
	SAY(semctl(set, 0, SETALL, (union argument){.array = (unsigned short[]){0, 2, 3}}));
	SAY(semctl(set, 0, SETALL, NULL));
	SAY(value(2));
	SAY(semctl(set, 0, GETNCNT));
	SAY(semctl(-1, 0, IPC_RMID));
	SAY(semctl(set, 0, 4711));
}

static void lists(void)
{
	static struct sembuf many[501], two[2] = {{1, -1, 0}, {2, -1, IPC_NOWAIT}};
	char *edge = ipc_edge();
	struct sembuf odd = {0, 1, 0};

	stage("lists");
	for (int i = 0; i < 501; i++)
		many[i] = (struct sembuf){(unsigned short)(i % 3), (short)(i % 6 < 3 ? 1 : -1), 0};
	SAY(semop(set, NULL, 1));
	SAY(semop(set, (struct sembuf *)8, 1));
	SAY(semop(set, (struct sembuf *)-8, 2));
	SAY(semop(set, (struct sembuf *)edge, 1));
	memcpy(edge - 7, &odd, sizeof(odd));
	SAY(semop(set, (struct sembuf *)(edge - 7), 1));
	SAY(semop(set, (struct sembuf *)(edge - 6), 2));
	SAY(op1(-1, 0));
	SAY(semop(set, many, 0));
	SAY(semop(set, many, 500));
	SAY(semop(set, many, 501));
	SAY(semop(set, many, (size_t)-1) == -1);
	SAY(semop(set, &(struct sembuf){9, 1, 0}, 1));
	SAY(semop(set, &(struct sembuf){9, -1, 0}, 1));
	SAY(semop(set, &(struct sembuf){0, 32766, 0}, 1));
	SAY(semop(set, &(struct sembuf){0, 1, 0}, 1));
	SAY(semop(set, &(struct sembuf){0, -32767, 0}, 1));
	SAY(semop(-1, two, 2));
	SAY(semop(set, two, 2));
	SAY(value(0) * 100 + value(1) * 10 + value(2));
}

static void refusals(void)
{
	struct sembuf lock[2] = {{0, 0, 0}, {0, 1, SEM_UNDO}}, up = {0, 1, 0};

	stage("no wait, time limits");
	SAY(op1(-1, IPC_NOWAIT));
	SAY(op1(0, IPC_NOWAIT));
	SAY(semop(set, lock, 2));
	lock[0].sem_flg = lock[1].sem_flg = IPC_NOWAIT;
	SAY(semop(set, lock, 2));
	SAY(op1(0, IPC_NOWAIT));
	SAY(op1(-1, SEM_UNDO));
	SAY(timed1(-1, 0, 0));
	SAY(timed1(-1, 0, 20 * NS_MS));
	SAY(timed1(-1, 0, 1000 * NS_MS));
	SAY(timed1(-1, -1, 0));
	SAY(timed1(1, 0, -1));
	SAY(semtimedop(set, &up, 1, (struct timespec *)8));
	SAY(semtimedop(set, &up, 1, NULL));
	SAY(timed1(-1, 100, 0));
	errno = ERANGE;
	SAY(op1(1, 0));
	errno = ERANGE;
	SAY(op1(-1, 0));
}

static long take(void)
{
	return op1(-1, 0);
}

static long take_timed(void)
{
	return timed1(-1, 100, 0);
}

static void waits(void)
{
	struct ipc_thread thread;

	stage("waits");
	ipc_start_waiting(&thread, take);
	SAY(semctl(set, 0, GETNCNT));
	SAY(op1(1, 0));
	ipc_join(&thread, "given");
	ipc_start_waiting(&thread, take_timed);
	SAY(semctl(set, 0, SETVAL, 1));
	ipc_join(&thread, "set");
	ipc_catch(SA_RESTART);
	ipc_start_waiting(&thread, take);
	pthread_kill(thread.thread, SIGUSR1);
	ipc_join(&thread, "signal");
	ipc_start_waiting(&thread, take);
	pthread_cancel(thread.thread);
	SAY(op1(1, 0)); /* semop is no cancellation point */
	ipc_join(&thread, "cancel");
	SAY(value(0));
}

static void processes(void)
{
	pid_t child;

	stage("processes");
	child = ipc_fork_waiting(take);
	SAY(op1(1, 0));
	ipc_reap(child, "taken");
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(op1(3, SEM_UNDO));
	ipc_reap(child, "undone");
	SAY(value(0));
	SAY(op1(1, 0));
	ipc_cancelled(take, "semop");
	child = ipc_fork_waiting(take);
	SAY(semctl(set, 0, IPC_RMID));
	ipc_reap(child, "removed");
	SAY(op1(1, 0));
	SAY(op1(-1, 0));
	SAY(semctl(set, 0, SETVAL, 1));
}

/* Another user's: all that is asked of the set is refused. */
static void access_denied(void)
{
	pid_t child;

	stage("access");
	set = make(1);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		if (geteuid() == 0)
			ipc_need(setuid(65534) == 0, "setuid");
		else
			ipc_need(semctl(set, 0, IPC_SET, &(struct semid_ds){0}) == 0, "chmod");
		SAY(op1(1, 0));
		SAY(op1(-1, 0));
		SAY(op1(-1, IPC_NOWAIT));
		SAY(semctl(set, 0, SETVAL, 1));
		_exit(0);
	}
	ipc_reap(child, "child");
	SAY(semctl(set, 0, IPC_RMID));
}

int main(void)
{
	errno = 0;
	opening();
	lists();
	refusals();
	waits();
	processes();
	access_denied();
	return 0;
}
