/* model: accesses of a step, their locations, memory that ends, blocks of the heap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/access_private.h"
#include "text_trace.h"

enum { SEEN_MAX = 64, BLOCKS = 4096 };

/* What an observer saw. */
struct seen {
	struct ct_access accesses[SEEN_MAX];
	const struct ct_thread *threads[SEEN_MAX];
	size_t count;
	uint64_t ends[SEEN_MAX], sizes[SEEN_MAX];
	uint64_t times[SEEN_MAX]; /* of ends */
	size_t end_count;
	uint64_t ask, ask_at; /* the block of this address, at the step of that time */
	bool found;
	struct ct_block block;
};

static enum ct_status look(void *state, const struct ct_model *model, const struct ct_step *step)
{
	struct seen *seen = state;

	for (size_t i = 0; i < step->access_count; i++) {
		assert_in_range(seen->count, 0, SEEN_MAX - 1);
		seen->threads[seen->count] = step->thread;
		seen->accesses[seen->count++] = step->accesses[i];
	}
	if (step->ends_size) {
		assert_in_range(seen->end_count, 0, SEEN_MAX - 1);
		seen->times[seen->end_count] = step->record->time;
		seen->ends[seen->end_count] = step->ends;
		seen->sizes[seen->end_count++] = step->ends_size;
	}
	if (seen->ask && step->record->time == seen->ask_at)
		seen->found = ct_model_block(model, step->thread->process, seen->ask, &seen->block);
	return CT_OK;
}

static struct fake_trace *new_fake(void)
{
	struct fake_trace *fake = fake_new();

	fake->trace.some_accesses = true;
	fake_thread(fake, 1, 1);
	return fake;
}

static void run(struct fake_trace *fake, struct seen *seen)
{
	struct ct_observer observer = {.state = seen, .step = look};

	fake_run(fake, &observer);
}

struct CT_PACKED list {
	uint16_t count;
	struct ct_access_entry entries[4];
};

static struct ct_access_entry entry(uint64_t address, uint8_t size, uint8_t kind, uint32_t stack)
{
	struct ct_access_entry entry = {.size = size, .kind = kind, .stack = stack};

	memcpy(entry.address, &address, sizeof(entry.address));
	return entry;
}

static void add_list(struct fake_trace *fake, size_t thread, uint64_t time, const struct list *list,
		     size_t entries)
{
	fake_payload(fake, thread, time, CT_EV_ACCESSES, list,
		     sizeof(list->count) + entries * sizeof(list->entries[0]));
}

static void add_read(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t address,
		     uint8_t size)
{
	struct list list = {1, {entry(address, size, CT_ACCESS_READ, 0)}};

	add_list(fake, thread, time, &list, 1);
}

static void test_text(void **state)
{
	struct ct_trace *trace = text_trace("T1:w(x) T2:r(y) T2:w(x)");
	struct seen seen = {0};
	struct ct_observer observer = {.state = &seen, .step = look};
	struct ct_model *model;
	struct ct_error error;

	(void)state;
	assert_true(trace->accesses);
	assert_int_equal(ct_model_new(trace, &error, &model), CT_OK);
	assert_int_equal(ct_model_run(model, &observer, 1, &error), CT_OK);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.accesses[0].kind, CT_ACCESS_WRITE);
	assert_int_equal(seen.accesses[1].kind, CT_ACCESS_READ);
	assert_int_equal(seen.accesses[0].location, seen.accesses[2].location);
	assert_int_equal(seen.accesses[0].location, seen.accesses[0].address * 8);
	assert_int_not_equal(seen.accesses[0].location, seen.accesses[1].location);
	assert_int_equal(seen.accesses[0].size, 1);
	assert_int_equal(seen.accesses[0].count, 1);
	assert_int_equal(seen.end_count, 0);
	ct_model_free(model);
	ct_trace_free(trace);
}

