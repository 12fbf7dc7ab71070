/* Two threads count, each after it made a pipe and a pair of sockets of its own: which the other
 * knows nothing of. */
#include <sys/socket.h>
#include <unistd.h>

#include "race.h"

long counter;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void count(void)
{
	int ends[2];

	if (pipe(ends) || close(ends[0]) || close(ends[1]))
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return;
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	counter++;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	race_run(count, count);
	race_use(counter);
	return race_end();
}
