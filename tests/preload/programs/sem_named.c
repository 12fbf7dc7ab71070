/* Named semaphores: results, errno and records, in two processes. */
#include <limits.h>
#include <semaphore.h>

#include "calls_thread.h"

static char name[64];

/* sem_open returns an address: the check is of errno. */
static sem_t *open_named(const char *path, int flags, unsigned initial, int error, unsigned value)
{
	sem_t *s;

	errno = 0;
	s = flags & O_CREAT ? sem_open(path, flags, 0600, initial) : sem_open(path, flags);
	CALLS_IS(s == SEM_FAILED ? errno : 0, error);
	calls_expect("sem_open", s == SEM_FAILED ? 0 : (uintptr_t)s, value | (uintptr_t)1 << 32,
		     error, s == SEM_FAILED ? "-!" : "-");
	return s;
}

static void child_posts(void *inherited)
{
	sem_t *s = open_named(name, 0, 0, 0, 0);

	CALL(s, 0, sem_post, (s), 0, "-");
	CALL(s, 0, sem_close, (s), 0, "-");
	CALL(inherited, 0, sem_post, (inherited), 0, "-");
}

static void wait_twice(void *s, pid_t child)
{
	(void)child;
	CALL(s, 0, sem_timedwait, (s, &(struct timespec){INT32_MAX, 0}), 0,
	     "request,timed blocked,timed");
	CALL(s, 0, sem_timedwait, (s, &(struct timespec){INT32_MAX, 0}), 0,
	     "request,timed blocked,timed");
}

int main(void)
{
	char path[80], long_name[300];
	sem_t *s, *slashes, other;

	snprintf(name, sizeof(name), "/ct-test-%d", (int)getpid());
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	open_named(name, 0, 0, ENOENT, 0);
	open_named("/", O_CREAT, 0, EINVAL, 0);
	open_named("/a/b", O_CREAT, 0, EINVAL, 0);
	open_named(long_name, O_CREAT, 0, EINVAL, 0);
	open_named(name, O_CREAT, (unsigned)SEM_VALUE_MAX + 1, EINVAL, 0);

	s = open_named(name, O_CREAT | O_EXCL, 2, 0, 2);
	open_named(name, O_CREAT | O_EXCL, 2, EEXIST, 0);
	CALLS_IS(open_named(name, O_CREAT, 7, 0, 2) == s, 1); /* it keeps its value */
	snprintf(path, sizeof(path), "//%s", name);
	slashes = open_named(path, 0, 0, 0, 2); /* the same semaphore at another address */
	CALLS_IS(slashes == s, 0);
	CALL(slashes, 0, sem_wait, (slashes), 0, "-");
	CALL(slashes, 0, sem_close, (slashes), 0, "-");
	CALL(s, 0, sem_wait, (s), 0, "-");
	CALL(s, 0, sem_trywait, (s), EAGAIN, "try!");
	calls_fork(child_posts, wait_twice, s);
	CALLS_IS(sem_unlink(name), 0);
	open_named(name, 0, 0, ENOENT, 0);
	CALL(s, 0, sem_close, (s), 0, "-"); /* opened twice */
	CALL(s, 0, sem_post, (s), 0, "-");
	CALL(s, 0, sem_close, (s), 0, "-");
	CALL(&other, 0, sem_close, (&other), EINVAL, "- -!");
	return calls_end();
}
