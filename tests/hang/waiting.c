/*
 * Programs that wait, long, and do not hang: something may still come.
 *   waiting VARIANT
 * Some wait for what another program has that is not recorded, `waiting holder`. CT_SHARED is the
 * path of a file that both have mapped, CT_FIFO of a FIFO, CT_NEW_FIFO of one to be made, CT_SEM
 * the name of a semaphore.
 */
#include "../../preload/conctrace.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/futex.h>

enum { LONG = 60 }; /* seconds; the test ends before */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static char buffer[8]; /* what a timerfd takes to be read */

static void *want_lock(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void start(void *(*body)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, body, NULL) != 0)
		exit(1);
}

static void end_in_read(int fd)
{
	if (read(fd, buffer, sizeof(buffer)) < 0)
		exit(1);
}

/* Who holds the lock sleeps; the others wait for the lock. */
static void sleeps(void)
{
	pthread_mutex_lock(&lock);
	start(want_lock);
	start(want_lock);
	sleep(LONG);
}

/* Who holds the lock waits for a user to type; the driver keeps the other end of a terminal. */
static void terminal(void)
{
	pthread_mutex_lock(&lock);
	start(want_lock);
	end_in_read(STDIN_FILENO);
}

/* It does not come to an open end: nobody has the other one yet. */
static void new_fifo(void)
{
	if (mkfifo(getenv("CT_NEW_FIFO"), 0600) != 0)
		exit(1);
	end_in_read(open(getenv("CT_NEW_FIFO"), O_RDONLY));
}

static void timer_fd(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	timerfd_settime(fd, 0, &(struct itimerspec){.it_value.tv_sec = LONG}, NULL);
	end_in_read(fd);
}

/* The peer is a child that is not recorded, and that has the other end of the socket. */
static void peer(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		exit(1);
	if (fork() == 0) {
		close(ends[0]);
		unsetenv("LD_PRELOAD");
		execlp("python3", "python3", "-c", "import time; time.sleep(60)", NULL);
		_exit(1);
	}
	close(ends[1]);
	if (recv(ends[0], buffer, sizeof(buffer), 0) < 0)
		exit(1);
}

static void poll_timeout(void)
{
	struct pollfd reader = {.events = POLLIN};
	int ends[2];

	if (pipe(ends) != 0)
		exit(1);
	reader.fd = ends[0];
	poll(&reader, 1, LONG * 1000);
}

static void *wait_cond(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* A limit on one wait: who has it may signal the other. */
static void timed_cond(void)
{
	struct timespec end;

	start(wait_cond);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += LONG;
	pthread_mutex_lock(&lock);
	while (pthread_cond_timedwait(&cond, &lock, &end) == 0)
		;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&lock);
}

/* A long computation under the lock. */
static void computes(void)
{
	time_t end = time(NULL) + LONG;

	pthread_mutex_lock(&lock);
	start(want_lock);
	while (time(NULL) < end)
		;
}

static void post(int number)
{
	(void)number;
	sem_post(&sem);
}

static void timer_posts(void)
{
	struct itimerval later = {.it_value.tv_sec = LONG};

	sem_init(&sem, 0, 0);
	signal(SIGALRM, post);
	setitimer(ITIMER_REAL, &later, NULL);
	while (sem_wait(&sem) != 0)
		;
}

static void *take_signal(void *set)
{
	int number;

	sigwait(set, &number);
	sem_post(&sem);
	return NULL;
}

static void waits_for_signal(void)
{
	static sigset_t set;
	pthread_t thread;

	sem_init(&sem, 0, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&thread, NULL, take_signal, &set);
	sem_wait(&sem);
	pthread_join(thread, NULL);
}

static void event_fd(void)
{
	int fd = eventfd(0, 0);
	uint64_t count = 1;

	if (fork() == 0) {
		sleep(LONG);
		_exit(write(fd, &count, sizeof(count)) != sizeof(count));
	}
	if (read(fd, &count, sizeof(count)) != sizeof(count))
		exit(1);
}

static void *wait_futex(void *word)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return NULL;
}

/* What a runtime does with its own futexes is its own affair. */
static void own_futex(void)
{
	static int words[2];
	pthread_t thread;

	pthread_create(&thread, NULL, wait_futex, &words[0]);
	wait_futex(&words[1]);
	pthread_join(thread, NULL);
}

