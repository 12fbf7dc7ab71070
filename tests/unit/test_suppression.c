/* finding/suppression: globs, stacks, the file, what is generated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "finding/suppression.h"
#include "finding/suppression_set.h"
#include "report_fixture.h"

static const struct ct_rule race_rule = {.id = "data-race", .title = "a race"};
static const struct ct_rule *const rules[] = {&fixture_rule, &race_rule, NULL};

enum { TODAY = 20000 }; /* 2024-10-04 */

static void test_globs(void **state)
{
	static const struct {
		const char *glob, *text;
		bool matches;
	} cases[] = {
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"abc", "abc", true},
		{"abc", "abcd", false},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"*", "", true},
		{"*c", "abcabc", true},
		{"a*b*c", "aXbYbc", true},
		{"a*b*c", "aXcYb", false},
		{"slots[3]", "slots[3]", true},
		{"slots[3]", "slots3", false},
		{"operator\\*", "operator*", true},
		{"operator\\*", "operatorX", false},
		{"\\\\", "\\", true},
		{"a\\", "a\\", true},
		{"\\??", "?x", true},
		{"\\??", "xx", false},
		{"*", NULL, true},
		{"a", NULL, false},
		{"", NULL, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (ct_glob_matches(cases[i].glob, cases[i].text) != cases[i].matches)
			fail_msg("\"%s\" and \"%s\"", cases[i].glob, cases[i].text);
}

/* Would take years if each star were tried anew. */
static void test_many_stars(void **state)
{
	char glob[201] = "", text[5001] = "";

	(void)state;
	for (size_t i = 0; i < 100; i++)
		memcpy(glob + 2 * i, "a*", 2);
	glob[199] = 'b';
	memset(text, 'a', 5000);
	assert_false(ct_glob_matches(glob, text));
}

static struct ct_frame frames[] = {
	{.function = "lock", .file = "/usr/include/mutex.h", .module = "/src/bank"},
	{.function = "deposit", .file = "/src/bank.c", .module = "/src/bank"},
	{.function = "operator< <int>", .file = "/src/less.cc", .module = "/lib/libless.so.1"},
	{.function = NULL, .module = "/lib/libplain.so"},
	{.function = "main", .file = "/src/bank.c", .module = "/src/bank"},
};

static void test_stacks(void **state)
{
	static const struct {
		const char *pattern;
		bool matches;
	} cases[] = {
		{"lock", true},
		{"deposit", true}, /* the frame to point at */
		{"main", false},
		{"lock < deposit < operator< <int> < * < main", true},
		{"deposit < operator< <int>", true},
		{"deposit < main", false},
		{"deposit < ... < main", true},
		{"... < main", true},
		{"...", true},
		{"... < operator*", true},
		{"... < lock < main", false},
		{"... < deposit < ... < ... < main", true},
		{"main < *", false},
		{"... < main < *", false},
		{"* < * < file:less.cc", true},
		{"* < * < file:src/less.cc", true},
		{"* < * < file:/src/*", true},
		{"* < * < file:ess.cc", false},
		{"deposit < lib:libless.so*", true},
		{"deposit < lib:/lib/*", true},
		{"deposit < * < lib:libplain.so < main", true},
		{"deposit < * < libplain.so < main", false},
		{"deposit < * < file:x < main", false},
	};
	const struct ct_shown_stack stack = {.frames = frames, .count = 5, .top = &frames[1]};
	struct ct_arena arena;

	(void)state;
	ct_arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ct_stack_pattern pattern;

		assert_int_equal(ct_stack_pattern_parse(cases[i].pattern, &arena, &pattern), CT_OK);
		if (ct_stack_pattern_matches(&pattern, &stack) != cases[i].matches)
			fail_msg("%s", cases[i].pattern);
	}
	ct_arena_fini(&arena);
}

static void test_bad_stacks(void **state)
{
	static const char *const cases[] = {"", " ", "<", "a <", "< a", "a < < b", "a < "};
	struct ct_stack_pattern pattern;
	struct ct_arena arena;

	(void)state;
	ct_arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (ct_stack_pattern_parse(cases[i], &arena, &pattern) != CT_EFORMAT)
			fail_msg("\"%s\"", cases[i]);
	ct_arena_fini(&arena);
}

static enum ct_status read_text(struct ct_suppressions *set, const char *text, int64_t today,
				struct ct_error *error)
{
	char path[] = "/tmp/ct-suppression.XXXXXX";
	int fd = mkstemp(path);
	enum ct_status status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	status = ct_suppressions_read(set, path, today, error);
	unlink(path);
	return status;
}

