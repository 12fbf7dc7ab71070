/* Frames left by longjmp: what a thread does afterwards is still its own and in order. */
#include <setjmp.h>

#include "race.h"

long counter;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) static void deep(sigjmp_buf *back, int depth)
{
	volatile int own = depth;

	if (depth == 0)
		siglongjmp(*back, 1);
	deep(back, depth - 1);
	race_use(own);
}

static void jump(void)
{
	sigjmp_buf back;

	for (volatile int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		if (!sigsetjmp(back, 0))
			deep(&back, 5);
		counter++;
		pthread_mutex_unlock(&lock);
	}
}

int main(void)
{
	race_run(jump, jump);
	return race_end();
}
