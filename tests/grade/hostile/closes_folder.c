/* Writes into a folder that cannot be listed. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEGABYTES = 40 };

int main(void)
{
	static char data[1 << 20];
	int fd;

	memset(data, 1, sizeof(data));
	if (mkdir("closed", 0300) != 0)
		return 1;
	for (int i = 0; i < MEGABYTES; i++) {
		char name[] = "closed/a0";

		name[7] = (char)('a' + i % 16);
		name[8] = (char)('0' + i / 16);
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (write(fd, data, sizeof(data)) != (ssize_t)sizeof(data))
			return 2;
		close(fd);
	}
	return 0;
}
