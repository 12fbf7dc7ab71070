/* Each object has a lock of its own, but what they share has none.
 * kind: hot
 */
#include <mutex>
#include <thread>

#include "trial.h"

namespace
{
struct Totals {
	long sum = 0;
};

class Player
{
      public:
	explicit Player(Totals *shared) : totals(shared)
	{
	}
	void score(long points)
	{
		std::lock_guard<std::mutex> guard(own);
		totals->sum += points; /* RACE */
	}

      private:
	std::mutex own;
	Totals *totals;
};

void play(Player *player)
{
	for (int i = 0; i < 50000; i++)
		player->score(i);
}
} // namespace

int main()
{
	Totals totals;
	Player one(&totals), other(&totals);
	std::thread first(play, &one), second(play, &other);

	first.join();
	second.join();
	return trial_end();
}
