/* record/unwind: exact stacks out of hard places, and nothing but the caller out of broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/unwind.h"

#include <alloca.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define MAX 32
#define NOINLINE __attribute__((noinline))
#define CALLER ((uintptr_t)__builtin_return_address(0))
/* Keeps a call from becoming a jump. */
#define STAY() __asm__ volatile("")

/* What functions say of themselves, innermost last: the truth that stacks are held against. */
static _Thread_local uintptr_t truth[2 * MAX];
static _Thread_local unsigned depth;
static _Thread_local struct ct_unwind_frame frames[MAX];
static _Thread_local unsigned count;
static _Thread_local uintptr_t stack_high;

static void enter(uintptr_t caller)
{
	truth[depth++] = caller;
}

/* Stands for a hook that the program calls. */
static NOINLINE void hook(void)
{
	memset(frames, 0, sizeof(frames));
	count = ct_unwind_stack(CALLER, stack_high, MAX, frames);
	STAY();
}

static void find_stack_high(void)
{
	pthread_attr_t attributes;
	size_t size;
	void *low;

	assert_int_equal(pthread_getattr_np(pthread_self(), &attributes), 0);
	assert_int_equal(pthread_attr_getstack(&attributes, &low, &size), 0);
	assert_int_equal(pthread_attr_destroy(&attributes), 0);
	stack_high = (uintptr_t)low + size;
}

static int begin(void **state)
{
	(void)state;
	depth = count = 0;
	find_stack_high();
	return 0;
}

/* Whether frame `first` and those after it are what the last `entries` functions said. */
static bool frames_match(unsigned first, unsigned entries)
{
	if (count < first + entries)
		return false;
	for (unsigned i = 0; i < entries; i++)
		if (frames[first + i].pc != truth[depth - 1 - i])
			return false;
	return true;
}

static void check_frames(unsigned first, unsigned entries)
{
	assert_true(frames_match(first, entries));
}

static NOINLINE void innermost(void)
{
	enter(CALLER);
	hook();
	STAY();
}

static NOINLINE void recurse(unsigned levels)
{
	enter(CALLER);
	if (levels > 1)
		recurse(levels - 1);
	else
		innermost();
	STAY();
}

static void test_frames_are_the_callers(void **state)
{
	(void)state;
	recurse(5);
	assert_in_range(frames[0].pc, (uintptr_t)innermost, (uintptr_t)innermost + 200);
	check_frames(1, 6);
}

/* The slots are gone once the functions have returned, so they are looked at from within. */
static NOINLINE void check_slots_within(void)
{
	uintptr_t below = (uintptr_t)__builtin_frame_address(0);

	enter(CALLER);
	hook();
	assert_true(count > 3);
	for (unsigned i = 1; i < count; i++) {
		assert_in_range(frames[i].slot, below, stack_high - sizeof(uintptr_t));
		assert_int_equal(*(uintptr_t *)frames[i].slot, frames[i].pc);
		below = frames[i].slot + 1;
	}
}

static void test_slots_hold_the_return_addresses(void **state)
{
	(void)state;
	check_slots_within();
}

static void test_depth_is_limited(void **state)
{
	struct ct_unwind_frame few[4] = {{0}};

	(void)state;
	assert_int_equal(
		ct_unwind_stack((uintptr_t)__builtin_return_address(0), stack_high, 1, few), 1);
	assert_int_equal(few[1].pc, 0);
	recurse(2 * MAX - 4);
	assert_int_equal(count, MAX);
	check_frames(1, MAX - 1);
}

static void test_unknown_caller_gives_only_itself(void **state)
{
	struct ct_unwind_frame out[MAX];

	(void)state;
	assert_int_equal(ct_unwind_stack(0x1234, stack_high, MAX, out), 1);
	assert_int_equal(out[0].pc, 0x1234);
	assert_int_equal(out[0].slot, 0);
}

static NOINLINE int compare(const void *a, const void *b)
{
	enter(CALLER);
	hook();
	return *(const int *)a - *(const int *)b;
}

static void test_modules_are_forgotten(void **state)
{
	(void)state;
	recurse(3);
	ct_unwind_forget_modules();
	depth = 0;
	recurse(3);
	check_frames(1, 4);
}

static NOINLINE void sorter(void)
{
	int numbers[] = {2, 1};

	enter(CALLER);
	qsort(numbers, 2, sizeof(numbers[0]), compare);
	STAY();
}

static void test_through_a_libc_callback(void **state)
{
	bool found = false;

	(void)state;
	sorter();
	check_frames(1, 1); /* qsort's own frames follow, as many as libc likes */
	for (unsigned i = 2; i < count; i++)
		found |= frames[i].pc == truth[0];
	assert_true(found);
}

