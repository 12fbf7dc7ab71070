/* Arrays that grow by realloc, each under its lock or of one thread only. */
#include <stdlib.h>

#include "race.h"

int *numbers;
size_t count;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int *grow(int *array, size_t size)
{
	array = realloc(array, size * sizeof(*array));
	if (!array)
		abort();
	array[size - 1] = (int)size;
	return array;
}

static void append(void)
{
	int *own = NULL;

	for (size_t i = 0; i < 4 * RACE_ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		numbers = grow(numbers, ++count);
		pthread_mutex_unlock(&lock);
		own = grow(own, i + 1);
	}
	race_use(own[0]);
	free(own);
}

int main(void)
{
	race_run(append, append);
	race_use(numbers[0]);
	free(numbers);
	return race_end();
}
