/* A block is freed while another thread may still read it. */
#include <stdlib.h>

#include "race.h"

struct session {
	long id;
	long user;
	long rest[4];
};

struct session *session;
pthread_barrier_t used;

static void use(void)
{
	race_use(session->user);
#ifdef FIXED
	pthread_barrier_wait(&used);
#endif
}

static void close_session(void)
{
#ifdef FIXED
	pthread_barrier_wait(&used);
#endif
	free(session);
}

int main(void)
{
	pthread_barrier_init(&used, NULL, 2);
	session = calloc(1, sizeof(*session));
	if (!session)
		return 1;
	race_run(use, close_session);
	pthread_barrier_destroy(&used);
	return race_end();
}
