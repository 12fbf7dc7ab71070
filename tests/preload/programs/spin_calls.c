/* Spin locks: results and records, with a thread and a process that spin. */
#include "calls_thread.h"

#define LOCK(s, records) CALL(s, 0, pthread_spin_lock, (s), 0, records)
#define UNLOCK(s) CALL(s, 0, pthread_spin_unlock, (s), 0, "-")

/* What the one that spins shares with the one that holds the lock. */
struct spun {
	pthread_spinlock_t lock;
	clockid_t clock; /* how long that one has run; 0 until it is about to spin */
};

static void spin(void *arg)
{
	struct spun *spun = arg;
	clockid_t clock;

	/* another process can only read that of the whole process */
	if (calls_process == 1 ? pthread_getcpuclockid(pthread_self(), &clock)
			       : clock_getcpuclockid(getpid(), &clock))
		abort();
	__atomic_store_n(&spun->clock, clock, __ATOMIC_RELEASE);
	LOCK(&spun->lock, "request blocked");
	UNLOCK(&spun->lock);
}

static void *spin_thread(void *arg)
{
	spin(arg);
	return NULL;
}

/* It spins: 20 ms of its time are far more than it needs to get there. */
static void unlock_when_spinning(void *arg, pid_t child)
{
	struct spun *spun = arg;
	clockid_t clock;
	struct timespec limit;

	(void)child;
	while (!(clock = __atomic_load_n(&spun->clock, __ATOMIC_ACQUIRE)))
		asleep_pause();
	limit = calls_in(clock, 20);
	while (!calls_over(clock, &limit))
		asleep_pause();
	UNLOCK(&spun->lock);
}

int main(void)
{
	struct spun local = {.clock = 0}, *shared = calls_shared(sizeof(*shared));
	struct calls_thread thread;

	CALL(&local.lock, PTHREAD_PROCESS_PRIVATE << 8, pthread_spin_init,
	     (&local.lock, PTHREAD_PROCESS_PRIVATE), 0, "-");
	LOCK(&local.lock, "-");
	CALL(&local.lock, 0, pthread_spin_trylock, (&local.lock), EBUSY, "try!");
	UNLOCK(&local.lock);
	CALL(&local.lock, 0, pthread_spin_trylock, (&local.lock), 0, "try");
	calls_start(&thread, spin_thread, &local);
	unlock_when_spinning(&local, 0);
	calls_join(&thread, NULL);
	CALL(&local.lock, 0, pthread_spin_destroy, (&local.lock), 0, "-");

	CALL(&shared->lock, PTHREAD_PROCESS_SHARED << 8, pthread_spin_init,
	     (&shared->lock, PTHREAD_PROCESS_SHARED), 0, "-");
	LOCK(&shared->lock, "-");
	calls_fork(spin, unlock_when_spinning, shared);
	CALL(&shared->lock, 0, pthread_spin_destroy, (&shared->lock), 0, "-");
	return calls_end();
}
