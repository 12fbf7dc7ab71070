/*
 * What a program does that was linked twenty years ago: it asks for the versions of that time. A
 * condition variable was then one pointer; posix_spawn gave what the kernel does not know to the
 * shell; a timer was a small number. "FILE" is a program for the shell without its first line.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

struct old_cond {
	void *cond;
};

#define OLD(name) __asm__(".symver old_" #name ", " #name "@GLIBC_2.2.5")
OLD(pthread_cond_init);
OLD(pthread_cond_destroy);
OLD(pthread_cond_wait);
OLD(pthread_cond_timedwait);
OLD(pthread_cond_signal);
OLD(pthread_cond_broadcast);
OLD(posix_spawn);
OLD(posix_spawnp);
OLD(pthread_create);
OLD(pthread_join);
OLD(pthread_kill);
OLD(timer_create);
OLD(timer_settime);
OLD(timer_delete);

int old_pthread_cond_init(struct old_cond *cond, const void *attributes);
int old_pthread_cond_destroy(struct old_cond *cond);
int old_pthread_cond_wait(struct old_cond *cond, pthread_mutex_t *mutex);
int old_pthread_cond_timedwait(struct old_cond *cond, pthread_mutex_t *mutex,
			       const struct timespec *limit);
int old_pthread_cond_signal(struct old_cond *cond);
int old_pthread_cond_broadcast(struct old_cond *cond);
__typeof__(posix_spawn) old_posix_spawn, old_posix_spawnp;
__typeof__(pthread_create) old_pthread_create;
__typeof__(pthread_join) old_pthread_join;
__typeof__(pthread_kill) old_pthread_kill;
int old_timer_create(clockid_t clock, struct sigevent *event, int *timer);
int old_timer_settime(int timer, int flags, const struct itimerspec *time, struct itimerspec *old);
int old_timer_delete(int timer);

/* What stands behind the condition variable must stay as it is. */
static struct {
	struct old_cond cond;
	unsigned char behind[sizeof(pthread_cond_t)];
} guarded;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int ready, woken;

static void *waiter(void *unused)
{
	pthread_mutex_lock(&mutex);
	ready++;
	while (!woken)
		if (old_pthread_cond_wait(&guarded.cond, &mutex))
			break;
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void wake(int count, int (*how)(struct old_cond *))
{
	pthread_t threads[2];
	bool all = false;
	int results = 0;

	ready = woken = 0;
	for (int i = 0; i < count; i++)
		results += old_pthread_create(&threads[i], NULL, waiter, NULL);
	while (!all) {
		pthread_mutex_lock(&mutex);
		all = ready == count; /* with the mutex free, all of them wait */
		if (all) {
			woken = 1;
			results += how(&guarded.cond);
		}
		pthread_mutex_unlock(&mutex);
	}
	for (int i = 0; i < count; i++)
		results += old_pthread_join(threads[i], NULL);
	printf("woke %d: %d\n", count, results);
}

static void conditions(void)
{
	struct timespec past = {.tv_sec = 1}, invalid = {.tv_nsec = -1};
	int intact = 1;

	memset(guarded.behind, 0x55, sizeof(guarded.behind));
	printf("init %d\n", old_pthread_cond_init(&guarded.cond, NULL));
	pthread_mutex_lock(&mutex);
	printf("past %d\n", old_pthread_cond_timedwait(&guarded.cond, &mutex, &past));
	printf("invalid %d\n", old_pthread_cond_timedwait(&guarded.cond, &mutex, &invalid));
	pthread_mutex_unlock(&mutex);
	wake(1, old_pthread_cond_signal);
	wake(2, old_pthread_cond_broadcast);
	for (size_t i = 0; i < sizeof(guarded.behind); i++)
		intact &= guarded.behind[i] == 0x55;
	printf("destroy %d, intact %d\n", old_pthread_cond_destroy(&guarded.cond), intact);
}

static void spawn(const char *name, __typeof__(posix_spawn) *function, char *file)
{
	char *arguments[] = {file, NULL}, *environment[] = {"PATH=/bin:/usr/bin", NULL};
	int status = -1, error;
	pid_t pid = -1;

	fflush(stdout);
	error = function(&pid, file, NULL, NULL, arguments, environment);
	if (!error)
		waitpid(pid, &status, 0);
	printf("%s: %s, status %d\n", name, strerror(error), error ? -1 : WEXITSTATUS(status));
}

static void timers(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_NONE};
	struct itimerspec never = {.it_value = {0, 0}}, later = {.it_value = {1000, 0}}, left;
	int timer[2] = {-1, 4711}, error = old_timer_create(CLOCK_MONOTONIC, &event, timer);

	printf("timer %d: small %d, intact %d\n", error, timer[0] >= 0 && timer[0] < 1000,
	       timer[1] == 4711);
	printf("settime %d\n", old_timer_settime(timer[0], 0, &later, NULL));
	error = old_timer_settime(timer[0], 0, &never, &left);
	printf("settime %d: armed %d\n", error, left.it_value.tv_sec >= 900);
	printf("delete %d\n", old_timer_delete(timer[0]));
	printf("kill %d %d\n", old_pthread_kill(pthread_self(), 0),
	       old_pthread_kill(pthread_self(), 1000));
}

/* By hand, as plug-ins and language runtimes do. */
static void by_name(const char *name, const char *old, const char *now)
{
	void *any = dlsym(RTLD_DEFAULT, name), *next = dlsym(RTLD_NEXT, name);

	printf("%s: default %d, next %d, old %d\n", name, any == dlvsym(RTLD_DEFAULT, name, now),
	       next == any, dlvsym(RTLD_DEFAULT, name, old) != any);
	printf("%s: there %d, no such version %d\n", name, any && dlvsym(RTLD_DEFAULT, name, old),
	       dlvsym(RTLD_DEFAULT, name, "GLIBC_1.0") != NULL);
}

int main(int argc, char **argv)
{
	printf("dlerror %d\n", dlerror() != NULL);
	conditions();
	if (argc > 1) {
		spawn("posix_spawn", posix_spawn, argv[1]);
		spawn("old posix_spawn", old_posix_spawn, argv[1]);
		spawn("old posix_spawnp", old_posix_spawnp, argv[1]);
	}
	timers();
	by_name("pthread_cond_wait", "GLIBC_2.2.5", "GLIBC_2.3.2");
	by_name("posix_spawn", "GLIBC_2.2.5", "GLIBC_2.15");
	return 0;
}
