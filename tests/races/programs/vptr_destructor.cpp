/* An object is destroyed while another thread calls a virtual function of it. */
#include <new>

#include "race.h"

struct task {
	virtual ~task();
	virtual long cost() const;
};

struct long_task : task {
	~long_task() override;
	long cost() const override;
};

/* Keeps what was stored before it, the virtual table too. */
static void use_memory(const void *memory)
{
	__asm__ volatile("" : : "r"(memory) : "memory");
}

__attribute__((noinline)) task::~task()
{
	use_memory(this);
}

__attribute__((noinline)) long_task::~long_task()
{
	use_memory(this);
}

long task::cost() const
{
	return 1;
}

long long_task::cost() const
{
	return 2;
}

/* Its memory stays, so that a late call finds a virtual table. */
alignas(long_task) unsigned char place[sizeof(long_task)];
task *shared = new (place) long_task;
pthread_barrier_t called;

static void call()
{
	race_use(shared->cost());
#ifdef FIXED
	pthread_barrier_wait(&called);
#endif
}

static void destroy()
{
#ifdef FIXED
	pthread_barrier_wait(&called);
#endif
	shared->~task();
}

int main()
{
	pthread_barrier_init(&called, nullptr, 2);
	race_run(call, destroy);
	pthread_barrier_destroy(&called);
	return race_end();
}
