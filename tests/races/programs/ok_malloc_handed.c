/* One thread allocates and fills what another one reads and frees, by a locked list. */
#include <sched.h>
#include <stdlib.h>

#include "race.h"

struct node {
	struct node *next;
	int value;
};

struct node *list;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fill(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		struct node *node = malloc(sizeof(*node));

		if (!node)
			abort();
		node->value = i;
		pthread_mutex_lock(&lock);
		node->next = list;
		list = node;
		pthread_mutex_unlock(&lock);
	}
}

static struct node *take(void)
{
	struct node *node;

	pthread_mutex_lock(&lock);
	node = list;
	if (node)
		list = node->next;
	pthread_mutex_unlock(&lock);
	return node;
}

static void drain(void)
{
	for (int left = RACE_ROUNDS; left > 0;) {
		struct node *node = take();

		if (!node) {
			sched_yield();
			continue;
		}
		race_use(node->value);
		free(node);
		left--;
	}
}

int main(void)
{
	race_run(fill, drain);
	return race_end();
}
