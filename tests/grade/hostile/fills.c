/* Fills the folder with files. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	static char data[1 << 20];

	memset(data, 1, sizeof(data));
	for (int i = 0; i < 1000; i++) {
		char name[32];
		int fd;

		snprintf(name, sizeof(name), "file%d", i);
		fd = open(name, O_WRONLY | O_CREAT, 0600);
		if (write(fd, data, sizeof(data)) != (ssize_t)sizeof(data))
			return 1;
		close(fd);
		usleep(2000);
	}
	return 0;
}
