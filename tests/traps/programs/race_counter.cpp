/* Two threads count in a member of one object, without a lock.
 * kind: hot
 */
#include <thread>

#include "trial.h"

namespace
{
class Meter
{
      public:
	void add(long amount)
	{
		total += amount; /* RACE */
	}

      private:
	long total = 0;
};

void work(Meter *meter)
{
	for (int i = 0; i < 300000; i++) {
		meter->add(i & 3);
		trial_keep();
	}
}
} // namespace

int main()
{
	Meter *meter = new Meter;
	std::thread first(work, meter), second(work, meter);

	first.join();
	second.join();
	delete meter;
	return trial_end();
}
