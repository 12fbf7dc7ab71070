/*
 * The same between processes: a child dies with the lock, the parent takes and unlocks it as if
 * nothing had happened, and the next child is refused it.
 *
 * expect: robust-inconsistent - unlock_shared lock_shared ask_in_child error
 */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t *shared;

static void lock_shared(void)
{
	pthread_mutex_lock(shared);
}

static void unlock_shared(void)
{
	pthread_mutex_unlock(shared);
}

static void die_with_lock(void)
{
	pthread_mutex_lock(shared);
}

static void ask_in_child(void)
{
	pthread_mutex_lock(shared);
}

static void run_child(void (*what)(void))
{
	pid_t child = fork();

	if (child == 0) {
		what();
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

int main(void)
{
	pthread_mutexattr_t attributes;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(shared, &attributes);
	run_child(die_with_lock);
	lock_shared();
	unlock_shared();
	run_child(ask_in_child);
	return 0;
}