static void test_list(void **state)
{
	struct fake_trace *fake = new_fake();
	struct list list = {3,
			    {entry(0x7ffff0001000, 4, CT_ACCESS_READ | CT_ACCESS_ATOMIC, 7),
			     entry(0x7ffff0002000, 8, CT_ACCESS_READ | CT_ACCESS_WRITE, 8),
			     entry(0x7ffff0003000, 1, CT_ACCESS_WRITE, 9)}};
	struct seen seen = {0};

	(void)state;
	list.entries[1].more = 9;
	list.entries[1].stride = (uint16_t)-16;
	add_list(fake, 0, 5, &list, 3);
	run(fake, &seen);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.accesses[0].address, 0x7ffff0001000);
	assert_int_equal(seen.accesses[0].size, 4);
	assert_int_equal(seen.accesses[0].stack, 7);
	assert_int_equal(seen.accesses[0].kind, CT_ACCESS_READ); /* the rest is not recorded */
	assert_int_equal(seen.accesses[0].count, 1);
	assert_int_equal(seen.accesses[1].count, 10);
	assert_int_equal(seen.accesses[1].stride, -16);
	assert_int_equal(seen.accesses[1].location - seen.accesses[0].location, 0x1000);
	assert_int_equal(seen.accesses[2].location - seen.accesses[0].location, 0x2000);
	fake_free(fake);
}

/* A count beyond the payload, sizes of 0, kinds of nothing, memory that cannot be. */
static void test_damaged_lists(void **state)
{
	struct fake_trace *fake = new_fake();
	struct list list = {60000,
			    {entry(0x1000, 0, CT_ACCESS_READ, 0), entry(0x1000, 4, 0, 0),
			     entry(0xffffffffffff, 8, CT_ACCESS_READ, 0),
			     entry(0x10, 4, CT_ACCESS_READ, 0)}};
	struct ct_payload_atomic atomic = {UINT64_MAX, 8, 5};
	struct seen seen = {0};

	(void)state;
	list.entries[3].more = 9;
	list.entries[3].stride = (uint16_t)-8;
	add_list(fake, 0, 5, &list, 4);
	fake_payload(fake, 0, 6, CT_EV_ACCESSES, &list, 1);
	fake_payload(fake, 0, 7, CT_EV_ACCESSES, &list, 2 + 15);
	fake_payload(fake, 0, 8, CT_EV_ATOMIC_LOAD, &atomic, sizeof(atomic));
	fake_payload(fake, 0, 9, CT_EV_ATOMIC_RMW, &atomic, 9);
	fake_event(fake, 0, 10, CT_EV_ACCESS_WRITE, 0, UINT64_MAX - 3, UINT64_MAX);
	fake_event(fake, 0, 11, CT_EV_MEMORY_ALLOCATED, 0, UINT64_MAX - 3, UINT64_MAX);
	fake_event(fake, 0, 12, CT_EV_MEMORY_FREED, 0, UINT64_MAX - 3, UINT64_MAX);
	fake_event(fake, 0, 13, CT_EV_MEMORY_FREED, 0, UINT64_MAX - 3, UINT64_MAX);
	run(fake, &seen);
	assert_int_equal(seen.count, 0);
	assert_int_equal(seen.end_count, 0);
	fake_free(fake);
}

static void test_atomics(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_payload_atomic atomic = {0x5000, 8, 2}, fence = {0, 0, 5};
	struct seen seen = {0};

	(void)state;
	fake_payload(fake, 0, 1, CT_EV_ATOMIC_LOAD, &atomic, sizeof(atomic));
	fake_payload(fake, 0, 2, CT_EV_ATOMIC_STORE, &atomic, sizeof(atomic));
	fake_payload(fake, 0, 3, CT_EV_ATOMIC_RMW, &atomic, sizeof(atomic));
	fake_payload(fake, 0, 4, CT_EV_FENCE, &fence, sizeof(fence));
	run(fake, &seen);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.accesses[0].kind, CT_ACCESS_ATOMIC | CT_ACCESS_READ);
	assert_int_equal(seen.accesses[1].kind, CT_ACCESS_ATOMIC | CT_ACCESS_WRITE);
	assert_int_equal(seen.accesses[2].kind,
			 CT_ACCESS_ATOMIC | CT_ACCESS_READ | CT_ACCESS_WRITE);
	assert_int_equal(seen.accesses[2].order, 2);
	assert_int_equal(seen.accesses[2].size, 8);
	assert_int_equal(seen.accesses[2].stack, 3); /* of the record */
	fake_free(fake);
}

