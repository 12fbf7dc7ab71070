/* Two eventfds say whose turn it is. */
#include <sys/eventfd.h>

#include "race_pair.h"

int race_value;
int there, back;

static void first(void)
{
	race_turns(back, there, 1);
}

static void second(void)
{
	race_turns(there, back, 0);
}

/* What is written is a number, and the text of race_send() is none near the limit. */
int main(void)
{
	there = eventfd(0, 0);
	back = eventfd(0, 0);
	if (there < 0 || back < 0)
		return 1;
	race_run(first, second);
	race_use(race_value);
	return race_end();
}
