// Exceptions that leave an initialisation, also one within another, and what comes after. Prints
// what was caught, destroyed and done.
#include <cstdio>
#include <mutex>
#include <pthread.h>

static std::once_flag outer, inner;
static pthread_once_t posix = PTHREAD_ONCE_INIT;
static int attempts, destroyed, made;

struct noted {
	~noted()
	{
		destroyed++;
	}
};

static void make_inner()
{
	noted here;

	if (++attempts % 2)
		throw attempts;
	made++;
}

static void make_outer()
{
	noted here;

	std::call_once(inner, make_inner);
	if (++attempts < 5)
		throw 'x';
	made++;
}

static void make_posix()
{
	noted here;

	if (++attempts < 8)
		throw 1.5;
	made++;
}

static void attempt()
{
	try {
		std::call_once(outer, make_outer);
		pthread_once(&posix, make_posix);
		printf("done");
	} catch (int number) {
		printf("threw %d", number);
	} catch (char character) {
		printf("threw %c", character);
	} catch (double) {
		printf("threw a double");
	}
	printf(": %d attempts, %d made, %d destroyed\n", attempts, made, destroyed);
}

static void *exits(void *)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	noted here;

	pthread_once(&once, [] {
		noted inside;
		pthread_exit(&attempts);
	});
	return nullptr;
}

int main()
{
	pthread_t thread;
	void *value;

	for (int i = 0; i < 8; i++)
		attempt();
	pthread_create(&thread, nullptr, exits, nullptr);
	pthread_join(thread, &value);
	printf("%s, %d destroyed\n", value == &attempts ? "exited" : "returned", destroyed);
	return 0;
}
