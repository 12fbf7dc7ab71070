/* Nodes are put into a list without a lock: some get lost.
 * kind: hot
 */
#include "trial.h"

struct node {
	struct node *next;
	int value;
};

enum { NODES = 20000 };

static struct node *head;
static struct node *nodes[2];

static void insert(struct node *node)
{
	node->next = head; /* RACE */
	head = node;	   /* RACE */
}

static void *work(void *number)
{
	struct node *own = nodes[trial_number(number)];

	for (int i = 0; i < NODES; i++) {
		own[i].value = i;
		insert(&own[i]);
		trial_keep();
	}
	return NULL;
}

int main(void)
{
	for (int i = 0; i < 2; i++) {
		nodes[i] = calloc(NODES, sizeof(struct node));
		if (!nodes[i])
			abort();
	}
	trial_run(2, work);
	for (int i = 0; i < 2; i++)
		free(nodes[i]);
	return trial_end();
}
