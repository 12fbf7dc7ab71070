# Traps see races of processes that share memory, however they came by it, and none of processes
# that do not.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile count <<'C'
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 4096, PARTS = 4 };

struct score {
	long games, points;
};

static void count(struct score *score, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		score->points++;
		for (volatile int k = 0; k < 30; k++)
			;
	}
}

static void *map(int flags, int fd, off_t offset)
{
	void *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, offset);

	if (memory == MAP_FAILED)
		exit(1);
	return memory;
}

/* The caller and a child, which begin together. */
static int both(struct score *mine, struct score *childs)
{
	int ready[2], go[2];
	char byte = 0;
	pid_t child;

	if (pipe(ready) || pipe(go))
		return 1;
	child = fork();
	if (child == 0) {
		if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(1);
		count(childs, 100000);
		_exit(0);
	}
	if (read(ready[0], &byte, 1) != 1 || write(go[1], &byte, 1) != 1)
		return 1;
	count(mine, 100000);
	return waitpid(child, NULL, 0) == child ? 0 : 1;
}

/* Two other programs, which know a name. */
static int others(char *program)
{
	char name[64];
	pid_t child[2];

	snprintf(name, sizeof(name), "/ct-count-%d", (int)getpid());
	if (ftruncate(shm_open(name, O_CREAT | O_RDWR, 0600), SIZE))
		return 1;
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			execl(program, program, "named", name, NULL);
			_exit(1);
		}
	}
	for (int i = 0; i < 2; i++)
		waitpid(child[i], NULL, 0);
	shm_unlink(name);
	return 0;
}

/* Children that are killed while they count, and only then is it counted here. */
static int killed(struct score *score)
{
	int begun[2];
	char byte = 0;

	if (pipe(begun))
		return 1;
	for (int i = 0; i < 20; i++) {
		pid_t child = fork();

		if (child == 0 && write(begun[1], &byte, 1) == 1)
			for (;;)
				count(score, 1000);
		if (read(begun[0], &byte, 1) != 1)
			return 1;
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		count(score, 100);
	}
	return 0;
}

/* A child that is stopped while it counts, and counts on afterwards. */
static int stopped(struct score *score)
{
	int begun[2], status;
	char byte = 0;

	if (pipe(begun))
		return 1;
	for (int i = 0; i < 10; i++) {
		pid_t child = fork();

		if (child == 0 && write(begun[1], &byte, 1) == 1)
			for (;;)
				count(score, 1000);
		if (read(begun[0], &byte, 1) != 1)
			return 1;
		usleep((useconds_t)i * 300); /* it may be anywhere */
		kill(child, SIGSTOP);
		waitpid(child, &status, WUNTRACED);
		count(score, 5);
		kill(child, SIGCONT);
		usleep(20000); /* in which it would tell of the meeting */
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *way = argv[argc > 1];
	int fd = memfd_create("score", 0), id;
	struct score *a, *b;

	if (ftruncate(fd, PARTS * SIZE))
		return 1;
	if (strcmp(way, "inherited") == 0) {
		a = b = map(MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	} else if (strcmp(way, "twice") == 0) {
		a = map(MAP_SHARED, fd, SIZE);
		b = map(MAP_SHARED, fd, SIZE);
	} else if (strcmp(way, "sysv") == 0) {
		id = shmget(IPC_PRIVATE, SIZE, 0600);
		a = shmat(id, NULL, 0);
		b = shmat(id, NULL, 0);
		shmctl(id, IPC_RMID, NULL);
	} else if (strcmp(way, "others") == 0) {
		return others(argv[0]);
	} else if (strcmp(way, "named") == 0) {
		count(map(MAP_SHARED, shm_open(argv[2], O_RDWR, 0600), 0), 100000);
		return 0;
	} else if (strcmp(way, "copied") == 0) {
		map(MAP_SHARED, fd, 0);
		a = b = map(MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	} else if (strcmp(way, "private") == 0) {
		map(MAP_SHARED, fd, 0);
		a = b = map(MAP_PRIVATE, fd, 0);
	} else if (strcmp(way, "half") == 0) {
		a = map(MAP_SHARED, fd, 0);
		b = map(MAP_PRIVATE, fd, 0);
	} else if (strcmp(way, "parts") == 0) {
		a = map(MAP_SHARED, fd, 0);
		b = map(MAP_SHARED, fd, SIZE);
	} else if (strcmp(way, "replaced") == 0) {
		a = map(MAP_SHARED, fd, 0);
		munmap(a, SIZE);
		a = b = mmap(a, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	} else if (strcmp(way, "stopped") == 0) {
		return stopped(map(MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	} else {
		return killed(map(MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	}
	return both(a, b);
}
C

for way in inherited twice sysv others; do
	rm -rf trace*
	expect 66 timeout 300 "$CT_BIN" run --runs 5 -o trace ./count "$way"
	has err 'error[data-race]: data race on '
	has err 'the same bytes of shared memory'
done
for way in copied private half parts replaced killed stopped; do
	rm -rf trace*
	expect 0 timeout 60 "$CT_BIN" run --fail-on=potential -o trace ./count "$way"
	lacks err data-race
	has err 'data races were looked for'
done
