/* How findings about memory read: report/race_words, text_race, columns, SARIF and fingerprint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/columns.h"
#include "finding/fingerprint.h"
#include "report/race_words.h"

#include "report_fixture.h"

#include <stdio.h>
#include <stdlib.h>

static const struct ct_rule race_rule = {
	.id = "data-race",
	.title = "data race",
	.help = "Protect both accesses by one lock.",
	.severity = CT_ERROR,
};

/* main writes at stack 1, T2 reads at stack 3; `accounts` is the lock that main holds. */
struct race_fixture {
	struct fixture base;
	struct ct_race race;
	struct ct_finding *finding;
	const struct ct_object *locks[2];
	enum ct_mode modes[2];
	struct ct_place taken[2];
};

static void hold(struct race_fixture *f, size_t side, size_t lock, enum ct_mode mode)
{
	f->locks[side] = &f->base.objects[lock];
	f->modes[side] = mode;
	f->taken[side] = fixture_place(&f->base, side, 2 + 2 * (uint32_t)side);
	f->race.sides[side].locks = &f->locks[side];
	f->race.sides[side].modes = &f->modes[side];
	f->race.sides[side].taken_at = &f->taken[side];
	f->race.sides[side].lock_count = 1;
}

static int setup(void **state)
{
	struct race_fixture *f = calloc(1, sizeof(*f));

	fixture_init(&f->base);
	f->base.symbols.data = (struct ct_symbol_data){
		.name = "counter", .type = "int", .file = "/src/bank.c", .line = 5, .whole = 4};
	f->race = (struct ct_race){.address = 0x1000, .in_run = true};
	for (size_t i = 0; i < 2; i++)
		f->race.sides[i] = (struct ct_race_side){
			.place = fixture_place(&f->base, i, 1 + 2 * (uint32_t)i),
			.address = 0x1000,
			.size = 4,
			.kind = i ? CT_ACCESS_READ : CT_ACCESS_WRITE,
		};
	f->finding = ct_findings_add(&f->base.findings, &race_rule, CT_PREDICTED);
	f->finding->race = &f->race;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct race_fixture *f = *state;

	fixture_fini(&f->base);
	free(f);
	return 0;
}

/* The report; to be freed. */
static char *write_report(struct race_fixture *f, const struct ct_reporter *reporter)
{
	struct ct_text out;
	char *copy;

	ct_text_init(&out);
	assert_int_equal(reporter->write(&f->base.report, &out), CT_OK);
	copy = strdup(ct_text_str(&out));
	ct_text_fini(&out);
	return copy;
}

static void assert_has(struct race_fixture *f, const char *part)
{
	char *report = write_report(f, &ct_report_text);

	if (!strstr(report, part))
		fail_msg("missing: \"%s\" in\n%s", part, report);
	free(report);
}

static void test_whole(void **state)
{
	struct race_fixture *f = *state;
	char *report;

	hold(f, 0, 0, CT_MODE_EXCLUSIVE);
	f->race.more = 3;
	report = write_report(f, &ct_report_text);
	assert_string_equal(
		report,
		"error[data-race]: data race on `counter`: main writes it in deposit (bank.c:11), "
		"T2 reads it in withdraw (bank.c:13), and nothing orders them\n"
		"  predicted: nothing in this run put one before the other\n"
		"\n"
		"  memory: `counter` (int), defined at bank.c:5\n"
		"\n"
		"    main                                             T2\n"
		"      writes 4 bytes                                   reads 4 bytes\n"
		"        at deposit (bank.c:11)                           at withdraw (bank.c:13)\n"
		"        by main (bank.c:30)                              by worker (bank.c:30)\n"
		"      holds `accounts`                                 holds no lock\n"
		"        taken at deposit (bank.c:12)\n"
		"\n"
		"  why: main holds `accounts`, T2 holds no lock; and no join, signal, message or "
		"atomic operation of the run puts one before the other\n"
		"  likewise: 3 more pairs of accesses of the same two places\n"
		"\n"
		"  fix: Hold `accounts` also where T2 reads it in withdraw (bank.c:13).\n"
		"\n"
		"1 error, 0 warnings\n"
		"recorded: 1 process, 2 threads, 2 locks, 9 events\n");
	free(report);
}

