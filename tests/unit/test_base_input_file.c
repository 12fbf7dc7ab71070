/* base/input_file: what is read, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/input_file.h"
#include "base/text.h"

enum { MEGABYTE = 1 << 20 };

/* Reads a file of these bytes behind what `out` has. */
static enum ct_status read_bytes(const char *bytes, size_t length, size_t max_bytes,
				 struct ct_text *out, struct ct_error *error)
{
	char path[] = "/tmp/ct-input.XXXXXX";
	int fd = mkstemp(path);
	enum ct_status status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	close(fd);
	status = ct_input_file_read(path, max_bytes, out, error);
	unlink(path);
	return status;
}

static void test_content(void **state)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{"", "!"},
		{"one\ntwo", "!one\ntwo"},
		{"\xef\xbb\xbf[x]\n", "![x]\n"},
		{"\xef\xbb\xbf", "!"},
		{"\xef\xbb", "!\xef\xbb"},
		{"x\xef\xbb\xbf", "!x\xef\xbb\xbf"},
		{"\xef\xbb\xbf\xef\xbb\xbfx", "!\xef\xbb\xbfx"},
	};
	struct ct_text text;

	(void)state;
	ct_text_init(&text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ct_text_reset(&text);
		ct_text_add(&text, "!");
		assert_int_equal(
			read_bytes(cases[i].bytes, strlen(cases[i].bytes), 100, &text, NULL),
			CT_OK);
		assert_string_equal(ct_text_str(&text), cases[i].text);
		assert_int_equal(text.len, strlen(cases[i].text));
	}
	ct_text_reset(&text);
	assert_int_equal(read_bytes("a\0b", 3, 3, &text, NULL), CT_OK);
	assert_memory_equal(text.data, "a\0b", 4);
	ct_text_fini(&text);
}

static void test_limit(void **state)
{
	char *bytes = calloc(1, MEGABYTE + 1);
	struct ct_error error;
	struct ct_text text;

	(void)state;
	assert_non_null(bytes);
	ct_text_init(&text);
	assert_int_equal(read_bytes(bytes, MEGABYTE, MEGABYTE, &text, &error), CT_OK);
	assert_int_equal(text.len, MEGABYTE);
	assert_int_equal(read_bytes(bytes, MEGABYTE + 1, MEGABYTE, &text, &error), CT_EFORMAT);
	assert_non_null(strstr(error.text, "it has more than 1 MB"));
	ct_text_fini(&text);
	free(bytes);
}

static void test_refused(void **state)
{
	static const struct {
		const char *path;
		enum ct_status status;
		const char *message;
	} cases[] = {
		{"/dev/zero", CT_EFORMAT, "cannot read /dev/zero: it is a device, not a file"},
		{"/dev", CT_EFORMAT, "cannot read /dev: it is a folder, not a file"},
		{"/no/such", CT_EIO, "cannot read /no/such: No such file or directory"},
		{"/proc/self/mem", CT_EIO, "cannot read /proc/self/mem: Input/output error"},
	};
	struct ct_error error;
	struct ct_text text;

	(void)state;
	ct_text_init(&text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(ct_input_file_read(cases[i].path, 100, &text, &error),
				 cases[i].status);
		assert_string_equal(error.text, cases[i].message);
	}
	assert_int_equal(ct_input_file_read("/dev/null", 100, &text, &error), CT_OK);
	ct_text_fini(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
