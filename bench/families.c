/*
 * One call, or one pair of calls, of each family of hooks: "NAME NS" per line, the smallest of
 * several rounds. Run by families.sh with and without the preload, in turns. Names that begin with
 * "free of" are of calls on things that are not tracked.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 9

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static mtx_t mtx;
static int zero_fd, null_fd, file_fd, pipe_fds[2], pair_fds[2], event_fd, epoll_fd;
static int sem_id, msg_id, shm_id;
static mqd_t queue;
static unsigned word;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(2);
}

/* A result that nothing more can be done about; a wrong one shows as a hang or an absurd time. */
static void ignore(long result)
{
	(void)result;
}

static void nothing(void)
{
}

static void *leave(void *arg)
{
	return arg;
}

static void handler(int signal)
{
	(void)signal;
}

static void run_mutex(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static void run_rwlock(void)
{
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}

static void run_spin(void)
{
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
}

static void run_mtx(void)
{
	mtx_lock(&mtx);
	mtx_unlock(&mtx);
}

static void run_signal(void)
{
	pthread_cond_signal(&cond);
}

static void run_barrier(void)
{
	pthread_barrier_wait(&barrier);
}

static void run_once(void)
{
	pthread_once(&once, nothing);
}

static void run_sem(void)
{
	sem_post(&sem);
	sem_wait(&sem);
}

static void run_malloc(void)
{
	void *volatile block = malloc(32);

	free(block);
}

static void run_untracked_read(void)
{
	char byte;

	ignore(read(zero_fd, &byte, 1));
}

static void run_untracked_write(void)
{
	ignore(write(null_fd, "", 1));
}

static void run_untracked_poll(void)
{
	struct pollfd fd = {.fd = zero_fd, .events = POLLIN};

	poll(&fd, 1, 0);
}

static void run_untracked_wait(void)
{
	struct pollfd fd = {.fd = zero_fd, .events = POLLIN};

	poll(&fd, 1, 1000);
}

static void run_untracked_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(zero_fd, &set);
	select(zero_fd + 1, &set, NULL, NULL, NULL);
}

static void run_untracked_close(void)
{
	close(dup(zero_fd));
}

static void run_syscall(void)
{
	syscall(SYS_getppid);
}

static void run_pipe(void)
{
	char byte = 0;

	ignore(write(pipe_fds[1], &byte, 1));
	ignore(read(pipe_fds[0], &byte, 1));
}

static void run_socket(void)
{
	char byte = 0;

	ignore(send(pair_fds[0], &byte, 1, 0));
	ignore(recv(pair_fds[1], &byte, 1, 0));
}

static void run_eventfd(void)
{
	eventfd_t value;

	eventfd_write(event_fd, 1);
	eventfd_read(event_fd, &value);
}

static void run_poll(void)
{
	struct pollfd fd = {.fd = pipe_fds[1], .events = POLLOUT};

	poll(&fd, 1, -1);
}

static void run_epoll(void)
{
	struct epoll_event event;

	epoll_wait(epoll_fd, &event, 1, -1);
}

static void run_semop(void)
{
	struct sembuf give = {0, 1, 0}, take = {0, -1, 0};

	semop(sem_id, &give, 1);
	semop(sem_id, &take, 1);
}

static void run_message(void)
{
	struct {
		long type;
		char text[8];
	} message = {1, "text"};

	ignore(msgsnd(msg_id, &message, 8, 0));
	ignore(msgrcv(msg_id, &message, 8, 0, 0));
}

static void run_mq(void)
{
	char text[16] = "text";

	mq_send(queue, text, 4, 0);
	mq_receive(queue, text, sizeof(text), NULL);
}

static void run_shm(void)
{
	shmdt(shmat(shm_id, NULL, 0));
}

static void run_flock(void)
{
	flock(file_fd, LOCK_EX);
	flock(file_fd, LOCK_UN);
}

static void run_fcntl(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_len = 1};

	fcntl(file_fd, F_SETLKW, &lock);
	lock.l_type = F_UNLCK;
	fcntl(file_fd, F_SETLK, &lock);
}

static void run_yield(void)
{
	sched_yield();
}

static void run_sleep(void)
{
	nanosleep(&(struct timespec){0, 0}, NULL);
}

static void run_futex(void)
{
	syscall(SYS_futex, &word, 129 /* FUTEX_WAKE, private */, 1, NULL, NULL, 0);
}

