/* The program runs itself by system(): what the two share is ordered by the call. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "race.h"

int main(int count, char **arguments)
{
	char path[] = "/tmp/ct_system_XXXXXX", self[4000], command[4200];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int fd = count > 2 ? open(arguments[2], O_RDWR) : mkstemp(path);
	int *shared;

	if (fd < 0 || length < 0 || ftruncate(fd, 4096))
		return 1;
	self[length] = '\0';
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED)
		return 1;
	if (count > 2) {
		*shared += 1;
		return 0;
	}
	*shared = 1;
	snprintf(command, sizeof(command), "'%s' - '%s'", self, path);
	if (system(command))
		return 1;
	unlink(path);
	if (*shared != 2)
		return 1;
	*shared = 3;
	return race_end();
}
