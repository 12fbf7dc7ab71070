# Deadlocks that did not happen are predicted: whatever is used as a lock, across processes, and
# through joins; and nothing is where the order is the same everywhere.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
export CONCTRACE_OPTIONS=races=off # traps may tell of words that order what no call does

# Members take two things each, one after the other: whose turn it is, is told by a word that no
# call reads, so that nothing recorded orders them.
compile ring <<'C'
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

enum { MOST = 20 };

static struct shared {
	pthread_mutex_t mutexes[MOST];
	sem_t semaphores[MOST];
	mtx_t c11[MOST];
	int turn;
} *shared;
static const char *kind;
static int count, reversed, set;
static __thread int files[MOST];

static void file_lock(int i, int type, int operation)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET};

	if (strcmp(kind, "flock") == 0)
		flock(files[i], operation);
	else
		fcntl(files[i], F_SETLKW, &lock);
}

static void take(int i)
{
	struct sembuf down = {(unsigned short)i, -1, 0};

	if (strcmp(kind, "mutex") == 0)
		pthread_mutex_lock(&shared->mutexes[i]);
	else if (strcmp(kind, "semaphore") == 0)
		sem_wait(&shared->semaphores[i]);
	else if (strcmp(kind, "c11") == 0)
		mtx_lock(&shared->c11[i]);
	else if (strcmp(kind, "sysv") == 0)
		semop(set, &down, 1);
	else
		file_lock(i, F_WRLCK, LOCK_EX);
}

static void give(int i)
{
	struct sembuf up = {(unsigned short)i, 1, 0};

	if (strcmp(kind, "mutex") == 0)
		pthread_mutex_unlock(&shared->mutexes[i]);
	else if (strcmp(kind, "semaphore") == 0)
		sem_post(&shared->semaphores[i]);
	else if (strcmp(kind, "c11") == 0)
		mtx_unlock(&shared->c11[i]);
	else if (strcmp(kind, "sysv") == 0)
		semop(set, &up, 1);
	else
		file_lock(i, F_UNLCK, LOCK_UN);
}

static void *member(void *number)
{
	int i = (int)(long)number, left = i, right = (i + 1) % count;

	while (__atomic_load_n(&shared->turn, __ATOMIC_ACQUIRE) != i)
		sched_yield();
	if (reversed && right < left) {
		left = 0;
		right = i;
	}
	for (int k = 0; (strcmp(kind, "flock") == 0 || strcmp(kind, "fcntl") == 0) && k < count; k++) {
		char name[16];

		snprintf(name, sizeof(name), "lock.%d", k);
		files[k] = open(name, O_RDWR | O_CREAT, 0600);
	}
	take(left);
	take(right);
	give(right);
	give(left);
	__atomic_store_n(&shared->turn, i + 1, __ATOMIC_RELEASE);
	return NULL;
}

static void begin(void)
{
	pthread_mutexattr_t attr;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	set = strcmp(kind, "sysv") == 0 ? semget(IPC_PRIVATE, count, 0600) : -1;
	for (int i = 0; i < count; i++) {
		pthread_mutex_init(&shared->mutexes[i], &attr);
		sem_init(&shared->semaphores[i], 1, 1);
		mtx_init(&shared->c11[i], mtx_plain);
		if (set >= 0)
			semctl(set, i, SETVAL, 1);
	}
}

int main(int argc, char **argv)
{
	pthread_t threads[MOST];
	int processes = argc > 3 && strstr(argv[3], "processes");

	kind = argv[1];
	count = atoi(argv[2]);
	reversed = argc > 3 && strstr(argv[3], "reversed");
	begin();
	for (long i = 0; i < count; i++) {
		if (!processes) {
			pthread_create(&threads[i], NULL, member, (void *)i);
		} else if (fork() == 0) {
			member((void *)i);
			_exit(0);
		}
	}
	for (int i = 0; i < count; i++) {
		if (processes)
			wait(NULL);
		else
			pthread_join(threads[i], NULL);
	}
	if (set >= 0)
		semctl(set, 0, IPC_RMID);
	return 0;
}
C

predicted() {
	expect 66 timeout 60 "$CT_BIN" run ./ring "$@"
	has err 'error[lock-order]'
	has err 'predicted: another order'
	has err 'STUCK'
	lacks err potential
}

