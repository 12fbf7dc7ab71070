/*
 * Semaphores of System V go up to 32767: adding to a full one fails with ERANGE, and nobody looks.
 *
 * expect: sem-overflow - add_one error
 */
#include <sys/ipc.h>
#include <sys/sem.h>

static void add(int set, short amount)
{
	struct sembuf op = {.sem_num = 0, .sem_op = amount};

	semop(set, &op, 1);
}

static void add_one(int set)
{
	add(set, 1);
}

int main(void)
{
	int set = semget(IPC_PRIVATE, 1, 0600);

	if (set < 0)
		return 1;
	add(set, 32767);
	add_one(set);
	semctl(set, 0, IPC_RMID);
	return 0;
}