static void test_locks(void **state)
{
	struct race_fixture *f = *state;

	assert_has(f, "  why: neither holds a lock; and no join");
	assert_has(f, "  fix: Protect both accesses by one lock.\n");
	hold(f, 0, 0, CT_MODE_EXCLUSIVE);
	hold(f, 1, 1, CT_MODE_EXCLUSIVE);
	assert_has(f, "  why: main holds `accounts`, T2 holds `M1`: different locks; and no");
	assert_has(f, "  fix: Use one lock for both: `accounts` or `M1`.\n");
	hold(f, 0, 1, CT_MODE_SHARED);
	hold(f, 1, 1, CT_MODE_SHARED);
	assert_has(f, "      holds `M1` to read   ");
	assert_has(f, "  why: both hold `M1` only to read, which lets both in; and no");
	assert_has(f, "  fix: Take `M1` to write where it is written.\n");
}

/* What the kind of an access, or of the memory, says and asks for. */
static void test_kinds(void **state)
{
	struct race_fixture *f = *state;

	f->race.sides[0].kind = CT_ACCESS_WRITE | CT_ACCESS_READ | CT_ACCESS_VOLATILE;
	assert_has(f, "main updates it in deposit");
	assert_has(f, "      updates 4 bytes, as volatile ");
	assert_has(f, "by one lock. volatile neither orders accesses nor makes them atomic: ");
	f->race.sides[0].kind = CT_ACCESS_WRITE | CT_ACCESS_ATOMIC;
	assert_has(f, "  fix: One side is atomic, the other is not: make both atomic.\n");
	f->race.sides[0].kind = CT_ACCESS_WRITE | CT_ACCESS_VPTR;
	assert_has(f, "  fix: The object is used while its constructor or destructor runs");
	f->race.sides[0].kind = CT_ACCESS_WRITE | CT_ACCESS_FREE;
	assert_has(f, "main frees it in deposit");
	assert_has(f, "      frees the block ");
	assert_has(f, "  fix: Free the memory only when no other thread uses it any more");
	f->race.sides[0].kind = CT_ACCESS_WRITE;
	f->base.symbols.data.fields = "ready, done";
	assert_has(f, "  memory: `counter` (int), bit-fields ready, done, defined at");
	assert_has(f, "  fix: These bit-fields share bytes");
}

static void test_block(void **state)
{
	struct race_fixture *f = *state;

	f->race.block_address = 0xff0;
	f->race.block_size = 64;
	f->race.allocated_at = fixture_place(&f->base, 0, 2);
	f->base.symbols.data =
		(struct ct_symbol_data){.name = "node.next", .type = "struct node *"};
	assert_has(f, "data race on `node.next` in a heap block: main writes it");
	assert_has(f,
		   "  memory: `node.next` (struct node *) in a heap block of 64 bytes, from byte "
		   "16 on, allocated by main\n"
		   "        at deposit (bank.c:12)\n"
		   "        by main (bank.c:30)\n");
	f->base.symbols.data = (struct ct_symbol_data){0};
	assert_has(f, "data race on bytes 16 to 19 of a heap block of 64: main writes it");
	assert_has(f, "  memory: bytes 16 to 19 of a heap block of 64, allocated by main\n");
	f->race.sides[1].size = 1;
	assert_has(f, "data race on byte 16 of a heap block of 64: ");
}

static void test_stack_and_unknown(void **state)
{
	struct race_fixture *f = *state;

	f->base.symbols.data = (struct ct_symbol_data){0};
	assert_has(f, "data race on memory that has no name: ");
	f->race.stack_owner = &f->base.threads[1];
	assert_has(f, "data race on a variable on the stack of T2: ");
	f->base.symbols.data = (struct ct_symbol_data){.name = "sum",
						       .type = "int",
						       .function = "worker",
						       .file = "/src/bank.c",
						       .line = 9};
	assert_has(f, "data race on a variable on the stack of T2, probably `sum` of worker: ");
	assert_has(f, "  memory: a variable on the stack of T2, probably `sum` of worker (int), "
		      "defined at bank.c:9\n");
	assert_has(f, "by one lock. It lies on the stack of T2, where it is gone once");
}

