/* report/report_text.c and what it is made of: stacks, source lines, summary, colours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/source.h"
#include "base/text.h"
#include "finding/stack.h"

#include "report_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	fixture_init(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_fini(*state);
	free(*state);
	return 0;
}

/* The report; to be freed. */
static char *write_report(struct fixture *f)
{
	struct ct_text out;
	char *copy;

	ct_text_init(&out);
	assert_int_equal(ct_report_text.write(&f->report, &out), CT_OK);
	copy = strdup(ct_text_str(&out));
	ct_text_fini(&out);
	return copy;
}

static void assert_report(struct fixture *f, const char *expected)
{
	char *report = write_report(f);

	assert_string_equal(report, expected);
	free(report);
}

static void assert_has(struct fixture *f, const char *part, bool expected)
{
	char *report = write_report(f);

	if (!!strstr(report, part) != expected)
		fail_msg("%s: \"%s\" in\n%s", expected ? "missing" : "unwanted", part, report);
	free(report);
}

static void test_nothing_found(void **state)
{
	assert_report(*state, "no deadlock, lock-order problem or misuse found\n"
			      "recorded: 1 process, 2 threads, 2 locks, 9 events\n");
}

static void test_cycle(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);

	finding->assumes = "T2 does not depend on what main wrote.";
	assert_report(f,
		      "error[lock-order]: main and T2 lock `accounts` and `M1` in opposite orders\n"
		      "  predicted: another order of the same steps makes it happen\n"
		      "\n"
		      "  main\n"
		      "    holds `accounts`, taken\n"
		      "        at deposit (bank.c:11)\n"
		      "        by main (bank.c:30)\n"
		      "    then locks `M1`\n"
		      "        at deposit (bank.c:12)\n"
		      "        by main (bank.c:30)\n"
		      "  T2\n"
		      "    holds `M1` (mutex initialised at bank.c:41), taken\n"
		      "        at withdraw (bank.c:13)\n"
		      "        by worker (bank.c:30)\n"
		      "    then locks `accounts`\n"
		      "        at withdraw (bank.c:14)\n"
		      "        by worker (bank.c:30)\n"
		      "\n"
		      "  assumes: T2 does not depend on what main wrote.\n"
		      "  fix: Take these locks in one order everywhere.\n"
		      "\n"
		      "1 error, 0 warnings\n"
		      "recorded: 1 process, 2 threads, 2 locks, 9 events\n");
}

/* A hang: the threads stand where they ask; and waits for other things than locks. */
static void test_observed(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);

	finding->evidence = CT_OBSERVED;
	finding->fix = "Join before you lock.";
	finding->steps[0].wants = NULL;
	finding->steps[0].waits_for_thread = &f->threads[1];
	finding->steps[0].verb = "joins";
	finding->steps[1].holds = NULL;
	assert_has(f, "  observed: it happened in this run\n", true);
	assert_has(f, "    is stuck where it joins T2\n        at deposit (bank.c:12)\n", true);
	assert_has(f, "  T2\n    is stuck where it locks `accounts`\n", true);
	assert_has(f, "  fix: Join before you lock.\n", true);
	finding->steps[0].waits_for_thread = NULL;
	finding->steps[0].waits_for_process = &f->process;
	finding->steps[0].verb = "waits for";
	assert_has(f, "    is stuck where it waits for bank\n", true);
}

/* The ring of who waits for whom, and who waits beside it; only of what stands. */
static void test_picture(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	struct ct_thread third = {.id = 2, .name = "T3", .process = &f->process};
	struct ct_place places[20];

	assert_has(f, "who waits for whom", false);
	finding->evidence = CT_OBSERVED;
	assert_has(f,
		   "  who waits for whom\n"
		   "    +-> main\n"
		   "    |     | locks `M1`\n"
		   "    |     v\n"
		   "    |   T2\n"
		   "    |     | locks `accounts`\n"
		   "    +-----+\n"
		   "\n",
		   true);
	third.wait = (struct ct_wait){.kind = CT_WAIT_JOIN, .thread = &f->threads[1]};
	for (size_t i = 0; i < 20; i++) {
		places[i] = fixture_place(f, 0, 0);
		places[i].thread = &third;
		places[i].text = "is stuck behind them";
	}
	finding->places = places;
	finding->place_count = 20;
	assert_has(f, "    +-----+\n        T3 --joins--> T2\n\n", true);
	assert_has(f, "  T3 is stuck behind them\n  and 12 more likewise\n", true);
}

static void test_places_and_given_texts(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	struct ct_place places[2] = {fixture_place(f, 1, 4), fixture_place(f, 0, 0)};

	places[0].text = "could have signalled";
	places[1].thread = NULL;
	places[1].text = "nobody else can";
	finding->places = places;
	finding->place_count = 2;
	finding->steps[0].held_at.text = "took `accounts` long ago";
	finding->steps[0].wanted_at.text = "asks for `M1` now";
	assert_has(f, "  T2 could have signalled\n        at withdraw (bank.c:14)\n", true);
	assert_has(f, "  nobody else can\n\n", true);
	assert_has(f, "  main\n    took `accounts` long ago\n        at deposit (bank.c:11)\n",
		   true);
	assert_has(f, "    asks for `M1` now\n", true);
}

