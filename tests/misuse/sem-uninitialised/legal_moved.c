/*
 * A semaphore that is moved with the struct it is a part of, by realloc and by assignment. POSIX
 * promises nothing for a copy; but it was initialised, and the rule is not about copies.
 */
#include <semaphore.h>
#include <stdlib.h>

struct stage {
	sem_t ready;
	int number;
};

static struct stage last;

static struct stage make_stage(int number)
{
	struct stage stage = {.number = number};

	sem_init(&stage.ready, 0, 1);
	return stage;
}

int main(void)
{
	struct stage *stages = malloc(sizeof(*stages)), *moved;

	stages[0] = make_stage(0);
	sem_wait(&stages[0].ready);
	sem_post(&stages[0].ready);
	moved = realloc(stages, 1000 * sizeof(*stages));
	sem_wait(&moved[0].ready);
	last = make_stage(1);
	sem_wait(&last.ready);
	free(moved);
	return 0;
}