static void test_processes(void **state)
{
	struct race_fixture *f = *state;
	struct ct_process child = {.number = 2, .pid = 12, .name = "bank"};

	f->base.process.pid = 11;
	f->base.model.process_count = 2;
	f->base.threads[1].process = &child;
	f->race.between_processes = true;
	f->race.sides[1].address = 0x5000;
	f->base.symbols.data = (struct ct_symbol_data){0};
	assert_has(f, "data race on shared memory: ");
	assert_has(f,
		   "    the same bytes of shared memory: at 0x1000 in bank (pid 11), at 0x5000 in "
		   "bank (pid 12)\n");
	assert_has(f, "PTHREAD_PROCESS_SHARED.\n");
	f->base.threads[1].process = &f->base.process;
}

/* What only another order of the run shows: how it comes about. */
static void test_predicted(void **state)
{
	struct race_fixture *f = *state;
	struct ct_witness_event event = {
		.place = fixture_place(&f->base, 1, 4),
		.verb = "locks",
		.object = &f->base.objects[1],
	};
	struct ct_witness witness = {.events = &event, .count = 1};

	f->race.in_run = false;
	f->finding->witness = &witness;
	assert_has(f, ", and only this run's order of locks kept them apart\n"
		      "  predicted: another order of the same steps makes it happen\n");
	assert_has(f, "  how it comes about: in this order, from top to bottom\n"
		      "    T2                            main\n"
		      "    locks `M1`\n"
		      "      bank.c:14\n"
		      "                                  RACE: writes 4 bytes\n"
		      "                                    bank.c:11\n"
		      "    RACE: reads 4 bytes\n"
		      "      bank.c:13\n");
	assert_has(f, "in this run one came before the other only because of who took which lock");
	f->finding->evidence = CT_POTENTIAL;
	assert_has(f, ", and nothing that was recorded orders them\n");
}

static void test_thread_local(void **state)
{
	struct race_fixture *f = *state;
	struct ct_thread *list[] = {&f->base.threads[0], &f->base.threads[1]};

	f->base.process.threads = list;
	f->base.process.thread_count = 2;
	f->base.threads[1].pthread = 0x1008;
	f->race.stack_owner = &f->base.threads[1]; /* where the C library puts them */
	assert_has(f, "data race on thread-local `accounts` of T2: main writes it");
	assert_has(f, "  fix: Protect both accesses by one lock.\n");
}

/* What the record lacks. */
static void test_incomplete(void **state)
{
	struct race_fixture *f = *state;

	f->base.trace.some_accesses = true;
	assert_has(f, "incomplete: some of the code was not compiled by conctrace cc");
	f->base.trace.sampled = true;
	assert_has(f, "incomplete: accesses to memory were sampled");
	f->base.findings.count = 0;
	assert_has(f, "no deadlock, lock-order problem, data race or misuse found\n");
}

/* A check and its use, and what comes between: from top to bottom. */
static void test_atomicity(void **state)
{
	struct race_fixture *f = *state;
	struct ct_race_side check = f->race.sides[0];

	check.kind = CT_ACCESS_READ;
	check.place.stack = 2;
	f->race.check = &check;
	f->race.lock = &f->base.objects[1];
	f->race.sides[1].kind = CT_ACCESS_WRITE;
	assert_has(f, "`counter` changed between check and use: main reads it in deposit "
		      "(bank.c:12), gives `M1` back and then writes it in deposit (bank.c:11); "
		      "between the two T2 writes it in withdraw (bank.c:13)\n");
	assert_has(f, "    main                                             T2\n"
		      "      reads 4 bytes\n"
		      "        at deposit (bank.c:12)\n"
		      "        by main (bank.c:30)\n"
		      "      holds no lock\n"
		      "                                                       writes 4 bytes\n");
	assert_has(f, "  fix: Hold `M1` from the check to the use, or check again");
	f->race.in_run = false;
	assert_has(f, "`counter` can change between check and use: ");
}

