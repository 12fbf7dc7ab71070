/* A function returns a static buffer, as old library functions do. The twin's caller has one. */
#include "race.h"

__attribute__((noinline)) static char *format(int number, char *buffer)
{
	buffer[0] = (char)('0' + number);
	buffer[1] = 0;
	return buffer;
}

static void show(int number)
{
#ifdef FIXED
	char buffer[2];
#else
	static char buffer[2];
#endif

	race_use(format(number, buffer)[0]);
}

static void one(void)
{
	show(1);
}

static void two(void)
{
	show(2);
}

int main(void)
{
	race_run(one, two);
	return race_end();
}
