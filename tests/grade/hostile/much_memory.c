/* Takes 10 GB and uses it; only where that is limited. With an argument: in shared pieces. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rlimit limit;

	(void)argv;
	if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return 99;
	for (int i = 0; i < 2560; i++) {
		void *piece = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE,
				   (argc > 1 ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);

		if (piece == MAP_FAILED)
			_exit(3);
		memset(piece, 1, 4 << 20);
		usleep(1000);
	}
	return 0;
}
