/* Folders in one another, deeper than anybody counts: what is written down there is not seen. */
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH = 1500 };

int main(void)
{
	for (int i = 0; i < DEPTH; i++) {
		if (mkdir("d", 0700) != 0 || chdir("d") != 0)
			return 1;
	}
	return 0;
}
