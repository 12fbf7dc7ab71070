/* C++ exceptions, which look into the loader's lists, while libraries come and go. */
#include <atomic>
#include <cstdio>
#include <dlfcn.h>
#include <mutex>
#include <stdexcept>
#include <thread>

static std::atomic<bool> over;
static std::mutex m;

static int thrown(int depth)
{
	std::lock_guard<std::mutex> lock(m);

	if (depth == 0)
		throw std::runtime_error("thrown");
	return depth;
}

static long throw_and_catch()
{
	long caught = 0;

	do {
		try {
			thrown(0);
		} catch (const std::runtime_error &) {
			caught++;
		}
	} while (!over.load());
	return caught;
}

int main(int argc, char **argv)
{
	long caught[2] = {0, 0};
	std::thread one([&] { caught[0] = throw_and_catch(); });
	std::thread two([&] { caught[1] = throw_and_catch(); });
	int rounds = 0;

	for (; argc > 1 && rounds < 1000; rounds++) {
		void *library = dlopen(argv[1], RTLD_NOW);
		int (*inner)(void);

		if (!library)
			break;
		*reinterpret_cast<void **>(&inner) = dlsym(library, "inner");
		if (inner() != 42 || dlclose(library))
			break;
	}
	over = true;
	one.join();
	two.join();
	std::printf("%d rounds, caught %s\n", rounds, caught[0] && caught[1] ? "some" : "none");
}
