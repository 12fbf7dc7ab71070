/*
 * Objects are destroyed, their memory is freed, and comes back as other objects: from calloc, which
 * needs no initialiser in glibc, and from malloc, with one. A read-write lock is destroyed after
 * its memory was made read-only, and another after it was unmapped: nothing is done to them.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

struct account {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_rwlock_t rwlock;
};

static void use(struct account *account)
{
	pthread_mutex_lock(&account->mutex);
	pthread_cond_signal(&account->changed);
	pthread_mutex_unlock(&account->mutex);
	pthread_rwlock_wrlock(&account->rwlock);
	pthread_rwlock_unlock(&account->rwlock);
	pthread_mutex_destroy(&account->mutex);
	pthread_cond_destroy(&account->changed);
	pthread_rwlock_destroy(&account->rwlock);
	free(account);
}

static void init(struct account *account)
{
	pthread_mutex_init(&account->mutex, NULL);
	pthread_cond_init(&account->changed, NULL);
	pthread_rwlock_init(&account->rwlock, NULL);
}

int main(void)
{
	pthread_rwlock_t *rwlock =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 4; i++) {
		struct account *account = malloc(sizeof *account);

		init(account);
		use(account);
		use(calloc(1, sizeof *account));
	}
	mprotect(rwlock, 4096, PROT_READ);
	pthread_rwlock_destroy(rwlock);
	munmap(rwlock, 4096);
	pthread_rwlock_destroy(rwlock);
	return 0;
}
