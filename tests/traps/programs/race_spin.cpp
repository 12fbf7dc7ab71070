/* One thread waits for what another says by a plain bool.
 * kind: hot
 */
#include <thread>

#include "trial.h"

namespace
{
struct Mailbox {
	bool full = false;
	int letter = 0;
};

void send(Mailbox *box)
{
	for (int i = 0; i < 300; i++) {
		while (box->full) { /* RACE */
			std::this_thread::yield();
			trial_keep();
		}
		box->letter = i;  /* RACE */
		box->full = true; /* RACE */
		trial_keep();
	}
}

void receive(Mailbox *box)
{
	for (int i = 0; i < 300; i++) {
		while (!box->full) { /* RACE */
			std::this_thread::yield();
			trial_keep();
		}
		trial_use(box->letter); /* RACE */
		box->full = false;	/* RACE */
		trial_keep();
	}
}
} // namespace

int main()
{
	Mailbox box;
	std::thread receiver(receive, &box);

	send(&box);
	receiver.join();
	return trial_end();
}