static void run_handler(void)
{
	raise(SIGUSR1);
}

static void run_thread(void)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, leave, NULL) == 0, "pthread_create");
	pthread_join(thread, NULL);
}

static void run_fork(void)
{
	pid_t child = fork();

	must(child >= 0, "fork");
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
}

static const struct {
	const char *name;
	void (*run)(void);
	int count;
} families[] = {
	{"free of read, 1 byte", run_untracked_read, 50000},
	{"free of write, 1 byte", run_untracked_write, 50000},
	{"free of poll, no wait", run_untracked_poll, 50000},
	{"free of poll, ready", run_untracked_wait, 50000},
	{"free of select, ready", run_untracked_select, 50000},
	{"free of dup and close", run_untracked_close, 50000},
	{"free of malloc and free", run_malloc, 500000},
	{"free of syscall()", run_syscall, 50000},
	{"free of pthread_once, done", run_once, 500000},
	{"mutex pair", run_mutex, 200000},
	{"rwlock pair", run_rwlock, 200000},
	{"spin lock pair", run_spin, 200000},
	{"C11 mutex pair", run_mtx, 200000},
	{"cond signal", run_signal, 200000},
	{"barrier of one", run_barrier, 100000},
	{"semaphore pair", run_sem, 200000},
	{"pipe write and read", run_pipe, 20000},
	{"socket send and recv", run_socket, 20000},
	{"eventfd pair", run_eventfd, 20000},
	{"poll of a pipe", run_poll, 20000},
	{"epoll_wait of a pipe", run_epoll, 20000},
	{"semop pair", run_semop, 20000},
	{"message send, receive", run_message, 20000},
	{"POSIX message pair", run_mq, 20000},
	{"shmat and shmdt", run_shm, 2000},
	{"flock pair", run_flock, 20000},
	{"fcntl lock pair", run_fcntl, 20000},
	{"sched_yield", run_yield, 20000},
	{"nanosleep of 0", run_sleep, 100},
	{"futex wake", run_futex, 20000},
	{"raise and handler", run_handler, 20000},
	{"thread, create and join", run_thread, 200},
	{"fork and waitpid", run_fork, 50},
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void open_descriptors(void)
{
	struct epoll_event event = {.events = EPOLLOUT};

	must((zero_fd = open("/dev/zero", O_RDONLY)) >= 0, "/dev/zero");
	must((null_fd = open("/dev/null", O_WRONLY)) >= 0, "/dev/null");
	must((file_fd = memfd_create("lock", 0)) >= 0, "memfd_create");
	must(pipe(pipe_fds) == 0, "pipe");
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair_fds) == 0, "socketpair");
	must((event_fd = eventfd(0, 0)) >= 0, "eventfd");
	must((epoll_fd = epoll_create1(0)) >= 0, "epoll_create1");
	must(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, pipe_fds[1], &event) == 0, "epoll_ctl");
}

static void open_queues(void)
{
	struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 16};
	char name[32];

	must((sem_id = semget(IPC_PRIVATE, 1, 0600)) >= 0, "semget");
	must((msg_id = msgget(IPC_PRIVATE, 0600)) >= 0, "msgget");
	must((shm_id = shmget(IPC_PRIVATE, 4096, 0600)) >= 0, "shmget");
	snprintf(name, sizeof(name), "/ct-bench-%d", (int)getpid());
	must((queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &attributes)) != (mqd_t)-1,
	     "mq_open");
	mq_unlink(name);
}

static void close_queues(void)
{
	semctl(sem_id, 0, IPC_RMID);
	msgctl(msg_id, IPC_RMID, NULL);
	shmctl(shm_id, IPC_RMID, NULL);
}

int main(void)
{
	pthread_spin_init(&spin, 0);
	pthread_barrier_init(&barrier, NULL, 1);
	sem_init(&sem, 0, 0);
	mtx_init(&mtx, mtx_plain);
	signal(SIGUSR1, handler);
	open_descriptors();
	open_queues();
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		double best = 0;

		for (int round = 0; round < ROUNDS; round++) {
			double begin = now_ns(), took;

			for (int n = 0; n < families[i].count; n++)
				families[i].run();
			took = (now_ns() - begin) / families[i].count;
			if (!round || took < best)
				best = took;
		}
		printf("%s\t%.1f\n", families[i].name, best);
	}
	close_queues();
	return 0;
}