/* The parent waits for a child that a process outside may answer through an inherited pipe. */
static void child_of_outside(void)
{
	pid_t child = fork();

	if (child == 0) {
		end_in_read(STDIN_FILENO);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static int own_lock;

static void *turn_round(void *unused)
{
	CONCTRACE_LOCK_REQUEST(&own_lock);
	for (;;)
		sched_yield();
	return unused;
}

/* Who holds the program's own lock sleeps; the other one turns round for it. */
static void own_lock_held(void)
{
	CONCTRACE_LOCK_ACQUIRED(&own_lock);
	start(turn_round);
	sleep(LONG);
}

static void *ask_for_lock(void *unused)
{
	CONCTRACE_LOCK_REQUEST(&own_lock);
	end_in_read(STDIN_FILENO);
	CONCTRACE_LOCK_ACQUIRED(&own_lock);
	pthread_cond_signal(&cond);
	return unused;
}

/* The program's own lock is given out by a process outside, and who gets it is waited for. */
static void own_lock_given(void)
{
	start(ask_for_lock);
	wait_cond(NULL);
}

static void *fork_late(void *unused)
{
	sleep(LONG);
	if (fork() == 0)
		_exit(0);
	return unused;
}

/* Any child: one waits for what the waiter holds, but another thread will fork one more. */
static void late_child(void)
{
	pthread_mutex_t *mutex = mmap(NULL, sizeof(*mutex), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutex_lock(mutex);
	if (fork() == 0) {
		pthread_mutex_lock(mutex);
		_exit(0);
	}
	start(fork_late);
	wait(NULL);
	pthread_mutex_unlock(mutex);
}

struct shared {
	pthread_mutex_t mutex;
	sem_t sem;
};

static int open_shared(void)
{
	return open(getenv("CT_SHARED"), O_RDWR | O_CREAT, 0600);
}

static struct shared *map_shared(int fd)
{
	void *memory = MAP_FAILED;

	if (ftruncate(fd, sizeof(struct shared)) == 0)
		memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			      0);
	if (memory == MAP_FAILED)
		exit(1);
	return memory;
}

static sem_t *open_named(void)
{
	sem_t *named = sem_open(getenv("CT_SEM"), O_CREAT, 0600, 0);

	if (named == SEM_FAILED)
		exit(1);
	return named;
}

static int open_set(void)
{
	return semget(ftok(getenv("CT_SHARED"), 1), 1, IPC_CREAT | 0600);
}

/* Holds everything, says so in a line, and waits for the end of its standard input. */
static void holder(void)
{
	int fd = open_shared();
	struct shared *shared = map_shared(fd);
	int set;
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &attributes);
	sem_init(&shared->sem, 1, 0);
	pthread_mutex_lock(&shared->mutex);
	flock(fd, LOCK_EX);
	if (mkfifo(getenv("CT_FIFO"), 0600) != 0 || open(getenv("CT_FIFO"), O_RDWR) < 0)
		exit(1);
	open_named();
	set = open_set();
	puts("ready");
	fflush(stdout);
	end_in_read(STDIN_FILENO);
	sem_unlink(getenv("CT_SEM"));
	semctl(set, 0, IPC_RMID);
}

static void outside_mutex(void)
{
	pthread_mutex_lock(&map_shared(open_shared())->mutex);
}

static void outside_sem(void)
{
	sem_wait(&map_shared(open_shared())->sem);
}

static void outside_flock(void)
{
	flock(open_shared(), LOCK_EX);
}

static int open_again(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDWR);
}

static int lock_new_file(void)
{
	char path[] = "/tmp/ct-waiting.XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) != 0 || flock(fd, LOCK_EX) != 0)
		exit(1);
	return fd;
}

/* It waits for a lock of its own, which a child has as well that is not recorded. */
static void flock_child(void)
{
	int fd = lock_new_file();

	if (fork() == 0) {
		unsetenv("LD_PRELOAD");
		execlp("python3", "python3", "-c", "import time; time.sleep(60)", NULL);
		_exit(1);
	}
	flock(open_again(fd), LOCK_EX);
}

static int locked;

static void *want_file(void *unused)
{
	(void)unused;
	flock(open_again(locked), LOCK_EX);
	return NULL;
}

/* Likewise, and another thread may close the file. */
static void flock_thread(void)
{
	locked = lock_new_file();
	start(want_file);
	sleep(LONG);
	close(locked);
}

static void outside_fifo(void)
{
	end_in_read(open(getenv("CT_FIFO"), O_RDONLY));
}

static void outside_named(void)
{
	sem_wait(open_named());
}

static void outside_sysv(void)
{
	struct sembuf take = {.sem_op = -1};

	semop(open_set(), &take, 1);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} variants[] = {
		{"sleeps", sleeps},
		{"terminal", terminal},
		{"new_fifo", new_fifo},
		{"timer_fd", timer_fd},
		{"peer", peer},
		{"poll_timeout", poll_timeout},
		{"timed_cond", timed_cond},
		{"computes", computes},
		{"timer_posts", timer_posts},
		{"waits_for_signal", waits_for_signal},
		{"event_fd", event_fd},
		{"own_futex", own_futex},
		{"child_of_outside", child_of_outside},
		{"own_lock_held", own_lock_held},
		{"own_lock_given", own_lock_given},
		{"late_child", late_child},
		{"holder", holder},
		{"outside_mutex", outside_mutex},
		{"outside_sem", outside_sem},
		{"outside_flock", outside_flock},
		{"flock_child", flock_child},
		{"flock_thread", flock_thread},
		{"outside_fifo", outside_fifo},
		{"outside_named", outside_named},
		{"outside_sysv", outside_sysv},
	};

	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		if (argc > 1 && strcmp(argv[1], variants[i].name) == 0) {
			variants[i].run();
			return 0;
		}
	}
	fprintf(stderr, "waiting: what?\n");
	return 2;
}
