/*
 * detect/written_name: what a line calls the memory that it writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/written_name.h"

#include <string.h>

#include "base/text.h"

/* NULL: the line does not tell. */
static void expect(const char *line, const char *name)
{
	struct ct_text out;
	bool told;

	ct_text_init(&out);
	told = ct_written_name_add(&out, line, strlen(line));
	if (told != !!name || strcmp(ct_text_str(&out), name ? name : "") != 0)
		fail_msg("\"%s\" is said to write \"%s\"", line, ct_text_str(&out));
	ct_text_fini(&out);
}

static void test_told(void **state)
{
	(void)state;
	expect("\t\tlist->head = node;", "list->head");
	expect("  total += x * (y + 1); // of f(x)", "total");
	expect("p->a[i + 1].b <<= 2; /* = */", "p->a[i + 1].b");
	expect("(*w->sum)++;", "*w->sum");
	expect("--this->count_;\r", "this->count_");
	expect("seen = a == b;", "seen");
	expect("seen = a <= b && c != d || e >= f;", "seen");
	expect("queue::length--;", "queue::length");
}

static void test_not_told(void **state)
{
	static const char *const lines[] = {
		"",
		";",
		"= 1;",
		"int x = 1;",
		"struct node *node = list->head;",
		"auto &x = y;",
		"a = b = 0;",
		"a[i++] = 0;",
		"x = f(y);",
		"x = (*f)(y);",
		"SET(x) = 1;",
		"add (x);",
		"if (a) b = 1;",
		"for (i = 0; i < 9; i++) sum += i;",
		"a = 1, b = 2;",
		"a = b ? c : d;",
		"{ a = 1; }",
		"c = 'x';",
		"x = 1",
		"while (!done);",
		"return a == b;",
		"#define X x = 1;",
		"x) = 1;",
		"/* x = 1; */",
		"1++;",
		"a + b++;",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		expect(lines[i], NULL);
}

/* Not text that was meant for this. */
static void test_hostile(void **state)
{
	struct ct_text out;
	char line[400];

	(void)state;
	ct_text_init(&out);
	memset(line, 'a', sizeof(line));
	memcpy(line + sizeof(line) - 4, "= 1;", 4);
	assert_false(ct_written_name_add(&out, line, sizeof(line)));
	assert_false(ct_written_name_add(&out, "x\0 = 1;", 7));
	assert_false(ct_written_name_add(&out, "((((((", 6));
	assert_false(ct_written_name_add(&out, "++;", 3));
	assert_false(ct_written_name_add(&out, "()++;", 5));
	assert_int_equal(out.len, 0);
	ct_text_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_not_told),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
