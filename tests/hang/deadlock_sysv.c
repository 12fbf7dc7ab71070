/*
 * Two processes take two System V semaphores in opposite orders.
 *   plain
 *   undo    with SEM_UNDO, as who minds being killed does it
 */
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include "support/hang.h"

static int set;
static short flags;

static void change(int number, int by)
{
	struct sembuf operation = {(unsigned short)number, (short)by, flags};

	if (semop(set, &operation, 1) != 0)
		_exit(1);
}

static void take(int first, int second, bool last)
{
	change(first, -1);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(1);
	else
		hang_sleep();
	change(second, -1);
	change(second, 1);
	change(first, 1);
}

int main(int argc, char **argv)
{
	union {
		int val;
		unsigned short *array;
	} values = {.array = (unsigned short[]){1, 1}};
	bool crossed;
	pid_t child;
	int status;

	hang_begin(argc, argv);
	crossed = !hang_fixed;
	flags = strcmp(hang_variant, "undo") == 0 ? SEM_UNDO : 0;
	set = semget(IPC_PRIVATE, 2, 0600);
	if (set < 0 || semctl(set, 0, SETALL, values) != 0)
		return 1;
	hang_litter("sem", set);
	child = fork();
	if (child == 0) {
		take(crossed, !crossed, false);
		_exit(0);
	}
	take(0, 1, true);
	status = hang_reap(child);
	semctl(set, 0, IPC_RMID);
	return status;
}
