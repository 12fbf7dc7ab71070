/*
 * Calls every entry point of entries.def once, and prints what the trace must say of it, as
 * `conctrace dump` does, without stacks. Compiled without instrumentation and linked with the stub.
 *
 * The atomics' results are checked against what they must be.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 u128;
typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;

#define DECLARE_LOAD(name, bits) u##bits name(const volatile u##bits *, int);
#define DECLARE_STORE(name, bits) void name(volatile u##bits *, u##bits, int);
#define DECLARE_FETCH(name, bits) u##bits name(volatile u##bits *, u##bits, int);
#define DECLARE_COMPARE(name, bits) bool name(volatile u##bits *, u##bits *, u##bits, int, int);
#define DECLARE_COMPARE_VALUE(name, bits)                                                          \
	u##bits name(volatile u##bits *, u##bits, u##bits, int, int);

#define ACCESS(name, KIND, lg) void name(void *);
#define RANGE(name, KIND) void name(void *, unsigned long);
#define ATOMIC(name, SHAPE, bits, op) DECLARE_##SHAPE(name, bits)
#define ENTRY(result, name, params) result name params;
#define USER(result, name, params) result name params;
#include "access/entries.def"

/* Each call has an address of its own, 64 bytes apart. */
static _Alignas(64) char area[256 * 64];
static size_t used;
static int failures;

static void *place(void)
{
	used += 64;
	return area + used;
}

enum { READ = 1, WRITE = 2, VOLATILE = 4, VPTR = 8, LIBC = 16 };

static void expect(unsigned kind, size_t size, const void *at)
{
	printf("%s%s %zu %p%s%s%s\n", kind & READ ? "r" : "", kind & WRITE ? "w" : "", size, at,
	       kind & VOLATILE ? " volatile" : "", kind & VPTR ? " vptr" : "",
	       kind & LIBC ? " libc" : "");
}

static const char *const orders[] = {"relaxed", "consume", "acquire",
				     "release", "acq_rel", "seq_cst"};

static void expect_atomic(const char *event, unsigned bits, int order, const volatile void *at)
{
	printf("%s %p size=%u order=%s\n", event, (void *)(uintptr_t)at, bits / 8, orders[order]);
}

static void check(bool good, const char *name)
{
	if (!good) {
		fprintf(stderr, "wrong: %s\n", name);
		failures++;
	}
}

static void call_accesses(void)
{
	char *at;
#define ACCESS(name, KIND, lg)                                                                     \
	at = place();                                                                              \
	name(at);                                                                                  \
	expect(KIND, (size_t)1 << (lg), at);
#define RANGE(name, KIND)                                                                          \
	at = place();                                                                              \
	name(at, 13);                                                                              \
	expect(KIND, 13, at);
#include "access/entries.def"
}

#define ORDER_exchange 4
#define ORDER_add 0
#define ORDER_sub 2
#define ORDER_and 3
#define ORDER_or 1
#define ORDER_xor 5
#define ORDER_nand 4
#define RESULT_exchange(bits) 6
#define RESULT_add(bits) 18
#define RESULT_sub(bits) 6
#define RESULT_and(bits) 4
#define RESULT_or(bits) 14
#define RESULT_xor(bits) 10
#define RESULT_nand(bits) (u##bits) ~(u##bits)4

