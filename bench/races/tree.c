/* A search tree that is read only: look-ups at random, and walks through all of it. */
#include "kernel.h"

enum { NODES = 200000, LOOKUPS = 500000, WALKS = 6 };

struct node {
	struct node *left, *right;
	long key;
};

static struct node *root;
static long sums[2];

static struct node *build(struct node **unused, long low, long high)
{
	struct node *node;

	if (low >= high)
		return NULL;
	node = (*unused)++;
	node->key = (low + high) / 2;
	node->left = build(unused, low, node->key);
	node->right = build(unused, node->key + 1, high);
	return node;
}

static long walk(const struct node *node)
{
	return node ? node->key + walk(node->left) + walk(node->right) : 0;
}

static long look_up(long key)
{
	const struct node *node = root;

	while (node && node->key != key)
		node = key < node->key ? node->left : node->right;
	return node ? node->key : 0;
}

static void *search(void *number)
{
	int me = kernel_number(number);
	uint64_t state = (uint64_t)me + 3;
	long sum = 0;

	for (int i = 0; i < LOOKUPS; i++)
		sum += look_up((long)(kernel_random(&state) % NODES));
	for (int i = 0; i < WALKS; i++)
		sum += walk(root);
	sums[me] = sum;
	return NULL;
}

int main(void)
{
	struct node *nodes = kernel_alloc(NODES, sizeof(*nodes));

	root = build(&nodes, 0, NODES);
	kernel_run(search);
	return kernel_result(sums[0] + sums[1]);
}
