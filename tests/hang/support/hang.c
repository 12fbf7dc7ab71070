#include "hang.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../preload/programs/asleep.h"

enum { STEPS = 8, SLEEPERS = 512, LOOPS = 60000 };

static struct order {
	int steps[STEPS];
	int sleeping;
	pid_t sleepers[SLEEPERS];
} * order;

static const char *mark_path;
bool hang_fixed;
const char *hang_variant = "";

static void pause_a_little(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
}

static void give_up(const char *why)
{
	fprintf(stderr, "hang: %s\n", why);
	_exit(98);
}

void *hang_shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		give_up("no shared memory");
	return memory;
}

void hang_begin(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--fixed") == 0)
			hang_fixed = true;
		else if (strcmp(argv[i], "--mark") == 0 && i + 1 < argc)
			mark_path = argv[++i];
		else
			hang_variant = argv[i];
	}
	order = hang_shared(sizeof(*order));
}

void hang_step(int step)
{
	__atomic_add_fetch(&order->steps[step], 1, __ATOMIC_SEQ_CST);
}

/* Polls, as that needs no lock, pipe or semaphore that would take part in the hang. */
static void await_count(const int *counter, int count)
{
	for (int i = 0; i < LOOPS; i++) {
		if (__atomic_load_n(counter, __ATOMIC_SEQ_CST) >= count)
			return;
		pause_a_little();
	}
	give_up("a step was never done");
}

void hang_await(int step, int count)
{
	if (!hang_fixed)
		await_count(&order->steps[step], count);
}

void hang_sleep(void)
{
	int slot;

	if (hang_fixed)
		return;
	slot = __atomic_fetch_add(&order->sleeping, 1, __ATOMIC_SEQ_CST);
	if (slot >= SLEEPERS)
		give_up("too many sleepers");
	__atomic_store_n(&order->sleepers[slot], gettid(), __ATOMIC_SEQ_CST);
}

void hang_last(int count)
{
	if (hang_fixed)
		return;
	await_count(&order->sleeping, count);
	for (int i = 0; i < count; i++)
		asleep_wait_for(&order->sleepers[i]);
	hang_mark();
}

static void note(const char *text)
{
	int fd = mark_path ? open(mark_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		give_up("the mark cannot be written");
	close(fd);
}

void hang_mark(void)
{
	struct timespec now;
	char text[64];

	if (hang_fixed)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "hang %lld.%09ld\n", (long long)now.tv_sec, now.tv_nsec);
	note(text);
}

void hang_litter(const char *what, int id)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %d\n", what, id);
	note(text);
}

int hang_reap(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
