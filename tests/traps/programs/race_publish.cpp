/* The newest result is published by a plain pointer.
 * kind: hot
 */
#include <thread>
#include <vector>

#include "trial.h"

namespace
{
struct Result {
	int value = 0;
};

struct Board {
	Result *newest = nullptr;
};

constexpr int results = 50000;

void publish(Board *board, std::vector<Result> *made)
{
	for (int i = 0; i < results; i++) {
		Result *result = made->data() + i;

		result->value = i;	/* RACE */
		board->newest = result; /* RACE */
		trial_use(trial_mix(7));
	}
}

void follow(Board *board)
{
	for (int i = 0; i < results; i++) {
		Result *seen = board->newest; /* RACE */

		if (seen)
			trial_use(seen->value); /* RACE */
		trial_use(trial_mix(9));
	}
}
} // namespace

int main()
{
	Board board;
	std::vector<Result> made(results);
	std::thread first(publish, &board, &made), second(follow, &board);

	first.join();
	second.join();
	return trial_end();
}
