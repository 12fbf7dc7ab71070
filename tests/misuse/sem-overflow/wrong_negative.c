/*
 * A first value of -1 is a very large one, as sem_init takes it for unsigned: it is refused.
 *
 * expect: sem-overflow - init_it warning
 */
#include <semaphore.h>

static sem_t done;

static int init_it(int value)
{
	return sem_init(&done, 0, (unsigned)value);
}

int main(void)
{
	return init_it(-1) ? 0 : 1;
}