/* rbp and rbx hold nonsense below this function, and it has no frame pointer. */
void ct_test_call_without_frame_pointer(void (*function)(void));
__asm__(".text\n"
	".type ct_test_call_without_frame_pointer, @function\n"
	"ct_test_call_without_frame_pointer:\n"
	".cfi_startproc\n"
	"	pushq %rbp\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbp, -16\n"
	"	pushq %rbx\n"
	".cfi_def_cfa_offset 24\n"
	".cfi_offset %rbx, -24\n"
	"	subq $40, %rsp\n"
	".cfi_def_cfa_offset 64\n"
	"	movq $0x1234567, %rbp\n"
	"	movq $-1, %rbx\n"
	"	call *%rdi\n"
	"	addq $40, %rsp\n"
	".cfi_def_cfa_offset 24\n"
	"	popq %rbx\n"
	".cfi_def_cfa_offset 16\n"
	"	popq %rbp\n"
	".cfi_def_cfa_offset 8\n"
	"	ret\n"
	".cfi_endproc\n"
	".size ct_test_call_without_frame_pointer, . - ct_test_call_without_frame_pointer\n");

static NOINLINE void above_assembly(void (*function)(void (*)(void)))
{
	enter(CALLER);
	function(innermost);
	STAY();
}

static void test_without_frame_pointer(void **state)
{
	(void)state;
	above_assembly(ct_test_call_without_frame_pointer);
	check_frames(1, 1);
	assert_true(count > 4);
	assert_int_equal(frames[3].pc, truth[0]);
}

static NOINLINE void with_alloca(size_t size)
{
	volatile char *memory = alloca(size);

	memory[0] = 1;
	enter(CALLER);
	innermost();
	memory[size - 1] = 1;
}

static void test_frames_of_changing_size(void **state)
{
	(void)state;
	for (size_t size = 16; size <= 65536; size *= 8) {
		depth = 0;
		with_alloca(size);
		check_frames(1, 2);
	}
}

/* Code as a JIT compiler writes it: nothing describes it. */
static void *make_code(void)
{
	static const uint8_t code[] = {
		0x48, 0x83, 0xec, 0x08, /* sub $8, %rsp */
		0xff, 0xd7,		/* call *%rdi */
		0x48, 0x83, 0xc4, 0x08, /* add $8, %rsp */
		0xc3,			/* ret */
	};
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(page != MAP_FAILED);
	memcpy(page, code, sizeof(code));
	assert_int_equal(mprotect(page, 4096, PROT_READ | PROT_EXEC), 0);
	return page;
}

static void test_code_without_tables_ends_the_stack(void **state)
{
	void *page = make_code();
	void (*code)(void (*)(void));

	(void)state;
	memcpy(&code, &page, sizeof(page));
	above_assembly(code);
	assert_int_equal(count, 2);
	assert_int_equal(frames[1].pc, (uintptr_t)page + 6);
	assert_int_equal(munmap(page, 4096), 0);
}

/* 0 stands for a forged frame that lies further inwards and is its own caller. */
static NOINLINE void damage(uintptr_t *word, uintptr_t value)
{
	volatile uintptr_t forged[2] = {(uintptr_t)forged, truth[depth - 1]};
	uintptr_t good = *word;

	enter(CALLER);
	*(volatile uintptr_t *)word = value ? value : (uintptr_t)forged;
	hook();
	*(volatile uintptr_t *)word = good;
}

static uintptr_t not_code[2];

/* Of this function's frame: word 0 is the caller's rbp, word 1 the return address. */
static NOINLINE void with_damage(unsigned word, uintptr_t value)
{
	uintptr_t *frame = __builtin_frame_address(0);

	enter(CALLER);
	damage(frame + word, value);
	STAY();
}

/* Is found by its rbp, whatever the compiler would rather do. */
static NOINLINE void above_damage(unsigned word, uintptr_t value)
{
	void *volatile frame = __builtin_frame_address(0);

	enter(CALLER);
	with_damage(word, value);
	(void)frame;
}

static void test_damaged_stacks_end(void **state)
{
	void *guard = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const uintptr_t values[] = {
		1,
		8,
		0xdeadbeef,
		UINT64_C(0x8000000000000000),
		UINTPTR_MAX - 7,
		stack_high,
		stack_high - 8, /* the return address would lie beyond */
		(uintptr_t)guard,
		(uintptr_t)not_code,
		(uintptr_t)frames,
	};

	(void)state;
	assert_true(guard != MAP_FAILED);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		depth = 0;
		above_damage(0, values[i]);
		assert_int_equal(count, 3);
		check_frames(1, 2);
		depth = 0;
		above_damage(1, values[i]);
		assert_int_equal(count, 3);
		check_frames(1, 1);
		assert_int_equal(frames[2].pc, values[i]);
	}
	assert_int_equal(munmap(guard, 4096), 0);
}

static void test_stacks_go_outwards_only(void **state)
{
	(void)state;
	above_damage(0, 0);
	assert_int_equal(count, 3);
	check_frames(1, 2);
}

static void on_signal(int number)
{
	(void)number;
	enter(CALLER);
	hook();
	STAY();
}

static NOINLINE void raiser(int flags)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
	struct sigaction before;

	enter(CALLER);
	assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

static bool has_pc(uintptr_t pc)
{
	for (unsigned i = 0; i < count; i++)
		if (frames[i].pc == pc)
			return true;
	return false;
}

