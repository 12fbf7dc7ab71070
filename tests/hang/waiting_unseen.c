/*
 * More programs that wait, long, and do not hang (see waiting.c): what ends the wait cannot be told
 * from what their threads do.
 *   waiting_unseen VARIANT
 * Some wait for another program that is not recorded, `waiting_unseen holder`. CT_MEMORY is the
 * path of a file that both may map, CT_GATE the name of a semaphore, CT_SOCKET the path of a socket
 * at which the holder takes descriptors.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/aio_abi.h>

enum { LONG = 60 }; /* seconds; the test ends before */

static char buffer[8];

static void end_in_read(int fd)
{
	if (read(fd, buffer, sizeof(buffer)) < 0)
		exit(1);
}

static pthread_mutex_t *new_shared_mutex(void)
{
	pthread_mutex_t *mutex = mmap(NULL, sizeof(*mutex), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attributes);
	return mutex;
}

static void wait_for_post(void)
{
	sem_t sem;

	sem_init(&sem, 0, 0);
	sem_wait(&sem);
}

static void relock(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&mutex);
	pthread_mutex_lock(&mutex);
}

/* The timer ends the child, and so the wait for it. */
static void reap_timed(void (*body)(void))
{
	pid_t child = fork();

	if (child == 0) {
		alarm(LONG);
		body();
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

static void alarm_post(void)
{
	reap_timed(wait_for_post);
}

static void alarm_circle(void)
{
	reap_timed(relock);
}

/* A child is parked until its parent, which reads what to do, has no more use for it. */
static void parked_child(void)
{
	pid_t child = fork();

	if (child == 0)
		wait_for_post();
	end_in_read(STDIN_FILENO);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
}

static void connect_pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || write(ends[1], buffer, 1) != 1)
		exit(1);
	end_in_read(ends[0]);
}

static void receive_limit(void)
{
	struct timeval limit = {.tv_sec = LONG};
	int ends[2];

	connect_pair(ends);
	setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	recv(ends[0], buffer, sizeof(buffer), 0);
}

/* The kernel writes to the eventfd when the timer expires. */
static void kernel_writes(void)
{
	struct itimerspec later = {.it_value.tv_sec = LONG};
	int event = eventfd(0, 0), timer = timerfd_create(CLOCK_MONOTONIC, 0);
	struct iocb poll_timer = {.aio_fildes = (uint32_t)timer,
				  .aio_lio_opcode = 5, /* IOCB_CMD_POLL */
				  .aio_buf = POLLIN,
				  .aio_flags = IOCB_FLAG_RESFD,
				  .aio_resfd = (uint32_t)event};
	struct iocb *list[] = {&poll_timer};
	aio_context_t context = 0;

	timerfd_settime(timer, 0, &later, NULL);
	if (syscall(SYS_io_setup, 1, &context) != 0) { /* a kernel without */
		sleep(LONG);
		return;
	}
	if (syscall(SYS_io_submit, context, 1, list) != 1)
		exit(1);
	end_in_read(event);
}

/* Any child: one wants what the waiter holds, but another one, that it adopted, sleeps. */
static void adopted_child(void)
{
	pthread_mutex_t *mutex = new_shared_mutex();
	pid_t between;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	pthread_mutex_lock(mutex);
	between = fork();
	if (between == 0) {
		if (fork() == 0)
			sleep(LONG);
		_exit(0);
	}
	waitpid(between, NULL, 0);
	if (fork() == 0) {
		pthread_mutex_lock(mutex);
		_exit(0);
	}
	wait(NULL);
	pthread_mutex_unlock(mutex);
}

static void interrupt(int number)
{
	(void)number;
}