/* Whether a file with this text hides the cycle of the fixture. */
static bool hides(struct fixture *f, const char *text)
{
	struct ct_suppressions *set;
	struct ct_error error;

	for (size_t i = 0; i < f->findings.count; i++)
		f->findings.items[i]->hiding = CT_TOLD;
	assert_int_equal(ct_suppressions_new(rules, &set), CT_OK);
	if (read_text(set, text, TODAY, &error) != CT_OK)
		fail_msg("%s", error.text);
	assert_int_equal(ct_suppressions_apply(set, &f->findings, &f->symbols, &f->naming), CT_OK);
	ct_suppressions_free(set);
	return f->findings.items[0]->hiding == CT_SUPPRESSED;
}

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	if (!f)
		return -1;
	fixture_init(f);
	*state = f;
	return fixture_cycle(f) ? 0 : -1;
}

static int teardown(void **state)
{
	fixture_fini(*state);
	free(*state);
	return 0;
}

static void test_parts_of_a_finding(void **state)
{
	struct fixture *f = *state;

	assert_true(hides(f, "[lock-order]\nreason = x\n"));
	assert_true(hides(f, "[*]\nreason = x\n"));
	assert_false(hides(f, "[data-race]\nreason = x\n"));
	assert_false(hides(f, ""));
	assert_true(hides(f, "[*]\nreason = x\nobject = acc*\n"));
	assert_false(hides(f, "[*]\nreason = x\nobject = acc*\nobject = M1\n"));
	assert_true(hides(f, "[*]\nreason = x\nstack = deposit < main\nstack = withdraw\n"));
	assert_false(hides(f, "[*]\nreason = x\nstack = deposit < worker\n"));
	/* two places each, no more */
	assert_true(hides(f, "[*]\nreason = x\nstack = deposit\nstack = deposit\n"));
	assert_false(
		hides(f, "[*]\nreason = x\nstack = deposit\nstack = deposit\nstack = deposit\n"));
	/* who takes what first must not matter */
	assert_true(hides(f, "[*]\nreason = x\nstack = *\nstack = *\nstack = deposit\nstack = "
			     "deposit\n"));
	assert_false(hides(f, "[*]\nreason = x\nstack = *\nstack = *\nstack = deposit\nstack = "
			      "withdraw\nstack = *\n"));
}

static void test_the_first_reason_counts(void **state)
{
	struct fixture *f = *state;
	struct ct_suppressions *set;
	const char *const *lines;
	struct ct_error error;
	size_t count;

	assert_int_equal(ct_suppressions_new(rules, &set), CT_OK);
	assert_int_equal(read_text(set,
				   "[*]\nreason = a\n b ; not this\n[data-race]\nreason = c\n"
				   "[lock-order]\nreason = d\n",
				   TODAY, &error),
			 CT_OK);
	assert_int_equal(ct_suppressions_apply(set, &f->findings, &f->symbols, &f->naming), CT_OK);
	assert_string_equal(f->findings.items[0]->hidden_by, "a b");
	assert_int_equal(ct_suppressions_unused(set, &lines, &count), CT_OK);
	assert_int_equal(count, 1);
	assert_non_null(strstr(lines[0], ":4: [data-race] hid nothing"));
	ct_suppressions_free(set);
}

static void test_days(void **state)
{
	static const struct {
		const char *day;
		int64_t first; /* on which it counts no more */
	} cases[] = {{"1970-01-02", 1},
		     {"2000-02-29", 11016},
		     {"2024-10-04", 20000},
		     {"9999-12-31", 2932896}};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (int64_t today = cases[i].first - 1; today <= cases[i].first; today++) {
			struct ct_suppressions *set;
			char text[100];

			f->findings.items[0]->hiding = CT_TOLD;
			snprintf(text, sizeof(text), "[*]\nreason = x\nexpires = %s\n",
				 cases[i].day);
			assert_int_equal(ct_suppressions_new(rules, &set), CT_OK);
			assert_int_equal(read_text(set, text, today, NULL), CT_OK);
			assert_int_equal(ct_suppressions_apply(set, &f->findings, NULL, NULL),
					 CT_OK);
			assert_int_equal(f->findings.items[0]->hiding == CT_SUPPRESSED,
					 today < cases[i].first);
			ct_suppressions_free(set);
		}
	}
}

static void test_bad_files(void **state)
{
	static const char *const cases[] = {
		"[*]\n",
		"[*\nreason = x\n",
		"[nonsense]\nreason = x\n",
		"reason = x\n",
		"[*]\nreason = x\nwhy = y\n",
		"[*]\nreason = x\nexpires = 2024-1-1\n",
		"[*]\nreason = x\nexpires = 2023-02-29\n",
		"[*]\nreason = x\nexpires = 2024-01-01x\n",
		"[*]\nreason = x\nexpires = 2024-01-01\nexpires = 2024-01-01\n",
		"[*]\nreason = x\n stack = y\n",
		"[*]\nreason = x\n\tobject: y\n",
		"[*]\nreason = x\n[data-race]\n[*]\nreason = x\n",
		"[*]\nreason = x\nobject =\n",
		"[*]\nreason\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ct_suppressions *set;
		struct ct_error error = {0};

		assert_int_equal(ct_suppressions_new(rules, &set), CT_OK);
		if (read_text(set, cases[i], TODAY, &error) != CT_EFORMAT)
			fail_msg("%s is read", cases[i]);
		assert_non_null(strchr(error.text, ':'));
		ct_suppressions_free(set);
	}
}