# a file lock can be given back unseen
uncertain() {
	expect 0 timeout 60 "$CT_BIN" run ./ring "$@"
	has err 'error[lock-order]'
	has err 'potential: nothing that was recorded'
	has err 'each process opened the files'
	lacks err 'predicted: another order'
}

silent() {
	expect 0 timeout 60 "$CT_BIN" run ./ring "$@"
	has err 'no deadlock, lock-order problem or misuse found'
}

for count in 2 3 5 20; do
	predicted mutex $count
	predicted mutex $count processes
	predicted semaphore $count
	silent mutex $count reversed
	silent semaphore $count reversed
done
predicted semaphore 2 processes
predicted c11 2
predicted sysv 2
predicted sysv 3 processes
uncertain flock 2
uncertain fcntl 2 processes
uncertain flock 3 processes
for kind in c11 sysv flock; do
	silent $kind 3 reversed
done
silent mutex 3 processes,reversed
silent fcntl 3 processes,reversed

# somebody joins, or waits for a child, while holding a lock that the other needed before
compile waits <<'C'
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct shared {
	pthread_mutex_t mutex;
	int done;
} *shared;

static void *use(void *unused)
{
	pthread_mutex_lock(&shared->mutex);
	pthread_mutex_unlock(&shared->mutex);
	__atomic_store_n(&shared->done, 1, __ATOMIC_RELEASE);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t attr;
	pthread_t thread;
	pid_t child = 1;

	(void)argv;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &attr);
	if (argc == 1)
		pthread_create(&thread, NULL, use, NULL);
	else
		child = fork();
	if (child == 0) {
		use(NULL);
		_exit(0);
	}
	while (!__atomic_load_n(&shared->done, __ATOMIC_ACQUIRE))
		sched_yield();
	pthread_mutex_lock(&shared->mutex);
	if (argc == 1)
		pthread_join(thread, NULL);
	else
		waitpid(child, NULL, 0);
	pthread_mutex_unlock(&shared->mutex);
	return 0;
}
C
expect 66 timeout 60 "$CT_BIN" run ./waits
has err 'then waits for T2'
has err 'Do not wait for a thread'
expect 66 timeout 60 "$CT_BIN" run ./waits child
has err 'then waits for the end of'

# orders that leave no trace but an end: of a thread that is cancelled, of a child that is killed or
# that nobody reaps; and a FIFO that both sides wait to open
compile ends <<'C'
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct shared {
	pthread_mutex_t a, b;
} *shared;
static const char *kind;
static pthread_t sleeper;
static pid_t child;

static void take(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *sleep_on(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *use(void *unused)
{
	take(&shared->a, &shared->b);
	if (strcmp(kind, "cancel") == 0)
		pthread_cancel(sleeper);
	else if (strcmp(kind, "kill") == 0)
		kill(child, SIGKILL);
	else if (strcmp(kind, "fifo") == 0)
		close(open("fifo", O_WRONLY));
	return unused;
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t attr;
	pthread_t user;

	kind = argc > 1 ? argv[1] : "";
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->a, &attr);
	pthread_mutex_init(&shared->b, &attr);
	mkfifo("fifo", 0600);
	if (strcmp(kind, "ignored") == 0)
		signal(SIGCHLD, SIG_IGN);
	if (strcmp(kind, "cancel") == 0)
		pthread_create(&sleeper, NULL, sleep_on, NULL);
	if ((strcmp(kind, "kill") == 0 || strcmp(kind, "ignored") == 0) && (child = fork()) == 0) {
		if (strcmp(kind, "kill") == 0)
			sleep_on(NULL);
		use(NULL);
		_exit(0);
	}
	if (strcmp(kind, "ignored") != 0)
		pthread_create(&user, NULL, use, NULL);
	if (strcmp(kind, "cancel") == 0)
		pthread_join(sleeper, NULL);
	else if (strcmp(kind, "fifo") == 0)
		close(open("fifo", O_RDONLY));
	else
		waitpid(child, NULL, 0);
	take(&shared->b, &shared->a);
	if (strcmp(kind, "ignored") != 0)
		pthread_join(user, NULL);
	return 0;
}
C
for way in cancel kill ignored fifo; do
	expect 0 timeout 60 "$CT_BIN" run ./ends $way
	lacks err 'predicted: another order'
done
