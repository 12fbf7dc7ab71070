/* Parent and two children meet at a process-shared barrier; one child exits without coming. */
#include <pthread.h>
#include <unistd.h>

#include "support/hang.h"

int main(int argc, char **argv)
{
	pthread_barrierattr_t shared;
	pthread_barrier_t *loaded;
	pid_t children[2];

	hang_begin(argc, argv);
	loaded = hang_shared(sizeof(*loaded));
	pthread_barrierattr_init(&shared);
	pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(loaded, &shared, 3);
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] != 0)
			continue;
		if (i == 1 && !hang_fixed)
			_exit(0);
		hang_sleep();
		pthread_barrier_wait(loaded);
		_exit(0);
	}
	if (!hang_fixed)
		hang_reap(children[1]);
	hang_last(1);
	pthread_barrier_wait(loaded);
	return hang_reap(children[0]) != 0 || (hang_fixed && hang_reap(children[1]) != 0);
}
