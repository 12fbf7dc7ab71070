/* base/text: appending, sticky failure, writing to slow descriptors, the escapes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define BAD "\xef\xbf\xbd" /* U+FFFD */
#define EACUTE "\xc3\xa9"

static int setup(void **state)
{
	*state = malloc(sizeof(struct ct_text));
	ct_text_init(*state);
	return 0;
}

static int teardown(void **state)
{
	ct_text_fini(*state);
	free(*state);
	return 0;
}

static void test_append(void **state)
{
	struct ct_text *text = *state;

	assert_string_equal(ct_text_str(text), "");
	ct_text_add(text, "one");
	ct_text_addc(text, ' ');
	ct_text_addn(text, "two and more", 3);
	ct_text_addn(text, NULL, 0);
	ct_text_addf(text, " %d%s", 3, "!");
	assert_string_equal(ct_text_str(text), "one two 3!");
	assert_int_equal(text->len, 10);
	ct_text_reset(text);
	assert_string_equal(ct_text_str(text), "");
	ct_text_addf(text, "%s", "");
	assert_string_equal(ct_text_str(text), "");
	assert_int_equal(ct_text_status(text), CT_OK);
}

/* Formatted pieces of every length around the growth steps. */
static void test_long_formats(void **state)
{
	struct ct_text *text = *state;
	size_t want = 0;

	for (int width = 1; width < 600; width++) {
		ct_text_addf(text, "%*d", width, 7);
		want += (size_t)width;
		assert_int_equal(text->len, want);
		assert_int_equal(strlen(text->data), want);
		assert_int_equal(text->data[want - 1], '7');
	}
}

static void test_failure_is_sticky(void **state)
{
	struct ct_text *text = *state;

	ct_text_add(text, "kept");
	ct_text_addn(text, "x", SIZE_MAX); /* cannot be: fails before it reads */
	assert_int_equal(ct_text_status(text), CT_ENOMEM);
	ct_text_add(text, "more");
	ct_text_addf(text, "%d", 1);
	ct_text_add_xml(text, "<");
	assert_string_equal(ct_text_str(text), "kept");
	assert_int_equal(ct_text_write(text, 1), CT_ENOMEM);
	ct_text_reset(text);
	ct_text_add(text, "again");
	assert_int_equal(ct_text_status(text), CT_OK);
	assert_string_equal(ct_text_str(text), "again");
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* Reads slowly from `fd`; exits with 0 if it saw exactly `len` bytes of the pattern. */
static void check_as_child(int fd, size_t len)
{
	char buf[5000];
	size_t seen = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++, seen++)
			if (buf[i] != (char)('a' + seen % 23))
				_exit(1);
		poll(NULL, 0, 1);
	}
	_exit(seen == len ? 0 : 2);
}

