/* A character of a string is changed while another thread reads it. */
#include <mutex>
#include <string>

#include "race.h"

std::string text = "a text that is longer than what a string keeps in itself";
std::mutex lock;

static void capitalize()
{
	std::lock_guard<std::mutex> guard(lock);
	text[0] = 'A';
}

static void look()
{
#ifdef FIXED
	std::lock_guard<std::mutex> guard(lock);
#endif
	race_use(text[0]);
}

int main()
{
	race_run(capitalize, look);
	return race_end();
}
