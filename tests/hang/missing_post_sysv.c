/* Two consumers of a System V semaphore; the producer raises it once and exits. */
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include "support/hang.h"

static int set;

static void change(int by)
{
	struct sembuf operation = {0, (short)by, 0};

	if (semop(set, &operation, 1) != 0)
		_exit(1);
}

int main(int argc, char **argv)
{
	pid_t producer, consumer;
	int status;

	hang_begin(argc, argv);
	set = semget(IPC_PRIVATE, 1, 0600);
	if (set < 0)
		return 1;
	hang_litter("sem", set);
	producer = fork();
	if (producer == 0) {
		change(hang_fixed ? 2 : 1);
		_exit(0);
	}
	if (hang_reap(producer) != 0)
		return 1;
	change(-1);
	consumer = fork();
	if (consumer == 0) {
		hang_last(1);
		change(-1);
		_exit(0);
	}
	hang_sleep();
	status = hang_reap(consumer);
	semctl(set, 0, IPC_RMID);
	return status;
}