static void test_through_a_signal_handler(void **state)
{
	(void)state;
	raiser(0);
	check_frames(1, 1);	       /* the trampoline */
	assert_true(has_pc(truth[0])); /* beyond raise, and what libc puts around it */
}

static void test_on_an_alternate_stack(void **state)
{
	stack_t alternate = {.ss_size = 65536}, before;

	(void)state;
	alternate.ss_sp = test_malloc(alternate.ss_size);
	assert_int_equal(sigaltstack(&alternate, &before), 0);
	stack_high = 0;
	raiser(SA_ONSTACK);
	assert_int_equal(sigaltstack(&before, NULL), 0);
	check_frames(1, 1);
	assert_in_range(count, 3, 5); /* up to the interrupted instruction; two are TSan's */
	for (unsigned i = 0; i < count; i++)
		assert_in_range(frames[i].slot, (uintptr_t)alternate.ss_sp,
				(uintptr_t)alternate.ss_sp + alternate.ss_size - 8);
	test_free(alternate.ss_sp);
}

static void test_small_alternate_stack_is_spared(void **state)
{
	stack_t alternate = {.ss_size = (size_t)sysconf(_SC_MINSIGSTKSZ) + 4096}, before;

	(void)state;
	alternate.ss_sp = test_malloc(alternate.ss_size);
	assert_int_equal(sigaltstack(&alternate, &before), 0);
	stack_high = 0;
	raiser(SA_ONSTACK);
	assert_int_equal(sigaltstack(&before, NULL), 0);
	assert_int_equal(count, 1);
	test_free(alternate.ss_sp);
}

static ucontext_t outside, inside;

static void coroutine(void)
{
	recurse(3);
}

/* Its stack ends right below a page that cannot be read. */
static void test_on_a_stack_of_unknown_end(void **state)
{
	const size_t size = 16 * 4096;
	char *stack =
		mmap(NULL, size + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true((void *)stack != MAP_FAILED);
	assert_int_equal(mprotect(stack + size, 4096, PROT_NONE), 0);
	assert_int_equal(getcontext(&inside), 0);
	inside.uc_stack.ss_sp = stack;
	inside.uc_stack.ss_size = size;
	inside.uc_link = &outside;
	makecontext(&inside, coroutine, 0);
	stack_high = 0;
	assert_int_equal(swapcontext(&outside, &inside), 0);
	check_frames(1, 4);
	assert_in_range(count, 5, 7); /* to libc's start of a context */
	assert_int_equal(munmap(stack, size + 4096), 0);
}

static NOINLINE void *thread(void *unused)
{
	(void)unused;
	find_stack_high();
	enter(CALLER);
	recurse(2);
	/* after the four: start_thread, clone, and one of TSan's */
	return frames_match(1, 4) && count <= 7 ? NULL : "the stack is wrong";
}

static void test_ends_where_a_thread_starts(void **state)
{
	pthread_t id;
	void *verdict;

	(void)state;
	assert_int_equal(pthread_create(&id, NULL, thread, NULL), 0);
	assert_int_equal(pthread_join(id, &verdict), 0);
	assert_null(verdict);
}

static void test_leaves_the_program_alone(void **state)
{
	sigset_t before, after;
	int lowest = dup(0), again;

	(void)state;
	assert_true(lowest >= 0);
	close(lowest);
	sigemptyset(&before);
	sigaddset(&before, SIGUSR2);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
	errno = ERANGE;
	recurse(3);
	assert_int_equal(errno, ERANGE);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0);
	assert_int_equal(memcmp(&before, &after, 8), 0);
	sigemptyset(&before);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
	again = dup(0);
	assert_int_equal(again, lowest);
	close(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_frames_are_the_callers, begin),
		cmocka_unit_test_setup(test_slots_hold_the_return_addresses, begin),
		cmocka_unit_test_setup(test_depth_is_limited, begin),
		cmocka_unit_test_setup(test_unknown_caller_gives_only_itself, begin),
		cmocka_unit_test_setup(test_modules_are_forgotten, begin),
		cmocka_unit_test_setup(test_through_a_libc_callback, begin),
		cmocka_unit_test_setup(test_without_frame_pointer, begin),
		cmocka_unit_test_setup(test_frames_of_changing_size, begin),
		cmocka_unit_test_setup(test_code_without_tables_ends_the_stack, begin),
		cmocka_unit_test_setup(test_damaged_stacks_end, begin),
		cmocka_unit_test_setup(test_stacks_go_outwards_only, begin),
		cmocka_unit_test_setup(test_through_a_signal_handler, begin),
		cmocka_unit_test_setup(test_on_an_alternate_stack, begin),
		cmocka_unit_test_setup(test_small_alternate_stack_is_spared, begin),
		cmocka_unit_test_setup(test_on_a_stack_of_unknown_end, begin),
		cmocka_unit_test_setup(test_ends_where_a_thread_starts, begin),
		cmocka_unit_test_setup(test_leaves_the_program_alone, begin),
	};

	if (ct_unwind_init() != 0)
		return 77; /* no libunwind, or libc before 2.35: skipped */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
