/* Two threads each set a member once, right after they began.
 * kind: once
 */
#include <thread>

#include "trial.h"

namespace
{
struct Session {
	int owner = -1;
};

void claim(Session *session, int me)
{
	if (session->owner < 0)	     /* RACE */
		session->owner = me; /* RACE */
}
} // namespace

int main()
{
	Session session;
	std::thread first(claim, &session, 1), second(claim, &session, 2);

	first.join();
	second.join();
	return trial_end();
}