static void test_without_symbols(void **state)
{
	struct fixture *f = *state;

	fixture_cycle(f);
	f->report.symbols = NULL;
	assert_has(f, "    then locks `M1`\n  T2\n", true);
}

static void test_ruled_out(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *pattern =
		ct_findings_rule_out(&f->findings, &fixture_rule, "both hold `gate`");

	pattern->headline = "main and T2 lock `accounts` and `M1` in opposite orders";
	fixture_steps(f, pattern);
	assert_report(f, "no deadlock, lock-order problem or misuse found\n"
			 "recorded: 1 process, 2 threads, 2 locks, 9 events\n"
			 "1 pattern cannot happen: --explain says why\n");
	f->report.explain = true;
	assert_report(f, "ruled out\n"
			 "  lock-order: main and T2 lock `accounts` and `M1` in opposite orders\n"
			 "    cannot happen: both hold `gate`\n"
			 "    main holds `accounts` (bank.c:11), locks `M1` (bank.c:12)\n"
			 "    T2 holds `M1` (bank.c:13), locks `accounts` (bank.c:14)\n"
			 "\n"
			 "no deadlock, lock-order problem or misuse found\n"
			 "recorded: 1 process, 2 threads, 2 locks, 9 events\n");
}

static void test_summary(void **state)
{
	struct fixture *f = *state;
	char *problems[12];

	for (size_t i = 0; i < 12; i++)
		problems[i] = "p1.t1: byte 7: torn";
	f->trace.problems = problems;
	f->trace.problem_count = 12;
	f->trace_threads[1].discarded = 12;
	f->symbols.warnings[0] = "bank: the file changed since it ran";
	f->symbols.warning_count = 1;
	f->objects[1].kind = CT_OBJECT_COND;
	f->report.program_status = "the program exited with status 1";
	ct_findings_add(&f->findings, &fixture_rule, CT_POTENTIAL)->severity = CT_NOTE;
	assert_has(f,
		   "0 errors, 0 warnings, 1 note\n"
		   "the program exited with status 1\n"
		   "recorded: 1 process, 2 threads, 1 lock, 1 other sync object, 9 events\n"
		   "incomplete: 12 records of 1 thread were lost; "
		   "what they would have shown is not in this report\n"
		   "trace: p1.t1: byte 7: torn\n",
		   true);
	assert_has(f, "  fix:", false); /* of no place */
	assert_has(f, "... 2 more\nsymbols: bank: the file changed since it ran\n", true);
	f->process_list[0] = &f->process;
	f->model.process_count = 2;
	assert_has(f, "recorded: 2 processes", true);
}

/* Names come from the traced program: they must not reach the terminal as commands. */
static void test_hostile_names(void **state)
{
	struct fixture *f = *state;

	fixture_cycle(f)->headline = "main \033[2J";
	f->threads[1].name = "T\n2";
	f->symbols.variable = "a\033b";
	f->symbols.stacks[0][1].function = "f\r";
	f->symbols.stacks[1][1].file = "/src/b\ta.c";
	assert_has(f, "error[lock-order]: main \\x1B[2J\n", true);
	assert_has(f, "  T\\x0A2\n", true);
	assert_has(f, "holds `a\\x1Bb`", true);
	assert_has(f, "at f\\x0D (bank.c:11)", true);
	assert_has(f, "at deposit (b\\x09a.c:12)", true);
	assert_has(f, "\033", false);
}

static void test_color(void **state)
{
	struct fixture *f = *state;

	fixture_cycle(f);
	assert_has(f, "\033", false);
	f->report.color = true;
	assert_has(f, "\033[1;31merror[lock-order]\033[0m: \033[1mmain and T2 ", true);
}

static void test_deep_stack(void **state)
{
	struct fixture *f = *state;

	fixture_cycle(f);
	f->symbols.depths[0] = 0;
	for (int i = 0; i < 15; i++)
		symbols_frame(&f->symbols, 1, "recurse", "/src/bank.c", 100 + i);
	assert_has(f, "        by recurse (bank.c:111)\n        ... 3 more\n    then", true);
	assert_has(f, "bank.c:112", false);
}

