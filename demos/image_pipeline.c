/*
 * Teaches: a pipeline. Each stage does one step with each picture; all stages work at once.
 *
 * Pictures are made, smoothed, and their white points counted. Between two stages there is a
 * queue with room for two pictures: a stage that is ahead of the next one waits for room, one that
 * is behind makes the next one wait for a picture. The slowest stage sets the pace of all. The last
 * picture is empty: it ends stage after stage.
 *
 *   image_pipeline [--mode serial|threads|processes] [--work N]       N: pictures
 *
 * Queues lie in shared memory, their semaphores may be shared by processes. Errors: none; `timing`
 * shows which stage waits, and so which one is slow.
 */
#include <semaphore.h>

#include "common/workers.h"

#define SIDE 128
#define ROOM 2
#define STAGES 3

struct image {
	bool last;
	uint8_t points[SIDE][SIDE];
};

struct queue {
	sem_t room, pictures;
	unsigned put, taken; /* written by one side each */
	struct image slots[ROOM];
};

static struct options options = {.mode = THREADS, .work = 250};

static struct shared {
	struct queue queues[STAGES - 1]; /* [n]: from stage n to stage n + 1 */
	long white;
} * shared;

static void put(struct queue *queue, const struct image *image)
{
	sem_wait(&queue->room);
	queue->slots[queue->put++ % ROOM] = *image;
	sem_post(&queue->pictures);
}

static void take(struct queue *queue, struct image *image)
{
	sem_wait(&queue->pictures);
	*image = queue->slots[queue->taken++ % ROOM];
	sem_post(&queue->room);
}

static void make(struct image *image, long number)
{
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++)
			image->points[y][x] = (uint8_t)(x * y + number * 7 + (x ^ y) * 31);
}

/* Of the points around (x, y), 25 of them: their sum, or how many are bright. */
static int sum_around(const struct image *image, int x, int y, bool bright)
{
	int sum = 0;

	for (int dy = -2; dy <= 2; dy++)
		for (int dx = -2; dx <= 2; dx++) {
			int point = image->points[y + dy][x + dx];

			sum += bright ? point >= 128 : point;
		}
	return sum;
}

static void smooth(struct image *image)
{
	struct image old = *image;

	for (int y = 2; y < SIDE - 2; y++)
		for (int x = 2; x < SIDE - 2; x++)
			image->points[y][x] = (uint8_t)(sum_around(&old, x, y, false) / 25);
}

/* A point is white where most points around it are bright. */
static long count_white(const struct image *image)
{
	long white = 0;

	for (int y = 2; y < SIDE - 2; y++)
		for (int x = 2; x < SIDE - 2; x++)
			white += sum_around(image, x, y, true) > 12;
	return white;
}

static void do_step(int stage, struct image *image, long number)
{
	if (stage == 0)
		make(image, number);
	else if (stage == 1)
		smooth(image);
	else
		shared->white += count_white(image);
}

static void run_stage(int stage)
{
	struct image image = {.last = false};
	long number = 0;

	do {
		if (stage > 0)
			take(&shared->queues[stage - 1], &image);
		else
			image.last = number++ == options.work;
		if (!image.last)
			do_step(stage, &image, number);
		if (stage < STAGES - 1)
			put(&shared->queues[stage], &image);
	} while (!image.last);
}

/* Without a pipeline: all steps of a picture, then the next picture. */
static void run_serial(void)
{
	struct image image = {.last = false};

	for (long number = 1; number <= options.work; number++)
		for (int stage = 0; stage < STAGES; stage++)
			do_step(stage, &image, number);
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"made", "smooth"};
	static const char *const rooms[] = {"room for made", "room for smooth"};

	read_options(argc, argv, "mn", &options);
	shared = shared_memory(sizeof(*shared));
	for (int i = 0; i < STAGES - 1; i++) {
		sem_init(&shared->queues[i].room, 1, ROOM);
		sem_init(&shared->queues[i].pictures, 1, 0);
		CONCTRACE_NAME(&shared->queues[i].pictures, names[i]);
		CONCTRACE_NAME(&shared->queues[i].room, rooms[i]);
	}
	if (options.mode == SERIAL)
		run_serial();
	else
		run_workers(options.mode, STAGES, run_stage);
	printf("%ld pictures, %ld white points\n", options.work, shared->white);
	return shared->white > 0 ? 0 : 1;
}
