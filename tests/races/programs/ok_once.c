/* pthread_once and C11's call_once. */
#include <threads.h>

#include "race.h"

pthread_once_t once = PTHREAD_ONCE_INIT;
once_flag flag = ONCE_FLAG_INIT;
int first, second;

static void make_first(void)
{
	first = 1;
}

static void make_second(void)
{
	second = 2;
}

static void use(void)
{
	pthread_once(&once, make_first);
	call_once(&flag, make_second);
	race_use(first + second);
}

int main(void)
{
	race_run(use, use);
	return race_end();
}
