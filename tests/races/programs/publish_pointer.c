/* A pointer is published by a plain store: what it points to may not be seen yet. */
#include <sched.h>
#include <stdlib.h>

#include "race.h"

struct message {
	int length;
};

struct message *published;

static void publish(void)
{
	struct message *message = malloc(sizeof(*message));

	if (!message)
		abort();
	message->length = 5;
#ifdef FIXED
	__atomic_store_n(&published, message, __ATOMIC_RELEASE);
#else
	published = message;
#endif
}

static struct message *look(void)
{
#ifdef FIXED
	return __atomic_load_n(&published, __ATOMIC_ACQUIRE);
#else
	return published;
#endif
}

static void receive(void)
{
	struct message *message;

	while (!(message = look()))
		sched_yield();
	race_use(message->length);
}

int main(void)
{
	race_run(publish, receive);
	free(published);
	return race_end();
}
