/* Prints a gigabyte. */
#include <string.h>
#include <unistd.h>

int main(void)
{
	static char data[1 << 20];

	memset(data, 'x', sizeof(data));
	for (int i = 0; i < 1024; i++) {
		if (write(1, data, sizeof(data)) < 0)
			return 1;
	}
	return 0;
}
