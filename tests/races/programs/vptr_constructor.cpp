/* The constructor of the base publishes the object before that of the derived class has run. */
#include <atomic>
#include <sched.h>

#include "race.h"

struct shape;

std::atomic<shape *> published{nullptr};

struct shape {
	shape();
	virtual ~shape() = default;
	virtual long area() const;
};

struct square : shape {
	square();
	long area() const override;
};

__attribute__((noinline)) shape::shape()
{
#ifndef FIXED
	published.store(this, std::memory_order_release);
#endif
}

__attribute__((noinline)) square::square()
{
	race_use(reinterpret_cast<long>(this));
}

long shape::area() const
{
	return 0;
}

long square::area() const
{
	return 4;
}

static void make()
{
	static square made;

#ifdef FIXED
	published.store(&made, std::memory_order_release);
#else
	race_use(reinterpret_cast<long>(&made));
#endif
}

static void measure()
{
	shape *found;

	while (!(found = published.load(std::memory_order_acquire)))
		sched_yield();
	race_use(found->area());
}

int main()
{
	race_run(make, measure);
	return race_end();
}
