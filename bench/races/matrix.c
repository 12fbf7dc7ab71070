/* The product of two matrices; each thread makes half of the rows. */
#include "kernel.h"

enum { SIZE = 400 };

static double left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

static void *multiply(void *number)
{
	int first = kernel_number(number) * SIZE / 2;

	for (int row = first; row < first + SIZE / 2; row++)
		for (int column = 0; column < SIZE; column++) {
			double sum = 0;

			for (int k = 0; k < SIZE; k++)
				sum += left[row][k] * right[k][column];
			product[row][column] = sum;
		}
	return NULL;
}

int main(void)
{
	double trace = 0;

	for (int i = 0; i < SIZE; i++)
		for (int k = 0; k < SIZE; k++) {
			left[i][k] = i + k;
			right[i][k] = i - k;
		}
	kernel_run(multiply);
	for (int i = 0; i < SIZE; i++)
		trace += product[i][i] * i;
	return kernel_result((long)trace);
}
