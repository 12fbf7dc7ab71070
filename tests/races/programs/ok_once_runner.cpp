/* An initialisation runs once, for pthread_once, call_once and std::call_once: who waited for it
 * may use what it made. Its runner has the least of the processor, so that they go on before it. */
#include <mutex>
#include <sched.h>
#include <threads.h>

#include "race.h"

pthread_once_t by_posix = PTHREAD_ONCE_INIT;
once_flag by_c11 = ONCE_FLAG_INIT;
std::once_flag by_cxx;
pthread_barrier_t start;
int made[3];

static void make(int which)
{
	sched_param none = {};

	sched_setscheduler(0, SCHED_IDLE, &none);
	usleep(1000); /* the others come, and wait */
	made[which] = 1;
}

static void make_posix()
{
	make(0);
}

static void make_c11()
{
	make(1);
}

static void use()
{
	pthread_barrier_wait(&start);
	pthread_once(&by_posix, make_posix);
	race_use(made[0]);
	pthread_barrier_wait(&start);
	call_once(&by_c11, make_c11);
	race_use(made[1]);
	pthread_barrier_wait(&start);
	std::call_once(by_cxx, make, 2);
	race_use(made[2]);
}

int main()
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	pthread_barrier_init(&start, nullptr, 2);
	race_run(use, use);
	return race_end();
}
