/*
 * Legal: another one takes an item before the consumer is back, and has left one. The wait stands
 * in a loop, of whatever form: while, for with break, a function that asks, a test after the wait,
 * a loop by goto.
 *
 * cc: races
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static sem_t waiting;
static int items;

static void take(void)
{
	items--;
}

static int is_empty(void)
{
	return items == 0;
}

static void wait_while(void)
{
	while (items == 0)
		pthread_cond_wait(&filled, &lock);
	take();
}

static void wait_with_break(void)
{
	for (;;) {
		if (!is_empty())
			break;
		pthread_cond_wait(&filled, &lock);
	}
	take();
}

static void wait_then_test(void)
{
	if (items > 0) {
		take();
		return;
	}
	do
		pthread_cond_wait(&filled, &lock);
	while (items == 0);
	take();
}

static void wait_by_goto(void)
{
again:
	if (is_empty()) {
		pthread_cond_wait(&filled, &lock);
		goto again;
	}
	take();
}

static void wait_in_one_line(void)
{
	/* clang-format off */
	while (items == 0) pthread_cond_wait(&filled, &lock); take();
	/* clang-format on */
}

static void (*const ways[])(void) = {wait_while, wait_with_break, wait_then_test, wait_by_goto,
				     wait_in_one_line};

static void *consume(void *way)
{
	pthread_mutex_lock(&lock);
	sem_post(&waiting);
	(*(void (*const *)(void))way)();
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void bring_two(void)
{
	items += 2;
	pthread_cond_signal(&filled);
}

int main(void)
{
	sem_init(&waiting, 0, 0);
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		pthread_t consumer;

		pthread_create(&consumer, NULL, consume, (void *)&ways[i]);
		sem_wait(&waiting);
		pthread_mutex_lock(&lock);
		bring_two();
		take(); /* the consumer is awake, and needs the mutex */
		pthread_mutex_unlock(&lock);
		pthread_join(consumer, NULL);
	}
	sem_destroy(&waiting);
	return items;
}
