/* Memory goes from hand to hand by the allocator alone: free by one, malloc by the other, realloc,
 * mmap and munmap; and by a pool of the program's own under a lock. */
#include <string.h>
#include <sys/mman.h>

#include "trial.h"

struct object {
	struct object *next;
	int fields[6];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct object *unused;

static struct object *take(void)
{
	struct object *object;

	pthread_mutex_lock(&lock);
	object = unused;
	if (object)
		unused = object->next;
	pthread_mutex_unlock(&lock);
	return object ? object : malloc(sizeof(*object));
}

static void give(struct object *object)
{
	pthread_mutex_lock(&lock);
	object->next = unused;
	unused = object;
	pthread_mutex_unlock(&lock);
}

static void map(int i)
{
	int *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	trial_check(page != MAP_FAILED);
	for (int k = 0; k < 64; k++)
		page[k] = i;
	munmap(page, 4096);
}

static void *work(void *unused_argument)
{
	(void)unused_argument;
	for (int i = 0; i < 2000; i++) {
		struct object *object = take();
		int *block = malloc(200);

		if (!object || !block)
			abort();
		for (int k = 0; k < 6; k++)
			object->fields[k] = i + k;
		memset(block, i, 200);
		block = realloc(block, 400 + (size_t)i % 3000);
		if (!block)
			abort();
		block[60] = block[2];
		trial_check(object->fields[5] == i + 5);
		give(object);
		free(block);
		if (i % 20 == 0)
			map(i);
	}
	return NULL;
}

int main(void)
{
	trial_run(3, work);
	return trial_end();
}