/* Two processes, the same address: two locations. Shared memory at different ones: one. */
static void test_processes(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_trace_map map = {
		.process = 1, .start = 0x10000, .size = 0x2000, .device = 3, .inode = 4};
	struct seen seen = {0};

	(void)state;
	fake_process(fake, 2, 0, 0, 0, "./other");
	fake_thread(fake, 2, 1);
	fake_map(fake, &map);
	map.process = 2;
	map.start = 0x90000;
	map.offset = 0x1000;
	fake_map(fake, &map);
	add_read(fake, 0, 5, 0x400000, 4);
	add_read(fake, 1, 6, 0x400000, 4);
	add_read(fake, 0, 7, 0x11008, 4);
	add_read(fake, 1, 8, 0x90008, 4);
	add_read(fake, 1, 9, 0x11008, 4);
	run(fake, &seen);
	assert_int_equal(seen.count, 5);
	assert_int_not_equal(seen.accesses[0].location, seen.accesses[1].location);
	assert_int_equal(seen.accesses[2].location, seen.accesses[3].location);
	assert_int_not_equal(seen.accesses[2].location, seen.accesses[4].location);
	assert_int_equal(seen.accesses[3].address, 0x90008);
	fake_free(fake);
}

/* With a block all that malloc gave begins, not only what was asked for. */
static void test_usable(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_payload_block block = {0x400000, 0x40, 0x48};
	struct seen seen = {0};

	(void)state;
	add_read(fake, 0, 1, 0x400000, 8);
	fake_payload(fake, 0, 2, CT_EV_MEMORY_ALLOCATED, &block, sizeof(block));
	run(fake, &seen);
	assert_int_equal(seen.times[seen.end_count - 1], 2);
	assert_int_equal(seen.ends[seen.end_count - 1], seen.accesses[0].location);
	assert_int_equal(seen.sizes[seen.end_count - 1], 0x48);
	fake_free(fake);
}

