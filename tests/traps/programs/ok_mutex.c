/* A counter, and a list on the heap, under one mutex. */
#include "trial.h"

struct node {
	struct node *next;
	int value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct node *head;
static long counter;

static void *work(void *unused)
{
	(void)unused;
	for (int i = 0; i < 3000; i++) {
		struct node *node = malloc(sizeof(*node)), *taken;

		if (!node)
			abort();
		node->value = i;
		pthread_mutex_lock(&lock);
		node->next = head;
		head = node;
		counter++;
		pthread_mutex_unlock(&lock);
		trial_use(trial_mix((unsigned)i));
		pthread_mutex_lock(&lock);
		taken = head;
		head = taken->next;
		counter -= taken->value >= 0;
		pthread_mutex_unlock(&lock);
		free(taken);
	}
	return NULL;
}

int main(void)
{
	trial_run(3, work);
	trial_check(counter == 0 && !head);
	return trial_end();
}