static void test_sarif(void **state)
{
	struct race_fixture *f = *state;
	char *report = write_report(f, &ct_report_sarif);

	assert_non_null(strstr(report, "\"text\": \"main writes 4 bytes\""));
	assert_non_null(strstr(report, "\"text\": \"T2 reads 4 bytes\""));
	assert_non_null(strstr(report, "\"startLine\": 11"));
	assert_non_null(strstr(report, "\"startLine\": 13"));
	free(report);
}

/* The same whichever side came first; another for another place or variable. */
static void test_fingerprint(void **state)
{
	struct race_fixture *f = *state;
	struct ct_race_side first = f->race.sides[0];
	uint64_t here, turned, elsewhere;

	assert_int_equal(ct_fingerprint(f->finding, &f->base.symbols, &here), CT_OK);
	f->race.sides[0] = f->race.sides[1];
	f->race.sides[1] = first;
	assert_int_equal(ct_fingerprint(f->finding, &f->base.symbols, &turned), CT_OK);
	assert_true(here == turned);
	f->base.symbols.data.name = "total";
	assert_int_equal(ct_fingerprint(f->finding, &f->base.symbols, &elsewhere), CT_OK);
	assert_false(here == elsewhere);
	f->base.symbols.data.name = "counter";
	f->race.sides[0].place.stack = 1;
	assert_int_equal(ct_fingerprint(f->finding, &f->base.symbols, &elsewhere), CT_OK);
	assert_false(here == elsewhere);
}

static void test_columns(void **state)
{
	struct ct_text out;
	struct ct_columns columns = {.out = &out, .width = 12};

	(void)state;
	ct_text_init(&out);
	ct_columns_add(&columns, "", "");
	ct_columns_add(&columns, "  at here and far", "b");
	ct_columns_add(&columns, "abcdefghijklmnop", "");
	ct_columns_add(&columns, "", "  \xc3\xa4\xc3\xb6\xc3\xbc a b c d");
	ct_columns_add_styled(&columns, CT_STYLE_SOURCE, "12 | int number;", "x");
	assert_string_equal(ct_text_str(&out),
			    "      at here     b\n"
			    "        and far\n"
			    "    abcdefghijkl\n"
			    "      mnop\n"
			    "                    \xc3\xa4\xc3\xb6\xc3\xbc a b c\n"
			    "                      d\n"
			    "    12 | int n..  x\n");
	ct_text_fini(&out);
}

/* main is held, T2 comes or is seen. */
static void catch_it(struct race_fixture *f, enum ct_caught_how how)
{
	f->race.caught = true;
	f->race.sides[0].how = CT_CAUGHT_HELD;
	f->race.sides[0].before = 41;
	f->race.sides[0].after = 42;
	f->race.sides[1].how = (uint8_t)how;
}

