/*
 * model/source_path and model/source_atomic: what a statement writes to, and whether it says that
 * it is atomic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/source_atomic.h"
#include "model/source_path.h"

#include <stdio.h>
#include <string.h>

static struct ct_source_piece piece_of(const char *text)
{
	return (struct ct_source_piece){text, strlen(text)};
}

/* "a>b[]*" for "*a->b[i]". */
static void show(const struct ct_source_path *path, char *out, size_t size)
{
	static const char *const before[] = {"", ".", ">", "[]", "*"};
	size_t used = 0;

	for (size_t i = 0; i < path->count; i++) {
		const struct ct_source_step *step = &path->steps[i];
		bool named = step->kind <= CT_STEP_ARROW;

		used += (size_t)snprintf(out + used, size - used, "%s%.*s", before[step->kind],
					 named ? (int)step->name.length : 0, step->name.text);
	}
}

/* NULL: nothing is told. */
static void check_target(const char *statement, const char *expected)
{
	struct ct_source_path path;
	char shown[256] = "";
	bool found = ct_source_target(piece_of(statement), &path);

	if (found)
		show(&path, shown, sizeof(shown));
	if (found != (expected != NULL) || (found && strcmp(shown, expected) != 0))
		fail_msg("%s: %s", statement, found ? shown : "none");
}

static void test_target(void **state)
{
	(void)state;
	check_target("\n\ttotal += amount", "total");
	check_target("task.document -> words = 3", "task.document>words");
	check_target("rows[i + 1][2].done |= x", "rows[][].done");
	check_target("size++", "size");
	check_target(" --hall.seats ", "hall.seats");
	check_target("*p = 1", "p*");
	check_target("x <<= 2", "x");
	check_target("if (a == b) x = 1", "x");
	check_target("else if (a) x = 1", "x");
	check_target("else x = 1", "x");
	check_target("elsewhere = 1", "elsewhere");

	check_target("", NULL);
	check_target("a == b", NULL);
	check_target("a <= b || a >= c || a != d", NULL);
	check_target("int x = 1", NULL);
	check_target("int *x = p", NULL);
	check_target("a = b = c", NULL);
	check_target("a = b++", NULL);
	check_target("(*p).x = 1", NULL);
	check_target("*p++ = 1", NULL);
	check_target("f(x) = 1", NULL);
	check_target("ns::x = 1", NULL);
	check_target("if (a = b) c", NULL);
	check_target("if (a", NULL);
	check_target("x[1 = 2", NULL);
	check_target("++", NULL);
	check_target("= 3", NULL);
	check_target("a.b.c.d.e.f.g.h.i.j.k.l.m = 1", NULL);
}

static void test_each_path(void **state)
{
	static const char *const expected[] = {"return", "a>b", "c*", "f", "d[]"};
	const char text[] = "return a->b + 12 *c, f(d[1])";
	struct ct_source_path path;
	size_t at = 0, count = 0;

	(void)state;
	while (ct_source_next_path(piece_of(text), &at, &path)) {
		char shown[256] = "";

		show(&path, shown, sizeof(shown));
		assert_true(count < 5);
		assert_string_equal(shown, expected[count++]);
	}
	assert_int_equal(count, 5);
}

static bool calls(const char *text, bool writes, const char *name)
{
	return ct_source_calls_atomic(piece_of(text), writes, name);
}

static void test_calls(void **state)
{
	(void)state;
	assert_true(calls("__atomic_store_n(&x, 1, 0)", true, "x"));
	assert_true(calls("__atomic_store_n(to, 1, 0)", true, "x"));
	assert_true(calls("n = atomic_load_explicit (&p->x, order)", false, NULL));
	assert_true(calls("__sync_fetch_and_add(&x, 1)", true, "x"));
	assert_true(calls("__sync_fetch_and_add(&x, 1)", false, "x"));
	assert_true(calls("y = READ_ONCE(x)", false, "x"));
	assert_true(calls("WRITE_ONCE(x, 1)", true, "x"));
	assert_true(calls("ck_pr_store_int(&x, 1)", true, "x"));
	assert_true(calls("uatomic_inc(&x)", true, NULL));
	assert_true(calls("seen = rcu_dereference(x)", false, "x"));
	assert_true(calls("cds_list_for_each_entry_rcu(r, &list, link) f(r->to)", false, NULL));
	assert_true(calls("g_atomic_int_set(&x, 1)", true, NULL));

	/* what is plain in such a line */
	assert_false(calls("x = atomic_load(&y)", true, NULL));
	assert_false(calls("atomic_store(&y, x)", false, NULL));
	assert_false(calls("x = atomic_exchange(&y, 1)", true, "x"));
	assert_false(calls("x = 1", true, "x"));
	assert_false(calls("store(&x, 1)", true, "x"));
	assert_false(calls("atomic_thread_fence(order)", true, NULL));
	assert_false(calls("atomic_init(&x, 1)", true, "x"));
	assert_false(calls("atomic_x = 1", true, NULL));
}

static void test_headers(void **state)
{
	(void)state;
	assert_true(ct_source_is_atomic_header("/usr/include/c++/12/bits/atomic_base.h"));
	assert_true(ct_source_is_atomic_header("/usr/include/c++/12/atomic"));
	assert_true(ct_source_is_atomic_header("/usr/include/gcc/x86_64/ck_pr.h"));
	assert_true(ct_source_is_atomic_header("/usr/include/urcu/uatomic/x86.h"));
	assert_false(ct_source_is_atomic_header("/usr/include/c++/12/bits/stl_vector.h"));
	assert_false(ct_source_is_atomic_header("/home/me/atomic_counter.c"));
	assert_false(ct_source_is_atomic_header("atomic"));
	assert_true(ct_source_is_atomic_function("rcu_xchg_pointer_sym"));
	assert_false(ct_source_is_atomic_function("run(std::atomic<int>*)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_target),
		cmocka_unit_test(test_each_path),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
