/* model: waits for locks on files, by what the kernel says of who holds them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/kernel_view.h"
#include "model/waitfor.h"

#define FILE_KEY CT_KERNEL_KEY(CT_KERNEL_FILE, 9)
enum { MUTEX = 64, WAIT_TIME = 20 };

/*
 * Thread 1 of process 1 waits for a lock on a file since WAIT_TIME, and holds a mutex in memory of
 * its own; thread 2 waits for that. Process 2 has one thread, which waits for the file as well.
 */
struct scene {
	struct fake_trace *fake;
	struct ct_kernel_view view;
	struct ct_kernel_wait waits[2];
	struct ct_kernel_lock locks[2];
	struct ct_kernel_holder holders[3];
};

static void ask(struct fake_trace *fake, size_t thread, uint32_t fd)
{
	struct ct_payload_file_lock lock = {.object = FILE_KEY,
					    .length = 10,
					    .fd = fd,
					    .mode = CT_FILE_EXCLUSIVE,
					    .owner = CT_OWNER_FLOCK};

	fake_payload(fake, thread, WAIT_TIME, CT_EV_FLOCK, &lock, sizeof(lock));
	fake->streams[thread].records[fake->streams[thread].count - 1].record.flags = CT_F_REQUEST;
}

static void begin(struct scene *scene)
{
	struct fake_trace *fake = fake_new();

	*scene = (struct scene){.fake = fake};
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_process(fake, 2, 1, 1, 1, "./child");
	fake_thread(fake, 2, 1);
	fake_event(fake, 0, 5, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	ask(fake, 0, 3);
	fake_event(fake, 1, 21, CT_EV_MUTEX_LOCK, CT_F_REQUEST, MUTEX, 0);
	ask(fake, 2, 5);
	for (uint32_t i = 0; i < 2; i++) {
		struct ct_kernel_lock lock = {.inode = 7,
					      .last = UINT64_MAX,
					      .mode = CT_FILE_EXCLUSIVE,
					      .owner = CT_OWNER_FLOCK,
					      .taker = (int32_t)i};

		scene->locks[i] = lock;
		scene->waits[i] = (struct ct_kernel_wait){.process = i + 1,
							  .thread = 1,
							  .pid = 100 + i,
							  .fd = i ? 5 : 3,
							  .since = WAIT_TIME,
							  .wanted = lock};
	}
	scene->view = (struct ct_kernel_view){.waits = scene->waits,
					      .wait_count = 2,
					      .locks = scene->locks,
					      .lock_count = 1,
					      .holders = scene->holders};
}

static void hold(struct scene *scene, size_t lock, uint32_t pid, uint32_t fd, uint32_t process)
{
	scene->holders[scene->view.holder_count++] =
		(struct ct_kernel_holder){.lock = lock, .pid = pid, .fd = fd, .process = process};
}

/* How many threads are stuck for good; the scene is over then. */
static size_t stuck(struct scene *scene, size_t *out_cycle)
{
	struct ct_model *model = fake_model(scene->fake);
	struct ct_waitfor *waitfor;
	struct ct_error error;
	size_t count;

	model->kernel_view = &scene->view;
	assert_int_equal(ct_model_run(model, NULL, 0, &error), CT_OK);
	assert_int_equal(ct_waitfor_new(model, &waitfor), CT_OK);
	assert_int_equal(ct_waitfor_stuck(waitfor), CT_OK);
	count = waitfor->stuck_count;
	if (out_cycle)
		*out_cycle = waitfor->cycle_count ? waitfor->cycles[0].length : 0;
	ct_waitfor_free(waitfor);
	fake_free(scene->fake);
	return count;
}

static void nobody_is_known_to_hold(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	assert_int_equal(stuck(&scene, NULL), 0);
	begin(&scene);
	scene.view = (struct ct_kernel_view){0};
	assert_int_equal(stuck(&scene, NULL), 0);
}

static void process_waits_for_itself(void **state)
{
	struct scene scene;
	size_t cycle;

	(void)state;
	begin(&scene);
	hold(&scene, 0, 100, 4, 1);
	assert_int_equal(stuck(&scene, &cycle), 3); /* process 2 behind it */
	assert_int_equal(cycle, 1);
	begin(&scene);
	hold(&scene, 0, 100, 3, 1); /* it would change this one */
	assert_int_equal(stuck(&scene, NULL), 0);
	begin(&scene);
	hold(&scene, 0, 100, 4, 1);
	scene.view.hidden = true;
	assert_int_equal(stuck(&scene, NULL), 0);
	begin(&scene);
	hold(&scene, 0, 100, 4, 1);
	scene.waits[0].since = 19; /* the kernel spoke of another wait */
	assert_int_equal(stuck(&scene, NULL), 0);
}

static void all_who_have_it_must_stay(void **state)
{
	struct scene scene;
	size_t cycle;

	(void)state;
	begin(&scene);
	hold(&scene, 0, 100, 4, 1);
	hold(&scene, 0, 300, 4, 0); /* not recorded */
	assert_int_equal(stuck(&scene, NULL), 0);
	begin(&scene);
	hold(&scene, 0, 101, 4, 2);
	hold(&scene, 0, 100, 4, 1);
	hold(&scene, 0, 100, 6, 1);
	assert_int_equal(stuck(&scene, &cycle), 3);
	assert_true(cycle > 0);
}

static void one_lock_that_stays_is_enough(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	scene.view.lock_count = 2;
	scene.locks[0].mode = scene.locks[1].mode = CT_FILE_SHARED;
	hold(&scene, 0, 300, 4, 0);
	hold(&scene, 1, 100, 4, 1);
	assert_int_equal(stuck(&scene, NULL), 3);
	begin(&scene);
	scene.view.lock_count = 2;
	hold(&scene, 0, 300, 4, 0);
	hold(&scene, 1, 100, 4, 1);
	scene.locks[1].start = 10; /* beyond what is wanted */
	assert_int_equal(stuck(&scene, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_known_to_hold),
		cmocka_unit_test(process_waits_for_itself),
		cmocka_unit_test(all_who_have_it_must_stay),
		cmocka_unit_test(one_lock_that_stays_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
