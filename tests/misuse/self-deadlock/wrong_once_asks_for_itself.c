/*
 * An initialisation calls a function that begins by asking for the same initialisation.
 *
 * expect: self-deadlock settings get_setting error
 */
#include <pthread.h>

static pthread_once_t settings = PTHREAD_ONCE_INIT;
static int values[2];

static int get_setting(int which);

static void read_settings(void)
{
	values[0] = 1;
	values[1] = get_setting(0) + 1;
}

static int get_setting(int which)
{
	pthread_once(&settings, read_settings);
	return values[which];
}

int main(void)
{
	return get_setting(1) != 2;
}
