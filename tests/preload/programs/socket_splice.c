/*
 * Data that moves between descriptors inside the kernel, in one thread. Prints what the trace must
 * have (said.h):   socket_splice FILE
 */
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "said.h"

static void *volatile bad = (void *)8;

/* Of a call between two descriptors that are both tracked. */
static void say_both(long result, unsigned long taken)
{
	said("read", result, taken);
	say("write", result);
}

int main(int argc, char **argv)
{
	int one[2], two[2], pair[2], file;
	struct iovec parts[2] = {{"ab", 2}, {"cde", 3}};
	char text[100];
	off_t offset = 2;
	off64_t offset64 = 1;

	if (argc < 2)
		return 2;
	file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
	need(file >= 0 && write(file, "0123456789", 10) == 10, "file");
	need(pipe(one) == 0 && pipe(two) == 0, "pipe");
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");

	say("write", splice(file, &offset64, one[1], NULL, 4, 0)); /* 1234 */
	say("write", splice(file, &(off64_t){100}, one[1], NULL, 4, 0));
	say_both(tee(one[0], two[1], 100, 0), 0);
	say_both(splice(one[0], NULL, pair[0], NULL, 100, 0), 4);
	say("read", splice(two[0], NULL, file, &(off64_t){10}, 100, 0));
	say_both(splice(one[0], NULL, two[1], NULL, 100, SPLICE_F_NONBLOCK), 0);
	say_both(splice(one[0], NULL, two[1], bad, 100, 0), 0);
	say_both(splice(pair[0], NULL, pair[1], NULL, 100, 0), 0);
	say("read", read(pair[1], text, 100));
	say("write", vmsplice(one[1], parts, 2, 0));
	parts[0] = (struct iovec){text, 2};
	parts[1] = (struct iovec){text + 2, 3};
	say("read", vmsplice(one[0], parts, 2, 0));
	say("write", vmsplice(one[1], bad, 2, 0));
	say("write", sendfile(pair[0], file, &offset, 5));
	say("write", sendfile64(pair[0], file, &offset64, 5));
	say("write", sendfile64(pair[0], file, bad, 5));
	say("read", read(pair[1], text, 100));
	printf("# %.10s %ld %ld\n", text, (long)offset, (long)offset64);
	printf("# %ld\n", (long)pread(file, text, 100, 0));
	/* not descriptors at all, or of files alone: no events */
	printf("# %ld", (long)splice(-1, NULL, -1, NULL, 1, 0));
	printf(" %ld", (long)tee(-1, -1, 1, 0));
	printf(" %ld", (long)sendfile(-1, file, NULL, 1));
	printf(" %ld\n", (long)vmsplice(file, parts, 1, 0));
	return 0;
}