/* The source line stands below the innermost frame of the program's own. */
static void test_source_line(void **state)
{
	static const char source[] = "first\n\t\tlock(&a);\t/* \033 */ \r\n\nlast";
	char folder[] = "/tmp/ct_report_XXXXXX", path[64];
	struct fixture *f = *state;
	FILE *file;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/bank.c", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fwrite(source, 1, sizeof(source) - 1, file);
	fclose(file);
	fixture_cycle(f);
	f->report.directory = folder;
	assert_int_equal(ct_sources_new(folder, &f->report.sources), CT_OK);
	f->symbols.depths[0] = f->symbols.depths[1] = 0;
	symbols_frame(&f->symbols, 1, "std::mutex::lock", "/usr/include/c++/12/mutex", 1);
	f->symbols.stacks[0][0].inlined = 1;
	symbols_frame(&f->symbols, 1, "deposit", path, 2);
	symbols_frame(&f->symbols, 2, "deposit", "bank.c", 4);
	symbols_frame(&f->symbols, 2, "main", "bank.c", 3);
	assert_has(f,
		   "        at std::mutex::lock (/usr/include/c++/12/mutex:1, inlined)\n"
		   "        by deposit (bank.c:2)\n"
		   "           2 | lock(&a); /* \\x1B */\n"
		   "    then",
		   true);
	assert_has(f,
		   "        at deposit (bank.c:4)\n"
		   "           4 | last\n"
		   "        by main (bank.c:3)\n"
		   "  T2",
		   true);
	/* No such line; a FIFO would block whoever opens it. */
	f->symbols.stacks[0][1].line = 5;
	assert_has(f, "5 |", false);
	/* A file is read once: what became of it since does not count. */
	f->symbols.stacks[0][1].line = 4;
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_has(f, "           4 | last\n", true);
	ct_sources_free(f->report.sources);
	assert_int_equal(ct_sources_new(folder, &f->report.sources), CT_OK);
	assert_has(f, " | ", false);
	ct_sources_free(f->report.sources);
	unlink(path);
	rmdir(folder);
}

static void test_shown_stack(void **state)
{
	struct fixture *f = *state;
	struct ct_shown_stack shown;

	ct_stack_shown(&f->symbols, 1, 1, &shown);
	assert_int_equal(shown.count, 2);
	assert_string_equal(shown.frames[0].function, "deposit");
	assert_ptr_equal(shown.top, &shown.frames[0]);
	ct_stack_shown(&f->symbols, 1, 0, &shown);
	assert_int_equal(shown.count, 0);
	assert_null(shown.top);
	ct_stack_shown(NULL, 1, 1, &shown);
	assert_int_equal(shown.count, 0);
	/* std::thread's layers outside the start routine; a stripped libc gives wrong names. */
	f->symbols.depths[6] = 0;
	symbols_frame(&f->symbols, 7, "work", "/src/a.cc", 5);
	symbols_frame(&f->symbols, 7, "std::__invoke", "/usr/include/c++/12/bits/invoke.h", 60);
	symbols_frame_in(&f->symbols, 7, "execute_native", "/lib/x86_64-linux-gnu/libstdc++.so.6",
			 1);
	symbols_frame_in(&f->symbols, 7, "trampoline", "/opt/lib/libconctrace.so", 1);
	symbols_frame_in(&f->symbols, 7, "pthread_condattr_setpshared", "/lib/libc.so.6", 1);
	ct_stack_shown(&f->symbols, 1, 7, &shown);
	assert_int_equal(shown.count, 1);
	/* A thread of libc's own: better that than nothing. */
	symbols_frame_in(&f->symbols, 8, "ct_hook", "/opt/lib/libconctrace.so", 1);
	symbols_frame_in(&f->symbols, 8, "helper", "/lib/libc.so.6", 0x30);
	ct_stack_shown(&f->symbols, 1, 8, &shown);
	assert_int_equal(shown.count, 1);
	assert_string_equal(shown.top->function, "helper");
}

static void assert_frame(struct ct_frame frame, const char *expected)
{
	struct ct_text out;

	ct_text_init(&out);
	ct_frame_add(&out, &frame, "/src/");
	assert_string_equal(ct_text_str(&out), expected);
	ct_text_fini(&out);
}

static void test_frames(void **state)
{
	(void)state;
	assert_frame((struct ct_frame){.function = "f", .file = "/src//x/a.c", .line = 3},
		     "f (x/a.c:3)");
	assert_frame((struct ct_frame){.function = "f", .file = "/srcs/a.c"}, "f (/srcs/a.c)");
	assert_frame((struct ct_frame){.file = "a.c", .line = 3}, "a.c:3");
	assert_frame((struct ct_frame){.function = "f"}, "f");
	assert_frame((struct ct_frame){.function = "f", .module = "/lib/libx.so", .offset = 0x1f},
		     "f (libx.so+0x1f)");
	assert_frame((struct ct_frame){.module = "/lib/libx.so", .offset = 0x1f}, "libx.so+0x1f");
	/* An address alone differs from run to run. */
	assert_frame((struct ct_frame){.offset = 0x7fff1234}, "a place that is not known");
}

static void test_reporters(void **state)
{
	(void)state;
	for (size_t i = 0; ct_reporters[i]; i++) {
		assert_ptr_equal(ct_reporter_find(ct_reporters[i]->name), ct_reporters[i]);
		assert_true(*ct_reporters[i]->extension && *ct_reporters[i]->description);
	}
	assert_ptr_equal(ct_reporter_find("text"), &ct_report_text);
	assert_null(ct_reporter_find("nonsense"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_found),
		TEST(test_cycle),
		TEST(test_observed),
		TEST(test_picture),
		TEST(test_places_and_given_texts),
		TEST(test_without_symbols),
		TEST(test_ruled_out),
		TEST(test_summary),
		TEST(test_hostile_names),
		TEST(test_color),
		TEST(test_deep_stack),
		TEST(test_source_line),
		TEST(test_shown_stack),
		TEST(test_frames),
		TEST(test_reporters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