/* A forked child has its own memory, but the same anonymous shared mapping. */
static void test_fork(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_trace_map map = {
		.process = 1, .time = 1, .start = 0x10000, .size = 0x1000, .inode = 1};
	struct seen seen = {.ask = 0x400010, .ask_at = 7};

	(void)state;
	fake_process(fake, 2, 1, 1, 4, "./prog");
	fake_thread(fake, 2, 1);
	fake_map(fake, &map);
	fake_event(fake, 0, 2, CT_EV_MEMORY_ALLOCATED, 0, 0x400000, 0x40);
	fake_event(fake, 0, 3, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	add_read(fake, 1, 5, 0x10010, 4);
	add_read(fake, 1, 6, 0x400010, 4);
	fake_event(fake, 1, 7, CT_EV_MEMORY_FREED, 0, 0x400000, 0x40);
	fake_event(fake, 0, 8, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	add_read(fake, 0, 9, 0x10010, 4);
	add_read(fake, 0, 10, 0x400010, 4);
	fake_event(fake, 0, 11, CT_EV_MEMORY_FREED, 0, 0x400000, 0x40);
	run(fake, &seen);
	assert_true(seen.found); /* its parent's block */
	assert_int_equal(seen.block.time, 2);
	assert_int_equal(seen.count, 6);
	assert_int_equal(seen.accesses[0].location, seen.accesses[3].location);
	assert_int_not_equal(seen.accesses[1].location, seen.accesses[4].location);
	assert_int_equal(seen.accesses[2].kind, CT_ACCESS_FREE | CT_ACCESS_WRITE);
	assert_int_equal(seen.accesses[5].kind, CT_ACCESS_FREE | CT_ACCESS_WRITE);
	assert_int_equal(seen.accesses[2].location + 0x10, seen.accesses[1].location);
	fake_free(fake);
}

/* A child of vfork has its parent's memory until it execs; then it has none of it. */
static void test_vfork_and_exec(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_payload_start start = {.thread = 1, .stack_low = 0x700000, .stack_size = 0x1000};
	struct seen seen = {0};

	(void)state;
	fake_process(fake, 2, 1, 1, 4, "./prog");
	fake_thread(fake, 2, 1);
	fake_event(fake, 0, 3, CT_EV_VFORK, CT_F_REQUEST, 0, 0);
	add_read(fake, 1, 5, 0x400010, 4);
	fake_event(fake, 1, 6, CT_EV_EXEC, CT_F_REQUEST, 0, 0);
	fake_payload(fake, 1, 7, CT_EV_THREAD_START, &start, sizeof(start));
	add_read(fake, 1, 8, 0x400010, 4);
	fake_event(fake, 0, 9, CT_EV_VFORK, CT_F_BLOCKED, 101, 0);
	add_read(fake, 0, 10, 0x400010, 4);
	run(fake, &seen);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.accesses[0].location, seen.accesses[2].location);
	assert_int_not_equal(seen.accesses[0].location, seen.accesses[1].location);
	/* nothing of the parent's ended */
	for (size_t i = 0; i < seen.end_count; i++)
		assert_false(seen.accesses[0].location - seen.ends[i] < seen.sizes[i]);
	fake_free(fake);
}

static void test_exec(void **state)
{
	struct fake_trace *fake = new_fake();
	struct seen seen = {.ask = 0x400010, .ask_at = 5};

	(void)state;
	fake_event(fake, 0, 1, CT_EV_MEMORY_ALLOCATED, 0, 0x400000, 0x40);
	add_read(fake, 0, 2, 0x400010, 4);
	fake_event(fake, 0, 3, CT_EV_EXEC, CT_F_REQUEST, 0, 0);
	fake_start(fake, 0, 4, 1, 0);
	add_read(fake, 0, 5, 0x400010, 4);
	run(fake, &seen);
	assert_false(seen.found);
	assert_int_equal(seen.count, 2);
	assert_int_not_equal(seen.accesses[0].location, seen.accesses[1].location);
	assert_int_equal(seen.end_count, 2); /* the block's beginning, the program's end */
	assert_true(seen.accesses[0].location - seen.ends[1] < seen.sizes[1]);
	assert_false(seen.accesses[1].location - seen.ends[1] < seen.sizes[1]);
	fake_free(fake);
}

/* From private memory into shared memory and out again. */
static void test_cut(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_trace_map map = {
		.process = 1, .start = 0x10000, .size = 0x10, .device = 3, .inode = 4};
	struct list run_list = {1, {entry(0x1003c, 8, CT_ACCESS_WRITE, 2)}};
	struct seen seen = {0};
	uint64_t bytes = 0;

	(void)state;
	fake_map(fake, &map);
	add_read(fake, 0, 5, 0xfffc, 32);
	run_list.entries[0].more = 10; /* from 0x1003c down to 0xffec */
	run_list.entries[0].stride = (uint16_t)-8;
	add_list(fake, 0, 6, &run_list, 1);
	run(fake, &seen);
	assert_int_equal(seen.accesses[0].size, 4);
	assert_int_equal(seen.accesses[1].size, 16);
	assert_int_equal(seen.accesses[2].size, 12);
	assert_int_equal(seen.accesses[2].location - seen.accesses[0].location, 0x14);
	assert_int_not_equal(seen.accesses[1].location - seen.accesses[0].location, 4);
	for (size_t i = 3; i < seen.count; i++) {
		const struct ct_access *access = &seen.accesses[i];
		uint64_t last = access->address + (access->count - 1) * (uint64_t)access->stride +
				access->size - 1;

		bytes += (uint64_t)access->size * access->count;
		assert_true((access->address - 0x10000 < 0x10) == (last - 0x10000 < 0x10));
		assert_true(last < 0x10000 || access->address >= 0x10000);
	}
	assert_int_equal(bytes, 11 * 8);
	fake_free(fake);
}

static void test_blocks_of_the_heap(void **state)
{
	struct fake_trace *fake = new_fake();
	struct seen seen = {.ask = 0x40003f, .ask_at = 3};

	(void)state;
	fake_event(fake, 0, 1, CT_EV_MEMORY_ALLOCATED, 0, 0x400000, 0x40);
	fake_event(fake, 0, 2, CT_EV_MEMORY_FREED, 0, 0x400020, 0x10); /* realloc: its middle */
	fake_event(fake, 0, 3, CT_EV_MEMORY_FREED, 0, 0x400000, 0x48);
	fake_event(fake, 0, 4, CT_EV_MEMORY_FREED, 0, 0x400000, 0x40); /* now nobody's */
	fake_event(fake, 0, 5, CT_EV_MEMORY_ALLOCATED, 0, 0x500000, (uint64_t)3 << 30);
	fake_event(fake, 0, 6, CT_EV_MEMORY_FREED, 0, 0x500000, 0);
	run(fake, &seen);
	assert_true(seen.found);
	assert_int_equal(seen.block.address, 0x400000);
	assert_int_equal(seen.block.stack, 1);
	assert_ptr_equal(seen.block.thread, fake->model->threads[0]);
	assert_int_equal(seen.count, 2 + 3);
	assert_int_equal(seen.accesses[0].size, 0x10);
	assert_int_equal(seen.accesses[1].size, 0x40);
	assert_int_equal(seen.accesses[4].location - seen.accesses[2].location, (uint64_t)2 << 30);
	assert_int_equal(seen.end_count, 4); /* two are of allocations */
	assert_int_equal(seen.times[1], 3);  /* what malloc gave beyond what was asked for */
	assert_int_equal(seen.ends[1], seen.accesses[1].location + 0x40);
	assert_int_equal(seen.sizes[1], 8);
	assert_int_equal(seen.times[2], 4); /* as munmap */
	assert_int_equal(seen.ends[2], seen.accesses[1].location);
	assert_int_equal(seen.sizes[2], 0x40);
	fake_free(fake);
}

static void test_stacks(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_payload_start start = {.thread = 2, .stack_low = 0x700000, .stack_size = 0x1000};
	const struct ct_model *model;
	struct seen seen = {0};

	(void)state;
	fake_thread(fake, 1, 2);
	fake_thread(fake, 1, 3);
	fake_payload(fake, 1, 2, CT_EV_THREAD_START, &start, sizeof(start));
	add_read(fake, 1, 3, 0x700010, 4);
	fake_event(fake, 1, 4, CT_EV_THREAD_EXIT, 0, 2, 0);
	start.thread = 3;
	start.pthread = 0x701100;
	fake_payload(fake, 2, 5, CT_EV_THREAD_START, &start, sizeof(start));
	run(fake, &seen);
	model = fake->model;
	assert_int_equal(seen.end_count, 2);
	assert_int_equal(seen.ends[1] + 0x10, seen.accesses[0].location);
	assert_int_equal(seen.sizes[0], 0x1000);
	assert_int_equal(seen.sizes[1], 0x1100); /* with its variables */
	assert_ptr_equal(ct_model_stack_owner(model, model->processes[0], 0x700fff),
			 model->threads[2]);
	assert_null(ct_model_stack_owner(model, model->processes[0], 0x701000));
	fake_free(fake);
}

/* Memory that another process still shares does not end with one's view of it. */
static void test_unmapping_shared_memory(void **state)
{
	struct fake_trace *fake = new_fake();
	struct ct_trace_map map = {
		.process = 1, .start = 0x10000, .size = 0x1000, .device = 3, .inode = 4};
	struct seen seen = {0};

	(void)state;
	fake_map(fake, &map);
	fake_event(fake, 0, 4, CT_EV_MEMORY_ALLOCATED, 0, 0x10000, 0x1000);
	add_read(fake, 0, 5, 0x10008, 4);
	fake_event(fake, 0, 6, CT_EV_MEMORY_FREED, 0, 0x10000, 0x1000);
	run(fake, &seen);
	assert_int_equal(seen.count, 1);
	for (size_t i = 0; i < seen.end_count; i++)
		assert_false(seen.accesses[0].location - seen.ends[i] < seen.sizes[i]);
	fake_free(fake);
}

static void test_unloaded_modules(void **state)
{
	struct ct_trace_module modules[] = {
		{.process = 1, .start = 0x20000, .end = 0x21000, .unload = 2, .end_time = 9},
		{.process = 1, .start = 0x30000, .end = 0x31000, .unload = 1, .end_time = 5},
		{.process = 1, .start = 0x40000, .end = 0x41000},
	};
	struct fake_trace *fake = new_fake();
	struct seen seen = {0};

	(void)state;
	fake->trace.modules = modules;
	fake->trace.module_count = 3;
	add_read(fake, 0, 2, 0x20010, 4);
	add_read(fake, 0, 3, 0x30010, 4);
	for (uint64_t time = 4; time < 12; time += 2)
		fake_event(fake, 0, time, CT_EV_DLCLOSE, 0, 1, 0);
	run(fake, &seen);
	assert_int_equal(seen.end_count, 2);
	assert_int_equal(seen.times[0], 6);
	assert_int_equal(seen.ends[0] + 0x10, seen.accesses[1].location);
	assert_int_equal(seen.times[1], 10);
	assert_int_equal(seen.ends[1] + 0x10, seen.accesses[0].location);
	assert_int_equal(seen.sizes[1], 0x1000);
	fake_free(fake);
}

static void test_nothing_without_accesses(void **state)
{
	struct fake_trace *fake = new_fake();
	struct seen seen = {0};

	(void)state;
	fake->trace.some_accesses = false;
	fake_event(fake, 0, 1, CT_EV_MEMORY_FREED, 0, 0x400000, 0x40);
	run(fake, &seen);
	assert_null(ct_model_state(fake->model)->accesses);
	assert_int_equal(seen.end_count, 0);
	fake_free(fake);
}

/* Against a plain array: blocks of random sizes and places that do not overlap. */
static void test_blocks(void **state)
{
	static struct ct_live_block shadow[BLOCKS];
	struct ct_blocks blocks = {0};
	uint64_t seed = 42;

	(void)state;
	for (unsigned round = 0; round < 20 * BLOCKS; round++) {
		struct ct_live_block *slot, *found;
		uint64_t probe;

		seed = ct_map_mix(seed + round);
		slot = &shadow[seed % BLOCKS];
		if (slot->size) {
			found = ct_blocks_find(&blocks, slot->address);
			assert_non_null(found);
			assert_int_equal(found->time, slot->time);
			ct_blocks_remove(&blocks, found);
			slot->size = 0;
		} else {
			/* a megabyte for each; sizes of all magnitudes */
			slot->address = (uint64_t)(slot - shadow + 1) << 20 | (seed >> 40 & 0xff0);
			slot->size = 1 + (seed >> 20 & ((1u << (seed >> 12) % 20) - 1));
			slot->time = round + 1;
			assert_int_equal(ct_blocks_add(&blocks, slot), CT_OK);
		}
		slot = &shadow[(seed >> 32) % BLOCKS];
		probe = slot->address + (seed >> 8) % (2 * slot->size + 1);
		found = ct_blocks_find(&blocks, probe);
		if (slot->size && probe - slot->address < slot->size)
			assert_true(found && found->time == slot->time);
		else
			assert_null(found);
	}
	ct_blocks_fini(&blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_damaged_lists),
		cmocka_unit_test(test_atomics),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_usable),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_vfork_and_exec),
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_blocks_of_the_heap),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_unmapping_shared_memory),
		cmocka_unit_test(test_unloaded_modules),
		cmocka_unit_test(test_nothing_without_accesses),
		cmocka_unit_test(test_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
