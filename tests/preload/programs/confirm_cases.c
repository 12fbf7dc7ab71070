/*
 * Deadlocks that do not happen by themselves, and patterns that look like one and are none:
 *   confirm_cases data     the second lock is asked for only if the other thread has not been there
 *   confirm_cases forced   one thread is started by what the other does last, which nothing records
 *   confirm_cases join     main joins a thread while it holds a lock that the thread takes
 *   confirm_cases outer    main holds a lock of its own while it creates the others
 *   confirm_cases queue    tasks that lock in opposite orders, done by whoever comes first
 *   confirm_cases loop     both orders, at the fifth time that the threads come to the place
 *   confirm_cases started  only if $CONFIRM_CASE, the file b.txt, the argument "a b" and the second
 *                          line of standard input are as they were when it was recorded
 *   confirm_cases spawn    two programs that are spawned, one of them by a forked child that then
 *                          becomes another program; their locks are in the file shared.dat
 *   confirm_cases files    two processes that lock two files with fcntl, in opposite orders
 *   confirm_cases strict   likewise, and fails if a lock is refused
 *   confirm_cases daemon   forced, and leaves a process that writes its pid to the file daemons
 *   confirm_cases slow     forced, and SIGINT and SIGTERM are handled and ignored
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, queue = PTHREAD_MUTEX_INITIALIZER;
static int done, next_task;
static volatile int flag;

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_mutex_lock(second);
	done++;
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *forth(void *unused)
{
	both(&a, &b);
	return unused;
}

static void *back(void *unused)
{
	sleep_ms(30);
	both(&b, &a);
	return unused;
}

static void two(void *(*first)(void *), void *(*second)(void *))
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static void *first_come(void *unused)
{
	pthread_mutex_lock(&a);
	pthread_mutex_lock(&b);
	done++;
	flag = 1;
	pthread_mutex_unlock(&b);
	pthread_mutex_unlock(&a);
	return unused;
}

/* Holds b, and asks for a only when it knows that the other has given both back. */
static void *careful(void *unused)
{
	sleep_ms(30);
	pthread_mutex_lock(&b);
	if (flag)
		pthread_mutex_lock(&a);
	done++;
	if (flag)
		pthread_mutex_unlock(&a);
	pthread_mutex_unlock(&b);
	return unused;
}

static void *raises(void *unused)
{
	both(&a, &b);
	__atomic_store_n(&flag, 1, __ATOMIC_SEQ_CST);
	return unused;
}

static void *waits_for_flag(void *unused)
{
	while (!__atomic_load_n(&flag, __ATOMIC_SEQ_CST))
		sleep_ms(1);
	both(&b, &a);
	return unused;
}

static void *takes_a(void *unused)
{
	pthread_mutex_lock(&a);
	done++;
	pthread_mutex_unlock(&a);
	return unused;
}

static void join_under_lock(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, takes_a, NULL);
	sleep_ms(30);
	pthread_mutex_lock(&a);
	pthread_join(thread, NULL);
	pthread_mutex_unlock(&a);
}

static void *worker(void *unused)
{
	for (int task = 0; task < 6;) {
		pthread_mutex_lock(&queue);
		task = next_task++;
		pthread_mutex_unlock(&queue);
		if (task == 2)
			both(&a, &b);
		else if (task == 5)
			both(&b, &a);
		sleep_ms(5);
	}
	return unused;
}

static void *loops(void *argument)
{
	for (int i = 0; i < 6; i++) {
		int swap = i == 4 && argument;

		both(swap ? &b : &a, swap ? &a : &b);
		sleep_ms(argument ? 5 : 1);
	}
	return NULL;
}