static void test_caught(void **state)
{
	struct race_fixture *f = *state;
	uint64_t mixed, same;

	catch_it(f, CT_CAUGHT_CAME);
	assert_has(f,
		   "data race on `counter`: main writes it in deposit (bank.c:11), T2 reads it in "
		   "withdraw (bank.c:13), at the same time\n");
	assert_has(f, "  why: neither holds a lock; main was about to write it and was kept there "
		      "for a moment, in which T2 came to read it, too\n");
	assert_has(f, "  value: 41 when main came there, 42 when it went on\n");
	f->race.sides[0].before = UINT32_MAX;
	f->race.sides[0].after = UINT32_MAX - 1;
	f->base.symbols.data.whole = 8; /* a part of what is of that type */
	assert_has(f, "  value: 0xffffffff when main came there, 0xfffffffe when it went on\n");
	f->base.symbols.data.whole = 4;
	assert_has(f, "  value: -1 when main came there, -2 when it went on\n");
	f->base.symbols.data.type = "volatile unsigned int";
	assert_has(f, "  value: 4294967295 when main came there");
	f->base.symbols.data.type = "float";
	f->race.sides[0].before = 0x3fc00000;
	assert_has(f, "  value: 1.5 when main came there");
	f->base.symbols.data.type = "struct node *";
	f->race.sides[0].size = 8;
	f->race.sides[0].before = f->race.sides[0].after = 0x7f0012345678;
	assert_has(f, "  value: 0x7f0012345678 all the time that main was kept there\n");
	catch_it(f, CT_CAUGHT_WATCHED);
	f->race.sides[1].kind = CT_ACCESS_WRITE | CT_CAUGHT_LIBRARY;
	assert_has(f, "for a moment, in which T2 did write it\n");
	assert_has(f, "writes 4 bytes, in code that has no traps");
	f->race.sides[0].size = 0;
	f->race.sides[1].size = 0;
	assert_has(f, "      writes it ");
	/* which instructions of the two lines met does not make it another one */
	assert_int_equal(ct_fingerprint(f->finding, &f->base.symbols, &mixed), CT_OK);
	f->race.sides[1].kind = CT_ACCESS_READ;
	assert_int_equal(ct_fingerprint(f->finding, &f->base.symbols, &same), CT_OK);
	assert_int_equal(mixed, same);
}

/* Whichever of the sides was held. */
static void test_caught_second(void **state)
{
	struct race_fixture *f = *state;

	catch_it(f, CT_CAUGHT_CAME);
	f->race.held = 1;
	f->race.sides[1].how = CT_CAUGHT_HELD;
	f->race.sides[0].how = CT_CAUGHT_CAME;
	f->race.sides[1].before = 7;
	f->race.sides[1].after = 8;
	assert_has(f,
		   "; T2 was about to read it and was kept there for a moment, in which main came "
		   "to write it, too\n");
	assert_has(f, "  value: 7 when T2 came there, 8 when it went on\n");
}

static uint64_t fingerprint_of(struct race_fixture *f)
{
	uint64_t fingerprint;

	assert_int_equal(ct_fingerprint(f->finding, &f->base.symbols, &fingerprint), CT_OK);
	return fingerprint;
}

/* Memory without a symbol is called as the source does, else by where it is; another name is
 * another finding. */
static void test_caught_unnamed(void **state)
{
	struct race_fixture *f = *state;
	uint64_t unnamed, head, length, file;

	catch_it(f, CT_CAUGHT_CAME);
	f->base.symbols.data = (struct ct_symbol_data){0};
	assert_has(f, "data race on heap or mapped memory: ");
	unnamed = fingerprint_of(f);
	f->race.called = "list->head";
	f->race.called_at = "list.c:24";
	assert_has(f, "data race on what list.c:24 calls `list->head`: main writes");
	assert_has(f, "  memory: what list.c:24 calls `list->head`: heap or mapped memory\n");
	head = fingerprint_of(f);
	f->race.called = "list->length";
	length = fingerprint_of(f);
	assert_int_not_equal(head, unnamed);
	assert_int_not_equal(head, length);
	f->race.stack_owner = &f->base.threads[1];
	assert_has(
		f,
		"  memory: what list.c:24 calls `list->length`: a variable on the stack of T2\n");
	f->race.stack_owner = NULL;
	f->race.called = NULL;
	f->race.address = f->race.sides[0].address = 0x2010;
	assert_has(f, "data race on static memory at bank+0x10: ");
	file = fingerprint_of(f);
	assert_int_not_equal(file, unnamed);
	f->race.address = f->race.sides[0].address = 0x2020;
	assert_int_not_equal(file, fingerprint_of(f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(test_locks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_block, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stack_and_unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(test_processes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_predicted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_thread_local, setup, teardown),
		cmocka_unit_test_setup_teardown(test_incomplete, setup, teardown),
		cmocka_unit_test_setup_teardown(test_atomicity, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sarif, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fingerprint, setup, teardown),
		cmocka_unit_test_setup_teardown(test_caught, setup, teardown),
		cmocka_unit_test_setup_teardown(test_caught_second, setup, teardown),
		cmocka_unit_test_setup_teardown(test_caught_unnamed, setup, teardown),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
