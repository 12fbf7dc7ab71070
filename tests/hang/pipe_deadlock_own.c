/* A program keeps notes for itself in a pipe, more than fit into it. */
#include <fcntl.h>
#include <unistd.h>

#include "support/hang.h"

int main(int argc, char **argv)
{
	char note[1024] = "note";
	int ends[2], room;

	hang_begin(argc, argv);
	if (pipe(ends) != 0)
		return 1;
	room = fcntl(ends[1], F_GETPIPE_SZ);
	for (int written = 0; written < 2 * room; written += (int)sizeof(note)) {
		if (written == room)
			hang_last(0);
		if (write(ends[1], note, sizeof(note)) < 0)
			return 1;
		if (hang_fixed && read(ends[0], note, sizeof(note)) < 0)
			return 1;
	}
	return 0;
}