/* Generates one for the cycle and reads it. */
static bool comes_back(struct fixture *f)
{
	struct ct_text text;
	bool hidden;

	ct_text_init(&text);
	ct_suppression_generate(&text, f->findings.items[0], "a\nheadline", &f->symbols,
				&f->naming);
	assert_int_equal(ct_text_status(&text), CT_OK);
	hidden = hides(f, ct_text_str(&text));
	ct_text_fini(&text);
	return hidden;
}

static void test_generated(void **state)
{
	static const char wanted[] = "; 0000000000000000:0: head\n"
				     "[lock-order]\n"
				     "reason = (say why)\n"
				     "object = accounts\n"
				     "stack = deposit < main\n"
				     "stack = deposit < main\n"
				     "stack = withdraw < worker\n"
				     "stack = withdraw < worker\n"
				     "\n";
	struct fixture *f = *state;
	struct ct_text text;

	ct_text_init(&text);
	ct_suppression_generate(&text, f->findings.items[0], "head", &f->symbols, &f->naming);
	assert_string_equal(ct_text_str(&text), wanted);
	ct_text_fini(&text);
	assert_true(comes_back(f));
	/* it is about these functions and that object */
	ct_text_init(&text);
	ct_suppression_generate(&text, f->findings.items[0], "head", &f->symbols, &f->naming);
	f->symbols.variable = "ledger";
	assert_false(hides(f, ct_text_str(&text)));
	f->symbols.variable = "accounts";
	f->symbols.stacks[3][1].function = "audit";
	assert_false(hides(f, ct_text_str(&text)));
	ct_text_fini(&text);
}

/* As C++ has them: a colon means something only behind "file" and "lib". */
static void test_generated_of_namespaces(void **state)
{
	struct fixture *f = *state;
	struct ct_text text;

	f->symbols.variable = "ns::counter";
	f->symbols.stacks[0][1].function = "ns::Account::add(int)";
	f->symbols.stacks[2][1].function = "lib::take";
	f->symbols.stacks[3][1].function = "file::drop";
	assert_true(comes_back(f));
	ct_text_init(&text);
	ct_suppression_generate(&text, f->findings.items[0], "head", &f->symbols, &f->naming);
	assert_non_null(strstr(ct_text_str(&text), "\nobject = ns::counter\n"));
	assert_non_null(strstr(ct_text_str(&text), "\nstack = ns::Account::add(int) < main\n"));
	assert_non_null(strstr(ct_text_str(&text), "\nstack = lib\\::take < worker\n"));
	f->symbols.stacks[3][1].function = "other::drop";
	assert_false(hides(f, ct_text_str(&text)));
	ct_text_fini(&text);
}

static void test_generated_of_strange_names(void **state)
{
	static const char *const names[] = {
		"operator*", "a ; b",  "; x",
		"a < b",     "<",      "...",
		".x",	     "file:x", "lib:",
		"[x]",	     "# x",    "x\ny",
		"\xff\xfe",  "a = b",  "std::less<int>::operator()(int, int) const",
		"\\",	     "?",      " a ",
		"x\x01",     "= x",
	};
	char long_name[3000];
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		f->symbols.stacks[0][1].function = names[i];
		f->symbols.variable = names[i];
		if (!comes_back(f))
			fail_msg("\"%s\"", names[i]);
	}
	memset(long_name, '*', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	f->symbols.stacks[0][1].function = f->symbols.variable = long_name;
	assert_true(comes_back(f));
	memset(&f->symbols, 0, sizeof(f->symbols));
	assert_true(comes_back(f)); /* by its rule only */
}

/* The memory of a race may have a name as long and as strange as a function's. */
static void test_generated_of_strange_memory(void **state)
{
	static const char *const names[] = {"counts[3]", "x\n[*]", "a ; b", "\\", " a "};
	struct ct_race race = {.address = 0x1000};
	char long_name[3000];
	struct fixture *f = *state;

	f->findings.items[0]->race = &race;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		f->symbols.data.name = names[i];
		if (!comes_back(f))
			fail_msg("\"%s\"", names[i]);
	}
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	f->symbols.data.name = long_name;
	assert_true(comes_back(f));
	f->findings.items[0]->race = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_many_stars),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_bad_stacks),
		cmocka_unit_test_setup_teardown(test_parts_of_a_finding, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_first_reason_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_days, setup, teardown),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test_setup_teardown(test_generated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_generated_of_namespaces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_generated_of_strange_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_generated_of_strange_memory, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
