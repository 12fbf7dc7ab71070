/*
 * Legal: an initialisation throws, so that it has not taken place; the next who asks runs it again.
 * Also asked for in a handler of that exception, by the same thread.
 */
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>

static std::once_flag once;
static int tries;

static void initialise()
{
	if (++tries < 3)
		throw std::runtime_error("not yet");
}

static void ask()
{
	try {
		std::call_once(once, initialise);
	} catch (const std::runtime_error &) {
		try {
			std::call_once(once, initialise);
		} catch (const std::runtime_error &) {
		}
	}
}

int main()
{
	std::thread thread(ask);

	thread.join();
	ask();
	ask();
	return tries == 3 ? 0 : EXIT_FAILURE;
}