/* A full pipe, blocking or not, while a timer without SA_RESTART interrupts. */
static void write_to_slow_reader(struct ct_text *text, int flags)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct sigaction old_action;
	struct itimerval timer = {.it_interval.tv_usec = 500, .it_value.tv_usec = 500};
	struct itimerval off = {0};
	int status = -1;
	int fd[2];
	pid_t pid;

	for (size_t i = 0; i < 400000; i++)
		ct_text_addc(text, (char)('a' + i % 23));
	assert_int_equal(pipe2(fd, 0), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		close(fd[1]);
		check_as_child(fd[0], text->len);
	}
	close(fd[0]);
	assert_int_not_equal(fcntl(fd[1], F_SETFL, flags), -1);
	sigaction(SIGALRM, &action, &old_action);
	setitimer(ITIMER_REAL, &timer, NULL);
	assert_int_equal(ct_text_write(text, fd[1]), CT_OK);
	setitimer(ITIMER_REAL, &off, NULL);
	close(fd[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	sigaction(SIGALRM, &old_action, NULL);
	assert_int_equal(status, 0);
}

static void test_write_blocking(void **state)
{
	write_to_slow_reader(*state, 0);
}

static void test_write_nonblocking(void **state)
{
	write_to_slow_reader(*state, O_NONBLOCK);
}

static void test_write_errors(void **state)
{
	struct ct_text *text = *state;

	assert_int_equal(ct_text_write(text, -1), CT_OK); /* nothing to write */
	ct_text_add(text, "x");
	assert_int_equal(ct_text_write(text, -1), CT_EIO);
	assert_int_equal(errno, EBADF);
}

struct escape_case {
	void (*escape)(struct ct_text *text, const char *s);
	const char *in;
	const char *out;
};

static const struct escape_case escape_cases[] = {
	{ct_text_add_dot, "", ""},
	{ct_text_add_dot, "a \"b\" \\N c\\", "a \\\"b\\\" \\\\N c\\\\"},
	{ct_text_add_dot, "l1\nl2", "l1\\nl2"},
	{ct_text_add_dot, "lock(&m); a && b; a&;", "lock(&m); a && b; a&;"},
	{ct_text_add_dot, "&lt; &#60;", "&amp;lt; &amp;#60;"},
	{ct_text_add_dot, "\x1b[1m\x80" EACUTE "\xc3", BAD "[1m" BAD EACUTE BAD},
	{ct_text_add_xml, "a<b>&\"'c", "a&lt;b&gt;&amp;&quot;&#39;c"},
	{ct_text_add_xml, "\t\n\r\x01\x1f\x7f", "\t\n\r" BAD BAD "\x7f"},
	{ct_text_add_xml, "\xef\xbf\xbe|\xef\xbf\xbf|\xef\xbf\xbd", BAD "|" BAD "|" BAD},
	{ct_text_add_xml, "\xf0\x9f\x98\x80|\xf0\x9f\x98", "\xf0\x9f\x98\x80|" BAD BAD BAD},
	{ct_text_add_printable, "plain \xe2\x82\xac \\n", "plain \xe2\x82\xac \\n"},
	{ct_text_add_printable, "\x1b[31m\n\t\x7f", "\\x1B[31m\\x0A\\x09\\x7F"},
	{ct_text_add_printable, "\xc2\x9b[1m\xc2\xa0", "\\xC2\\x9B[1m\xc2\xa0"},
	{ct_text_add_printable, "\xff\xc3(", "\\xFF\\xC3("},
	{ct_text_add_printable, "\u2029\u202a\u202e\u202f",
	 "\u2029\\xE2\\x80\\xAA\\xE2\\x80\\xAE\u202f"},
	{ct_text_add_printable, "\u2065\u2066\u2069\u206a",
	 "\u2065\\xE2\\x81\\xA6\\xE2\\x81\\xA9\u206a"},
};

static void test_escapes(void **state)
{
	for (size_t i = 0; i < sizeof(escape_cases) / sizeof(*escape_cases); i++) {
		ct_text_reset(*state);
		escape_cases[i].escape(*state, escape_cases[i].in);
		assert_string_equal(ct_text_str(*state), escape_cases[i].out);
	}
}

static void check_utf8(struct ct_text *text, const char *in, size_t len, const char *out)
{
	ct_text_reset(text);
	ct_text_utf8(text, in, len);
	assert_string_equal(ct_text_str(text), out);
}

static void test_utf8_borders(void **state)
{
	check_utf8(*state, "a\0b", 3, "a" BAD "b");
	check_utf8(*state, "\xc1\xbf", 2, BAD BAD);		       /* overlong 2 */
	check_utf8(*state, "\xe0\x9f\xbf", 3, BAD BAD BAD);	       /* overlong 3 */
	check_utf8(*state, "\xf0\x8f\xbf\xbf", 4, BAD BAD BAD BAD);    /* overlong 4 */
	check_utf8(*state, "\xed\xa0\x80", 3, BAD BAD BAD);	       /* surrogate */
	check_utf8(*state, "\xf4\x90\x80\x80", 4, BAD BAD BAD BAD);    /* U+110000 */
	check_utf8(*state, "\xe2\x82\xac", 2, BAD BAD);		       /* cut off by len */
	check_utf8(*state, "\xc2\x80\xdf\xbf", 4, "\xc2\x80\xdf\xbf"); /* U+80, U+7FF */
	check_utf8(*state, "\xe0\xa0\x80\xed\x9f\xbf", 6, "\xe0\xa0\x80\xed\x9f\xbf");
	check_utf8(*state, "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8,
		   "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

/* Whatever goes in, what comes out is valid: a second pass changes nothing. */
static void test_utf8_of_noise(void **state)
{
	static const char lead[] = "z\xc3\xe2\xed\xf0\xf4\x80\x9f\xbf\xff";
	struct ct_text again;

	srand(7);
	ct_text_init(&again);
	for (int round = 0; round < 5000; round++) {
		char noise[24];

		for (size_t i = 0; i < sizeof(noise); i++) {
			noise[i] = lead[rand() % 10];
			if (rand() % 4 == 0)
				noise[i] = (char)(rand() % 256 - 128);
		}
		ct_text_reset(*state);
		ct_text_utf8(*state, noise, sizeof(noise));
		ct_text_reset(&again);
		ct_text_utf8(&again, ct_text_str(*state), strlen(ct_text_str(*state)));
		assert_string_equal(ct_text_str(&again), ct_text_str(*state));
	}
	ct_text_fini(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_append, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_formats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failure_is_sticky, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write_blocking, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write_nonblocking, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_utf8_borders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_utf8_of_noise, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
