/* A reference count that is not atomic. */
#include "race.h"

struct object {
	int references;
	int data;
};

struct object object = {.references = 3, .data = 1};

static void put(void)
{
	race_use(object.data);
#ifdef FIXED
	__atomic_fetch_sub(&object.references, 1, __ATOMIC_ACQ_REL);
#else
	object.references--;
#endif
}

int main(void)
{
	race_run(put, put);
	race_use(object.references);
	return race_end();
}
