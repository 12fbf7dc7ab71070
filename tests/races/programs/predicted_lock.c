/*
 * The value is written before a section of a lock that has nothing to do with it, and read after
 * another thread's. In the recorded run the writer comes first, so that the hand-over of the lock
 * orders the accesses by chance, and whoever asks for happens-before sees no race. The pause makes
 * that order likely without ordering anything: it is what is tested, and were the order another
 * one, the race would be plain.
 */
#include "race.h"

int value;
long lines[2];
pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t value_lock = PTHREAD_MUTEX_INITIALIZER;

static void print_log(int who)
{
	pthread_mutex_lock(&log_lock);
	lines[who]++; /* a common one would be read, which orders */
	pthread_mutex_unlock(&log_lock);
}

static void write_value(void)
{
#ifdef FIXED
	pthread_mutex_lock(&value_lock);
#endif
	value = 1;
#ifdef FIXED
	pthread_mutex_unlock(&value_lock);
#endif
	print_log(0);
}

static void read_value(void)
{
	race_pause();
	print_log(1);
#ifdef FIXED
	pthread_mutex_lock(&value_lock);
#endif
	race_use(value);
#ifdef FIXED
	pthread_mutex_unlock(&value_lock);
#endif
}

int main(void)
{
	race_run(write_value, read_value);
	return race_end();
}
