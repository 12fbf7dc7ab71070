/* A hash table with chains, whose buckets share 256 locks. */
#include "kernel.h"

enum { BUCKETS = 1 << 16, LOCKS = 256, INSERTS = 700000, KEYS = 150000 };

struct node {
	struct node *next;
	uint64_t key;
	long count;
};

static struct node *buckets[BUCKETS];
static pthread_mutex_t locks[LOCKS];
static struct node *pools[2];

static struct node *find(struct node *node, uint64_t key)
{
	while (node && node->key != key)
		node = node->next;
	return node;
}

static void *insert(void *number)
{
	int me = kernel_number(number);
	uint64_t state = (uint64_t)me + 5;
	struct node *unused = pools[me];

	for (int i = 0; i < INSERTS; i++) {
		uint64_t key = kernel_random(&state) % KEYS;
		unsigned bucket = (unsigned)(key * 2654435761u >> 16) % BUCKETS;
		struct node *node;

		pthread_mutex_lock(&locks[bucket % LOCKS]);
		node = find(buckets[bucket], key);
		if (!node) {
			node = unused++;
			node->key = key;
			node->next = buckets[bucket];
			buckets[bucket] = node;
		}
		node->count++;
		pthread_mutex_unlock(&locks[bucket % LOCKS]);
	}
	return NULL;
}

int main(void)
{
	long total = 0;

	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&locks[i], NULL);
	for (int i = 0; i < 2; i++)
		pools[i] = kernel_alloc(KEYS, sizeof(struct node));
	kernel_run(insert);
	for (int i = 0; i < BUCKETS; i++)
		for (struct node *node = buckets[i]; node; node = node->next)
			total += node->count;
	return kernel_result(total);
}
