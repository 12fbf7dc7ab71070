/* The length is under a lock; the counter in the same bytes is not. */
#include "race.h"

struct packet {
	unsigned short length : 12;
	unsigned short hops : 4;
};

struct packet packet;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void resize(void)
{
	pthread_mutex_lock(&lock);
	packet.length = 1000;
	pthread_mutex_unlock(&lock);
}

static void forward(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	packet.hops++;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

int main(void)
{
	race_run(resize, forward);
	race_use(packet.length + packet.hops);
	return race_end();
}
