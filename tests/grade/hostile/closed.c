/* Closes the folder and what is in it to everybody. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	if (mkdir("a", 0700) || mkdir("a/b", 0700))
		return 1;
	close(open("a/b/file", O_WRONLY | O_CREAT, 0600));
	return chmod("a/b/file", 0) || chmod("a/b", 0) || chmod("a", 0) || chmod(".", 0);
}
