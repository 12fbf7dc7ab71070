/*
 * Legal: a semaphore that begins with the largest value and stays below it afterwards, one that is
 * posted more often than it began with, and one of System V that is full.
 */
#include <limits.h>
#include <semaphore.h>
#include <sys/ipc.h>
#include <sys/sem.h>

int main(void)
{
	struct sembuf fill = {.sem_num = 0, .sem_op = 32767}, take = {.sem_num = 0, .sem_op = -1};
	int set = semget(IPC_PRIVATE, 1, 0600);
	sem_t tickets, events;

	sem_init(&tickets, 0, SEM_VALUE_MAX);
	sem_wait(&tickets);
	sem_post(&tickets);
	sem_destroy(&tickets);
	sem_init(&events, 0, 1);
	for (int i = 0; i < 100; i++)
		sem_post(&events);
	sem_destroy(&events);
	if (set < 0)
		return 1;
	semop(set, &fill, 1);
	semop(set, &take, 1);
	semctl(set, 0, IPC_RMID);
	return 0;
}
