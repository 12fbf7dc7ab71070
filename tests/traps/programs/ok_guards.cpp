/* Static objects of functions, which the compiler guards, with and without a constructor that
 * throws. */
#include <string>
#include <thread>
#include <vector>

#include "trial.h"

namespace
{
template <int number> const std::vector<int> &table()
{
	static const std::vector<int> values(64, number);

	return values;
}

const std::string &name()
{
	static const std::string text = "a text that is too long for the short form";

	return text;
}

int tries()
{
	static int count = static_cast<int>(name().size() % 7) + 5;

	return count;
}

void work()
{
	for (int i = 0; i < 2000; i++) {
		trial_check(table<1>()[i % 64] == 1 && table<2>()[i % 64] == 2);
		trial_check(table<3>()[i % 64] == 3 && name().size() > 40 && tries() >= 5);
	}
}
} // namespace

int main()
{
	std::vector<std::thread> threads;

	for (int i = 0; i < 4; i++)
		threads.emplace_back(work);
	for (std::thread &thread : threads)
		thread.join();
	return trial_end();
}
