/*
 * Holds more locks at once than the recorder lists, gives all back, and goes on long enough for a
 * new packet: nothing is held there. Then a child under a file size limit of 0 ends normally.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOCKS 200

int main(void)
{
	static pthread_mutex_t locks[LOCKS];
	struct rlimit none = {0, RLIM_INFINITY};
	int status = -1;
	pid_t child;

	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&locks[i], NULL);
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_lock(&locks[i]);
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_unlock(&locks[i]);
	for (int i = 0; i < 5000; i++) {
		pthread_mutex_lock(&locks[0]);
		pthread_mutex_unlock(&locks[0]);
	}
	if (setrlimit(RLIMIT_FSIZE, &none))
		return 1;
	child = fork();
	if (child == 0)
		_exit(5);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
