/* New configurations are published by a plain pointer.
 * kind: hot
 */
#include "trial.h"

struct config {
	int size, level;
};

enum { VERSIONS = 50000 };

static struct config *versions;
static struct config *current;

static void publish(int version)
{
	struct config *next = &versions[version];

	next->size = version; /* RACE */
	next->level = 1;      /* RACE */
	current = next;	      /* RACE */
}

static int look(void)
{
	struct config *seen = current; /* RACE */

	return seen ? seen->size + seen->level : 0; /* RACE */
}

static void *work(void *number)
{
	for (int i = 0; i < VERSIONS; i++) {
		if (trial_number(number))
			trial_use(look());
		else
			publish(i);
		trial_use(trial_mix((unsigned)i));
	}
	return NULL;
}

int main(void)
{
	versions = calloc(VERSIONS, sizeof(*versions));
	if (!versions)
		abort();
	trial_run(2, work);
	free(versions);
	return trial_end();
}
