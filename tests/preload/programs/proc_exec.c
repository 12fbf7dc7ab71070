/* A chain of images in one process: each execs the next in another way, one from a thread. */
#include <semaphore.h>

#include "proc.h"

static char *self;

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t never_free = PTHREAD_MUTEX_INITIALIZER;
static sem_t locked;

static void *wait_for_ever(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&held);
	sem_post(&locked);
	pthread_mutex_lock(&never_free);
	return NULL;
}

static void *exec_from_thread(void *unused)
{
	char *const argv[] = {self, "5", NULL};

	(void)unused;
	sem_wait(&locked);
	proc_pairs(1);
	proc_count(3); /* with never_free, and with held by now */
	execv(self, argv);
	return NULL;
}

static void from_thread(void)
{
	pthread_t thread;

	sem_init(&locked, 0, 0);
	pthread_mutex_lock(&never_free);
	pthread_create(&thread, NULL, wait_for_ever, NULL);
	pthread_create(&thread, NULL, exec_from_thread, NULL);
	for (;;)
		pause();
}

static void next(int step)
{
	char *const argv[] = {self, (char[]){(char)('1' + step), '\0'}, NULL};
	int fd;

	switch (step) {
	case 0:
		proc_need(execv("/nonexistent", argv) == -1 && errno == ENOENT, "execv");
		proc_need(execl("/", "x", (char *)NULL) == -1 && errno == EACCES, "execl");
		proc_pairs(2);
		proc_count(2);
		execl(self, self, "1", "2", "3", "4", "5", "6", "7", "8", (char *)NULL);
		break;
	case 1:
		execlp(self, self, "2", (char *)NULL);
		break;
	case 2:
		execle(self, self, "3", (char *)NULL, environ);
		break;
	case 3:
		execvp(self, argv);
		break;
	case 4:
		from_thread();
		break;
	case 5:
		execvpe(self, argv, environ);
		break;
	case 6:
		fd = open(self, O_RDONLY | O_CLOEXEC);
		fexecve(fd, argv, environ);
		break;
	case 7:
		execveat(AT_FDCWD, self, argv, environ, 0);
		break;
	case 8:
		execve(self, argv, environ);
		break;
	default:
		return;
	}
	proc_need(0, "exec");
}

int main(int argc, char **argv)
{
	int step = argc > 1 ? argv[1][0] - '0' : 0;

	self = argv[0];
	printf("image %d of %d arguments\n", step, argc);
	fflush(stdout);
	proc_work((unsigned)step + 1);
	next(step);
	return 13;
}
