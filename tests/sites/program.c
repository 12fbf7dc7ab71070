/* What compilers make of the common ways to access memory; test_sites.sh compiles it in several
 * ways and compares what is found in it with objdump. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
	struct node *next;
	short small;
	char bytes[13];
	unsigned bits : 5;
	double number;
	long double wide;
};

static int counter;
static atomic_int atomic_counter;
static _Thread_local int own;
static long table[64];
static const int constants[] = {3, 1, 4, 1, 5};
static struct node *list;
static float vectors[4][256];

static void count(int by)
{
	counter += by;
	counter++;
	own += by;
	atomic_fetch_add(&atomic_counter, by);
	atomic_store(&atomic_counter, atomic_load(&atomic_counter) + constants[by % 5]);
}

static void insert(short small)
{
	struct node *node = calloc(1, sizeof(*node));

	if (!node)
		abort();
	node->small = small;
	node->bits = (unsigned)small & 31;
	node->number = small / 3.0;
	node->wide = small / 7.0L;
	memset(node->bytes, small, sizeof(node->bytes));
	node->next = list;
	list = node;
}

static double sum(void)
{
	double result = 0;

	for (const struct node *node = list; node; node = node->next)
		result += node->number + node->small + node->bytes[2] + node->bits +
			  (double)node->wide;
	return result;
}

static void compute(void)
{
	for (int i = 0; i < 256; i++)
		vectors[2][i] = vectors[0][i] * 2 + vectors[1][i];
	for (int i = 0; i < 63; i++)
		table[i + 1] ^= (table[i] << 3) + i;
	memcpy(vectors[3], vectors[2], sizeof(vectors[3]));
}

/* By labels, whose addresses are in the code. */
static int interpret(const char *code)
{
	static const void *const labels[] = {&&add, &&twice, &&end};
	int value = 1;

#define NEXT goto *labels[*code++ - 'a']
	NEXT;
add:
	value += table[3] != 0;
	NEXT;
twice:
	value *= 2;
	NEXT;
end:
	return value;
}

static int choose(int which)
{
	switch (which) {
	case 0:
		return counter;
	case 1:
		return (int)table[2];
	case 2:
		return list ? list->small : 0;
	case 3:
		return own;
	case 4:
		return interpret("abbac");
	case 5:
		return (int)vectors[2][7];
	default:
		return -1;
	}
}

int main(int argc, char **argv)
{
	for (int i = 0; i < 10 + argc; i++) {
		count(i);
		insert((short)i);
	}
	compute();
	printf("%f %d %s\n", sum(), choose(argc), argv[0]);
	return 0;
}
