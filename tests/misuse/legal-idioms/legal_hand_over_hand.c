/*
 * Threads walk a list hand over hand: the next node's lock is taken before this one's is given
 * back, in another function.
 */
#include <pthread.h>

#define NODES 5

struct node {
	pthread_mutex_t mutex;
	struct node *next;
	int visits;
};

static struct node nodes[NODES];

static struct node *enter(struct node *node)
{
	pthread_mutex_lock(&node->mutex);
	return node;
}

static void leave(struct node *node)
{
	pthread_mutex_unlock(&node->mutex);
}

static struct node *step(struct node *node)
{
	struct node *next = node->next ? enter(node->next) : NULL;

	node->visits++;
	leave(node);
	return next;
}

static void *walk(void *unused)
{
	for (int i = 0; i < 20; i++)
		for (struct node *node = enter(&nodes[0]); node;)
			node = step(node);
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < NODES; i++) {
		pthread_mutex_init(&nodes[i].mutex, NULL);
		nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : NULL;
	}
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, walk, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < NODES; i++)
		pthread_mutex_destroy(&nodes[i].mutex);
	return nodes[NODES - 1].visits == 40 ? 0 : 1;
}
