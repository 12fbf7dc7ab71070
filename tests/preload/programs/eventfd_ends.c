/*
 * Descriptors that a forked child and another program image have inherited. Prints what the trace
 * must have:   eventfd_ends EVENT argument     of one eventfd, whoever did it
 */
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "said.h"

static int add(int fd, uint64_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : 1;
}

static void exec_self(const char *self, int fd, int timer)
{
	char number[20], timer_number[20];

	snprintf(number, sizeof(number), "%d", fd);
	snprintf(timer_number, sizeof(timer_number), "%d", timer);
	execl(self, self, number, timer_number, (char *)NULL);
	_exit(127);
}

static void wait_for_child(void)
{
	int status;

	need(wait(&status) > 0 && status == 0, "child");
}

int main(int argc, char **argv)
{
	int other, fd, timer;
	struct itimerspec soon = {.it_value = {0, 1}};
	uint64_t value;

	if (argc > 2) { /* inherited */
		need(read(atoi(argv[2]), &value, sizeof(value)) == sizeof(value), "timer");
		return add(atoi(argv[1]), 6);
	}
	other = eventfd(0, 0);
	fd = eventfd(0, 0);
	timer = timerfd_create(CLOCK_MONOTONIC, 0);
	need(timerfd_settime(timer, 0, &soon, NULL) == 0, "timerfd_settime");
	if (fork() == 0)
		_exit(add(fd, 5));
	wait_for_child();
	if (fork() == 0)
		exec_self(argv[0], fd, timer);
	wait_for_child();
	need(add(other, 100) == 0, "another one");
	need(read(fd, &value, sizeof(value)) == sizeof(value), "read");
	printf("eventfd 0\neventfd_write 5\neventfd_write 6\neventfd_read %lu\n",
	       (unsigned long)value);
	return 0;
}
