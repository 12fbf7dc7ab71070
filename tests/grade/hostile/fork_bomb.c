/* Processes without end; only where they are limited. */
#include <sys/resource.h>
#include <unistd.h>

int main(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur > 3000 || getuid() == 0)
		return 99;
	for (;;)
		fork();
}
