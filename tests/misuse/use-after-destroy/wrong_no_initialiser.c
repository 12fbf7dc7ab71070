/*
 * A semaphore, a barrier and a spin lock are used after their destruction. In glibc that works,
 * which is luck.
 *
 * expect: use-after-destroy semaphore post_it destroy_all init_all error
 * expect: use-after-destroy semaphore wait_for_it destroy_all init_all
 * expect: use-after-destroy spin lock_it destroy_all init_all
 * expect: use-after-destroy spin unlock_it destroy_all init_all
 */
#include <pthread.h>
#include <semaphore.h>

static sem_t semaphore;
static pthread_spinlock_t spin;

static void init_all(void)
{
	sem_init(&semaphore, 0, 0);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
}

static void destroy_all(void)
{
	sem_destroy(&semaphore);
	pthread_spin_destroy(&spin);
}

static void post_it(void)
{
	sem_post(&semaphore);
}

static void wait_for_it(void)
{
	sem_wait(&semaphore);
}

static void lock_it(void)
{
	pthread_spin_lock(&spin);
}

static void unlock_it(void)
{
	pthread_spin_unlock(&spin);
}

int main(void)
{
	init_all();
	destroy_all();
	post_it();
	wait_for_it();
	lock_it();
	unlock_it();
	return 0;
}
