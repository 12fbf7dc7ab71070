/* Accesses of known places, at known sites: each line says what is to be in the trace. The marks
 * are calls of sched_yield(), which end a list. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

static int array[100];
static long sum;
static char bytes[3];
static jmp_buf jump;

/* Noinline, each: so that it is a frame. */
__attribute__((noinline)) static void write_all(void)
{
	for (int i = 0; i < 100; i++)
		array[i] = i;
}

__attribute__((noinline)) static void read_all(void)
{
	for (int i = 0; i < 100; i++)
		*(volatile long *)&sum += array[i];
}

__attribute__((noinline)) static void leave(int depth)
{
	if (depth == 0 && bytes[2] == 0)
		longjmp(jump, 1);
	if (depth > 0)
		leave(depth - 1);
	bytes[2] = 1;
}

__attribute__((noinline)) static void after_jump(void)
{
	bytes[0] = 1;
}

__attribute__((noinline)) static void twice(void)
{
	bytes[1] = 1;
	__asm__ volatile("" ::: "memory");
	bytes[1] = 2;
}

__attribute__((noinline)) static long nest(int depth)
{
	return depth ? nest(depth - 1) + nest(depth - 1) : array[7];
}

static void *thread(void *unused)
{
	after_jump();
	return unused;
}

int main(void)
{
	pthread_t other;

	write_all();
	sched_yield();
	read_all();
	sched_yield();
	if (setjmp(jump) == 0)
		leave(3);
	after_jump();
	sched_yield();
	twice();
	pthread_create(&other, NULL, thread, NULL); /* a new epoch */
	pthread_join(other, NULL);
	twice();
	sched_yield();
	sum = nest(10);
	printf("array %p sum %p bytes %p\n", (void *)array, (void *)&sum, (void *)bytes);
	return 0;
}
