/*
 * Shared memory is mapped in two places: what is locked by its one address is unlocked by the
 * other, also after the first mapping is gone, and after it was mapped anew.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

struct locks {
	pthread_mutex_t mutex;
	pthread_rwlock_t rwlock;
	pthread_spinlock_t spin;
};

static void init(struct locks *locks)
{
	pthread_mutexattr_t of_mutex;
	pthread_rwlockattr_t of_rwlock;

	pthread_mutexattr_init(&of_mutex);
	pthread_mutexattr_setpshared(&of_mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&locks->mutex, &of_mutex);
	pthread_rwlockattr_init(&of_rwlock);
	pthread_rwlockattr_setpshared(&of_rwlock, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&locks->rwlock, &of_rwlock);
	pthread_spin_init(&locks->spin, PTHREAD_PROCESS_SHARED);
}

static struct locks *map(int fd)
{
	return mmap(NULL, sizeof(struct locks), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

int main(void)
{
	int fd = memfd_create("locks", MFD_CLOEXEC);
	struct locks *here, *there;

	if (ftruncate(fd, sizeof(struct locks)))
		return 1;
	here = map(fd);
	there = map(fd);
	init(here);
	pthread_mutex_lock(&here->mutex);
	pthread_mutex_unlock(&there->mutex);
	pthread_rwlock_rdlock(&there->rwlock);
	pthread_rwlock_unlock(&here->rwlock);
	pthread_spin_lock(&here->spin);
	pthread_spin_unlock(&there->spin);
	pthread_mutex_lock(&here->mutex);
	munmap(here, sizeof(*here));
	pthread_mutex_unlock(&there->mutex);
	pthread_mutex_lock(&there->mutex);
	munmap(there, sizeof(*there));
	there = map(fd);
	pthread_mutex_unlock(&there->mutex);
	return 0;
}
