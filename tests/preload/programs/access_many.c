/* One million loads of different places, by one instruction, in no order that could be foreseen. */
#include <stdio.h>

unsigned char memory[1 << 16];

int main(void)
{
	unsigned at = 1, sum = 0;

	for (int i = 0; i < 1000000; i++) {
		at = at * 1103515245u + 12345u;
		sum += memory[at >> 16];
	}
	printf("%u\n", sum);
	return 0;
}
