/* A list is walked without the lock under which it grows. */
#include "race.h"

struct node {
	struct node *next;
	int value;
};

struct node last = {.value = 1};
struct node added = {.value = 2};
struct node head = {.next = &last};
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void insert(void)
{
	pthread_mutex_lock(&lock);
	added.next = head.next;
	head.next = &added;
	pthread_mutex_unlock(&lock);
}

static void sum(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	for (struct node *node = head.next; node; node = node->next)
		race_use(node->value);
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

int main(void)
{
	race_run(insert, sum);
	return race_end();
}
