/* Merge sort; each thread sorts half of the numbers, and the main thread merges the halves. */
#include <string.h>

#include "kernel.h"

enum { COUNT = 1 << 21 };

static int *numbers, *scratch;

static void merge(int *array, int *space, int middle, int count)
{
	int a = 0, b = middle, out = 0;

	while (a < middle && b < count)
		space[out++] = array[a] <= array[b] ? array[a++] : array[b++];
	while (a < middle)
		space[out++] = array[a++];
	while (b < count)
		space[out++] = array[b++];
	memcpy(array, space, (size_t)count * sizeof(*array));
}

static void sort(int *array, int *space, int count)
{
	int middle = count / 2;

	if (count < 2)
		return;
	sort(array, space, middle);
	sort(array + middle, space + middle, count - middle);
	merge(array, space, middle, count);
}

static void *sort_half(void *number)
{
	int first = kernel_number(number) * (COUNT / 2);

	sort(numbers + first, scratch + first, COUNT / 2);
	return NULL;
}

int main(void)
{
	uint64_t state = 1;

	numbers = kernel_alloc(COUNT, sizeof(*numbers));
	scratch = kernel_alloc(COUNT, sizeof(*scratch));
	for (int i = 0; i < COUNT; i++)
		numbers[i] = (int)kernel_random(&state);
	kernel_run(sort_half);
	merge(numbers, scratch, COUNT / 2, COUNT);
	return kernel_result((long)numbers[0] + numbers[COUNT / 2]);
}
