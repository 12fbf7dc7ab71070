/* Two threads push on one list: a node may get lost. */
#include "race.h"

struct node {
	struct node *next;
};

struct node *head;
struct node nodes[2 * RACE_ROUNDS];
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void push(struct node *node)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	node->next = head;
	head = node;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

static void first(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		push(&nodes[i]);
}

static void second(void)
{
	for (int i = RACE_ROUNDS; i < 2 * RACE_ROUNDS; i++)
		push(&nodes[i]);
}

int main(void)
{
	race_run(first, second);
	race_use(head == NULL);
	return race_end();
}
