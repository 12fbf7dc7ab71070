// A std::thread writes a long report into a pipe; main joins it before it reads.
#include <unistd.h>

#include <string>
#include <thread>

#include "support/hang.h"

static int ends[2];
static const std::string report(200000, 'x');

static void write_report()
{
	hang_sleep();
	if (write(ends[1], report.data(), report.size()) < 0)
		_exit(1);
	close(ends[1]);
}

static size_t read_report()
{
	char buffer[4096];
	size_t total = 0;
	ssize_t length;

	while ((length = read(ends[0], buffer, sizeof(buffer))) > 0)
		total += static_cast<size_t>(length);
	return total;
}

int main(int argc, char **argv)
{
	size_t total = 0;

	hang_begin(argc, argv);
	if (pipe(ends) != 0)
		return 1;
	std::thread writer(write_report);
	if (hang_fixed)
		total = read_report();
	hang_last(1);
	writer.join();
	if (!hang_fixed)
		total = read_report();
	return total != report.size();
}
