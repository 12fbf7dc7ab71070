/* Adjacent bytes and fields of one word, each of another thread. */
#include <string.h>

#include "trial.h"

static struct {
	char bytes[8];
	short shorts[4];
	int ints[2];
} word;
static char text[64];

static void *work(void *number)
{
	int me = trial_number(number);

	for (int i = 0; i < 20000; i++) {
		word.bytes[me]++;
		word.bytes[me + 4]--;
		word.shorts[me]++;
		if (me < 2)
			word.ints[me]++;
		memset(text + 13 * me, me, 13);
		trial_keep();
	}
	trial_check(word.shorts[me] == 20000 && text[13 * me + 12] == me);
	return NULL;
}

int main(void)
{
	trial_run(4, work);
	return trial_end();
}