static void loop(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, loops, NULL);
	pthread_create(&threads[1], NULL, loops, &a);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static void started(int argc, char **argv)
{
	const char *variable = getenv("CONFIRM_CASE");
	char line[32] = "";

	if (!fgets(line, sizeof(line), stdin) || argc < 3)
		return;
	if (strcmp(line, "second\n") == 0 && variable && strcmp(variable, "x:y z") == 0 &&
	    strcmp(argv[2], "a b") == 0 && access("b.txt", R_OK) == 0)
		two(forth, back);
}

static pthread_mutex_t *map_shared(int flags)
{
	int fd = open("shared.dat", O_RDWR | flags, 0600);
	void *memory;

	if (fd < 0 || ftruncate(fd, 4096) != 0)
		exit(1);
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return memory;
}

static void spawned(const char *way)
{
	pthread_mutex_t *mutexes = map_shared(0);

	if (strcmp(way, "forth") == 0) {
		both(&mutexes[0], &mutexes[1]);
	} else {
		sleep_ms(60);
		both(&mutexes[1], &mutexes[0]);
	}
}

static void spawn(char *program)
{
	char *const forth_command[] = {program, "child", "forth", NULL};
	char *const back_command[] = {program, "child", "back", NULL};
	pthread_mutex_t *mutexes = map_shared(O_CREAT);
	pthread_mutexattr_t attributes;
	pid_t child;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&mutexes[0], &attributes);
	pthread_mutex_init(&mutexes[1], &attributes);
	posix_spawn(&child, program, NULL, NULL, forth_command, environ);
	if (fork() == 0) {
		execv(program, back_command);
		_exit(127);
	}
	while (wait(NULL) > 0)
		;
}

static int strict;

static void lock_file(int fd, short type)
{
	struct flock whole = {.l_type = type};

	if (fcntl(fd, F_SETLKW, &whole) != 0 && strict)
		_exit(1);
}

static void lock_files(const char *first, const char *second)
{
	int a_file = open(first, O_RDWR | O_CREAT, 0600);
	int b_file = open(second, O_RDWR | O_CREAT, 0600);

	lock_file(a_file, F_WRLCK);
	lock_file(b_file, F_WRLCK);
	lock_file(b_file, F_UNLCK);
	lock_file(a_file, F_UNLCK);
}

static int files(void)
{
	int status = 0;

	if (fork() == 0) {
		sleep_ms(40);
		lock_files("second.lock", "first.lock");
		_exit(0);
	}
	lock_files("first.lock", "second.lock");
	wait(&status);
	return strict && status;
}

static void leave_daemon(void)
{
	FILE *pids;

	if (fork() != 0)
		return;
	setsid();
	pids = fopen("daemons", "a");
	fprintf(pids, "%d\n", (int)getpid());
	fclose(pids);
	sleep_ms(20000);
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "";

	if (strcmp(way, "data") == 0)
		two(first_come, careful);
	else if (strcmp(way, "forced") == 0)
		two(raises, waits_for_flag);
	else if (strcmp(way, "join") == 0)
		join_under_lock();
	else if (strcmp(way, "outer") == 0) {
		pthread_mutex_lock(&outer);
		two(forth, back);
		pthread_mutex_unlock(&outer);
	} else if (strcmp(way, "queue") == 0)
		two(worker, worker);
	else if (strcmp(way, "loop") == 0)
		loop();
	else if (strcmp(way, "started") == 0)
		started(argc, argv);
	else if (strcmp(way, "files") == 0)
		return files();
	else if (strcmp(way, "strict") == 0) {
		strict = 1;
		return files();
	} else if (strcmp(way, "daemon") == 0) {
		leave_daemon();
		two(raises, waits_for_flag);
	} else if (strcmp(way, "spawn") == 0)
		spawn(argv[0]);
	else if (strcmp(way, "child") == 0)
		spawned(argv[2]);
	else if (strcmp(way, "slow") == 0) {
		signal(SIGINT, SIG_IGN);
		for (int i = 0; i < 20; i++)
			sleep_ms(100);
		two(raises, waits_for_flag);
	}
	printf("%s: %d\n", way, done);
	return 0;
}