/* 12 op 6, and all bits above the low byte stay what they are where they may */
#define CALL_LOAD(name, bits, op)                                                                  \
	{                                                                                          \
		u##bits *at = place();                                                             \
		*at = (u##bits) - 2;                                                               \
		check(name(at, 2) == (u##bits) - 2, #name);                                        \
		expect_atomic("atomic_load", bits, 2, at);                                         \
	}
#define CALL_STORE(name, bits, op)                                                                 \
	for (int order = 0; order < 6; order += order ? 2 : 3) {                                   \
		u##bits *at = place();                                                             \
		name(at, (u##bits) - 2, order);                                                    \
		check(*at == (u##bits) - 2, #name);                                                \
		expect_atomic("atomic_store", bits, order, at);                                    \
	}
#define CALL_FETCH(name, bits, op)                                                                 \
	{                                                                                          \
		u##bits *at = place(), high = (u##bits)((u##bits)1 << (bits - 1));                 \
		*at = 12 | high;                                                                   \
		check(name(at, 6 | high, ORDER_##op) == (12 | high), #name);                       \
		*at &= (u##bits) ~high;                                                            \
		check(*at == (u##bits)(RESULT_##op(bits) & ~high), #name);                         \
		expect_atomic("atomic_rmw", bits, ORDER_##op, at);                                 \
	}
#define CALL_COMPARE(name, bits, op)                                                               \
	{                                                                                          \
		u##bits *at = place(), expected = 3;                                               \
		*at = 3;                                                                           \
		check(name(at, &expected, (u##bits) - 5, 4, 0) && *at == (u##bits) - 5, #name);    \
		expect_atomic("atomic_rmw", bits, 4, at);                                          \
		check(!name(at, &expected, 9, 4, 2) && expected == (u##bits) - 5, #name);          \
		check(*at == (u##bits) - 5, #name);                                                \
		expect_atomic("atomic_load", bits, 2, at);                                         \
	}
#define CALL_COMPARE_VALUE(name, bits, op)                                                         \
	{                                                                                          \
		u##bits *at = place();                                                             \
		*at = 3;                                                                           \
		check(name(at, 3, (u##bits) - 5, 5, 5) == 3 && *at == (u##bits) - 5, #name);       \
		expect_atomic("atomic_rmw", bits, 5, at);                                          \
		check(name(at, 3, 9, 5, 0) == (u##bits) - 5 && *at == (u##bits) - 5, #name);       \
		expect_atomic("atomic_load", bits, 0, at);                                         \
	}

static void call_atomics(void)
{
#define ATOMIC(name, SHAPE, bits, op) CALL_##SHAPE(name, bits, op)
#include "access/entries.def"
	__tsan_atomic_signal_fence(5);
	__tsan_atomic_thread_fence(0); /* orders nothing: no record */
	__tsan_atomic_thread_fence(3);
	printf("atomic_fence 0x0 size=0 order=release\n");
	__tsan_atomic_thread_fence(5);
	printf("atomic_fence 0x0 size=0 order=seq_cst\n");
}

/* Not by libc's functions, which in this program are recorded as well. */
static void fill(char *at, const char *text)
{
	for (volatile const char *from = text; *from; from++)
		*at++ = *from;
}

static bool equals(const char *at, const char *text)
{
	for (volatile const char *from = text; *from; from++)
		if (*at++ != *from)
			return false;
	return true;
}

static void call_memory(void)
{
	char *to = place(), *from = place();
	void **table, *other;

	fill(from, "abcdefgh");
	check(__tsan_memcpy(to, from, 8) == to && equals(to, "abcdefgh"), "memcpy");
	expect(READ | LIBC, 8, from);
	expect(WRITE | LIBC, 8, to);
	to = place();
	from = place();
	fill(from, "stuvwxyz");
	check(__tsan_memmove(to, from, 8) == to && equals(to, "stuvwxyz"), "memmove");
	expect(READ | LIBC, 8, from);
	expect(WRITE | LIBC, 8, to);
	to = place();
	check(__tsan_memset(to, 'q', 3) == to && equals(to, "qqq"), "memset");
	expect(WRITE | LIBC, 3, to);
	table = place();
	other = place();
	*table = other;
	__tsan_vptr_update(table, other); /* the same again: not a write */
	__tsan_vptr_update(table, NULL);
	expect(WRITE | VPTR, 8, table);
}

static void call_annotations(void)
{
	void *lock = place();
	void *object = place();

	__tsan_release(object);
	printf("conctrace_happens_before %p\n", object);
	__tsan_acquire(object);
	printf("conctrace_happens_after %p\n", object);
	__tsan_mutex_create(lock, 0);
	__tsan_mutex_pre_lock(lock, 1 << 4);
	__tsan_mutex_post_lock(lock, 1 << 4, 0);
	printf("conctrace_lock %p flags=try\n", lock);
	check(__tsan_mutex_pre_unlock(lock, 0) == 1, "pre_unlock");
	printf("conctrace_unlock %p\n", lock);
	__tsan_mutex_post_unlock(lock, 0);
	__tsan_mutex_pre_lock(lock, 1 << 3);
	printf("conctrace_rdlock %p flags=request\n", lock);
	__tsan_mutex_post_lock(lock, 1 << 3, 0);
	printf("conctrace_rdlock %p flags=blocked\n", lock);
	__tsan_mutex_pre_unlock(lock, 1 << 3);
	printf("conctrace_unlock %p\n", lock);
	__tsan_mutex_post_unlock(lock, 1 << 3);
	__tsan_mutex_destroy(lock, 0);
	__tsan_external_read(object, NULL, NULL);
	expect(READ, 1, object);
	object = place();
	__tsan_external_write(object, NULL, NULL);
	expect(WRITE, 1, object);
}

/* That they link and come back is all that there is to them. */
static void call_empty(void)
{
	void *at = place();

	__tsan_mutex_pre_signal(at, 0);
	__tsan_mutex_post_signal(at, 0);
	__tsan_mutex_pre_divert(at, 0);
	__tsan_mutex_post_divert(at, 0);
	__tsan_switch_to_fiber(__tsan_get_current_fiber(), 0);
	__tsan_set_fiber_name(at, "fiber");
	__tsan_destroy_fiber(__tsan_create_fiber(0));
	__tsan_flush_memory();
	__tsan_external_assign_tag(at, __tsan_external_register_tag("type"));
	__tsan_external_register_header(at, "header");
}

int main(void)
{
	__tsan_init();
	__tsan_func_entry(__builtin_return_address(0));
	call_accesses();
	call_atomics();
	call_memory();
	call_annotations();
	call_empty();
	__tsan_ignore_thread_begin();
	printf("conctrace_ignore_begin\n");
	__tsan_ignore_thread_end();
	printf("conctrace_ignore_end\n");
	__tsan_func_exit();
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
