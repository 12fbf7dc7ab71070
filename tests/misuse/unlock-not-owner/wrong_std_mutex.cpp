/*
 * A std::mutex is locked by one thread and unlocked by another, as if it were a semaphore. The
 * calls stand in headers of the library: it takes whole stacks to show the program's lines.
 *
 * expect: unlock-not-owner M1 write_line hand_over error
 */
#include <mutex>
#include <thread>

struct logger {
	std::mutex mutex;
	int lines = 0;
};

static void write_line(logger *log)
{
	log->lines++;
	log->mutex.unlock();
}

static void hand_over(logger *log)
{
	log->mutex.lock();
	std::thread writer(write_line, log);
	writer.join();
}

int main()
{
	logger *log = new logger;

	hand_over(log);
	delete log;
}
