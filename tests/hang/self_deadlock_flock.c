/* Opens a file twice and locks it through both descriptors: to flock() those are strangers. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "support/hang.h"

int main(int argc, char **argv)
{
	char path[] = "/tmp/ct-hang.XXXXXX";
	int file, again;

	hang_begin(argc, argv);
	file = mkstemp(path);
	again = open(path, O_RDWR);
	unlink(path);
	flock(file, LOCK_EX);
	if (hang_fixed)
		flock(file, LOCK_UN);
	hang_last(0);
	return flock(again, LOCK_EX);
}