/* A child wants what the waiter for it holds, but another process will interrupt the wait. */
static void interrupted_wait(void)
{
	struct sigaction action = {.sa_handler = interrupt};
	pthread_mutex_t *mutex = new_shared_mutex();
	pid_t child;

	sigaction(SIGTERM, &action, NULL);
	pthread_mutex_lock(mutex);
	if (fork() == 0) {
		sleep(LONG);
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	child = fork();
	if (child == 0) {
		pthread_mutex_lock(mutex);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	pthread_mutex_unlock(mutex);
}

static sem_t *map_sem(int fd)
{
	void *memory = MAP_FAILED;

	if (ftruncate(fd, sizeof(sem_t)) == 0)
		memory = (void *)syscall(SYS_mmap, NULL, sizeof(sem_t), PROT_READ | PROT_WRITE,
					 MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		exit(1);
	return memory;
}

static int open_shared(void)
{
	return open(getenv("CT_MEMORY"), O_RDWR | O_CREAT, 0600);
}

/* The memory is mapped behind the recorder's back. */
static void raw_memory(void)
{
	sem_wait(map_sem(open_shared()));
}

static void *take_sem(void *sem)
{
	sem_wait(sem);
	return NULL;
}

static sem_t *open_gate(void)
{
	sem_t *gate = sem_open(getenv("CT_GATE"), O_CREAT, 0600, 1);

	if (gate == SEM_FAILED)
		exit(1);
	return gate;
}

/* It takes the one unit and waits for another, which the holder may post. */
static void named_gate(void)
{
	sem_t *gate = open_gate();
	pthread_t thread;

	sem_wait(gate);
	pthread_create(&thread, NULL, take_sem, gate);
	pthread_join(thread, NULL);
}

static int open_set(void)
{
	return semget(ftok(getenv("CT_MEMORY"), 1), 1, IPC_CREAT | 0600);
}

static void *take_unit(void *unused)
{
	struct sembuf take = {.sem_op = -1};

	semop(open_set(), &take, 1);
	return unused;
}

static void sysv_gate(void)
{
	pthread_t thread;

	take_unit(NULL);
	pthread_create(&thread, NULL, take_unit, NULL);
	pthread_join(thread, NULL);
}

static struct sockaddr_un address_of_holder(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", getenv("CT_SOCKET"));
	return address;
}

/* What tells the holder of a descriptor: it goes with the message, or is to be opened. */
struct order {
	pid_t pid;
	int fd;
};

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr head;
};

/* Returns when the holder has the descriptor. */
static void give(int fd, bool sends)
{
	struct order order = {getpid(), fd};
	struct iovec part = {&order, sizeof(order)};
	union control control = {.head = {.cmsg_level = SOL_SOCKET,
					  .cmsg_type = SCM_RIGHTS,
					  .cmsg_len = CMSG_LEN(sizeof(int))}};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	struct sockaddr_un address = address_of_holder();
	int to = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	if (sends) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
	}
	if (connect(to, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    sendmsg(to, &message, 0) != sizeof(order) || read(to, buffer, 1) != 1)
		exit(1);
	close(to);
}

static void sent_eventfd(void)
{
	int fd = eventfd(0, 0);

	give(fd, true);
	end_in_read(fd);
}

static void sent_socket(void)
{
	int ends[2];

	connect_pair(ends);
	give(ends[1], true);
	end_in_read(ends[0]);
}

/* The holder opens the pipe by /proc. */
static void taken_pipe(void)
{
	int ends[2];

	if (pipe(ends) != 0)
		exit(1);
	give(ends[1], false);
	end_in_read(ends[0]);
}

/* Keeps what is sent, or opens what is told of. */
static void take_order(int from)
{
	struct order order;
	struct iovec part = {&order, sizeof(order)};
	union control control;
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	char path[64];

	if (recvmsg(from, &message, 0) != sizeof(order))
		exit(1);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)order.pid, order.fd);
	if (!CMSG_FIRSTHDR(&message) && open(path, O_WRONLY) < 0)
		exit(1);
	if (write(from, buffer, 1) != 1)
		exit(1);
}

/* Has everything, says so in a line, and serves until the end of its standard input. */
static void holder(void)
{
	struct sockaddr_un address = address_of_holder();
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	struct pollfd polled[] = {{STDIN_FILENO, POLLIN, 0}, {listener, POLLIN, 0}};
	int set;

	sem_init(map_sem(open_shared()), 1, 0);
	open_gate();
	set = open_set();
	if (semctl(set, 0, SETVAL, 1) != 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, 8) != 0)
		exit(1);
	puts("ready");
	fflush(stdout);
	while (poll(polled, 2, -1) > 0 && !polled[0].revents)
		take_order(accept(listener, NULL, NULL));
	sem_unlink(getenv("CT_GATE"));
	semctl(set, 0, IPC_RMID);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} variants[] = {
		{"holder", holder},
		{"alarm_post", alarm_post},
		{"alarm_circle", alarm_circle},
		{"parked_child", parked_child},
		{"receive_limit", receive_limit},
		{"kernel_writes", kernel_writes},
		{"adopted_child", adopted_child},
		{"interrupted_wait", interrupted_wait},
		{"raw_memory", raw_memory},
		{"named_gate", named_gate},
		{"sysv_gate", sysv_gate},
		{"sent_eventfd", sent_eventfd},
		{"sent_socket", sent_socket},
		{"taken_pipe", taken_pipe},
	};

	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		if (argc > 1 && strcmp(argv[1], variants[i].name) == 0) {
			variants[i].run();
			return 0;
		}
	}
	fprintf(stderr, "waiting_unseen: what?\n");
	return 2;
}
