/* Neighbours of all small sizes, and bit-fields on both sides of a zero width. */
#include "race.h"

struct bits {
	unsigned left : 5;
	unsigned : 0;
	unsigned right : 5;
};

char bytes[16];
short shorts[8];
struct bits bits;
struct {
	char tag;
	int value;
} __attribute__((packed)) pair;

static void even(void)
{
	for (int i = 0; i < 16; i += 2)
		bytes[i]++;
	for (int i = 0; i < 8; i += 2)
		shorts[i]++;
	bits.left++;
	pair.tag++;
}

static void odd(void)
{
	for (int i = 1; i < 16; i += 2)
		bytes[i]++;
	for (int i = 1; i < 8; i += 2)
		shorts[i]++;
	bits.right++;
	pair.value++;
}

int main(void)
{
	race_run(even, odd);
	race_use(bytes[1] + shorts[1] + bits.left + bits.right + pair.value);
	return race_end();
}
