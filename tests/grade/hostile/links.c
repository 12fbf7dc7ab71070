/* Leaves links to what is not its own: argv[1] a file, argv[2] a folder. */
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3)
		return 1;
	if (symlink(argv[1], "file") || symlink(argv[2], "folder") || symlink("/", "root") ||
	    symlink("loop", "loop") || symlink("..", "up") || mkfifo("pipe", 0))
		return 2;
	if (link(argv[1], "hard") == 0) /* not where the kernel is careful */
		return 0;
	return mkdir("kept", 0);
}
