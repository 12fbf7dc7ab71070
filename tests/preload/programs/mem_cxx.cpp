// C++'s mutexes know neither init nor destroy: new and delete are their beginning and end. Prints
//   freed ADDRESS
// for each way to delete: plain, sized, aligned, a smart pointer, a container.
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <vector>

// clang declares the sized form on request only.
void operator delete(void *, std::size_t) noexcept;

static const int lives = 10000;

static void use(std::mutex &mutex, const void *block)
{
	mutex.lock();
	mutex.unlock();
	std::printf("freed %" PRIXPTR "\n", (std::uintptr_t)block);
}

struct alignas(64) wide {
	std::mutex mutex;
	char filler[100];
};

struct node {
	virtual ~node() = default;
	std::mutex mutex;
};

static void one_life()
{
	std::mutex *plain = new std::mutex;
	use(*plain, plain);
	delete plain;

	void *memory = ::operator new(96);
	use(*new (memory) std::mutex, memory);
	::operator delete(memory, (std::size_t)96);

	wide *aligned = new wide;
	use(aligned->mutex, aligned);
	delete aligned;

	std::unique_ptr<node> pointer(new node);
	use(pointer->mutex, pointer.get());
	pointer.reset();

	std::vector<std::mutex> some(7);
	use(some[3], some.data());
}

int main()
{
	static char buffer[4096];

	std::setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	for (int i = 0; i < lives; i++)
		one_life();
	return 0;
}
